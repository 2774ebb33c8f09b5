// The owner inspects, signs, sends back, or will not sign (A0–A3).
//
// The twin of `acceptance.py`, as far as an order changes. A refusal to sign is a record
// of its own and never turns into an acceptance.

import {
  Inspection, Round, Verdict, type Entry, type Order, type Stage,
} from "../exported/records.ts";
import { blob, KINDS, stage_after, usual_doubt, type Payload } from "../facts.ts";
import { entries, knew, round_due } from "../order.ts";
import type { Effect, Effects, Kept } from "./what.ts";

type Answer = "accepted" | "rejected" | "signature_refused";
type Word = Payload<`acceptance.${Answer}`>;

export const ACCEPTANCE: Effects = {
  "acceptance.inspected": {
    change(order, { round, ...says }, kept) {
      const { id, head } = kept.fact.envelope;
      const word = Inspection.make({ ...says, fact: id, private: head.private });
      return in_round(order, round, { inspections: [word] });
    },
    doubt({ round }, before) {
      if (round !== round_due(before)) return "out_of_turn";
      return usual_doubt("acceptance.inspected", before.stage);
    },
  },

  "acceptance.accepted": {
    ...owners_word("accepted"),
    // Nothing is accepted without a hand put to it (A3).
    stage: (says, before, after) =>
      is_signed(says, after) ? led_to("accepted", says, before, after) : before.stage,
    doubt: (says, before, after) =>
      is_signed(says, after) ? doubted("accepted", says, before) : "signature_missing",
  },

  "acceptance.rejected": owners_word("rejected"),
  "acceptance.signature_refused": owners_word("signature_refused"),
};

/** What the three ways to end a round have in common: the sheet that was shown and what it
 * speaks of. */
function owners_word(answer: Answer): Effect<`acceptance.${Answer}`> {
  return {
    change(order, { round, ...says }, kept) {
      return in_round(order, round, { verdicts: [verdict(answer, says, kept)] });
    },
    stage: (says, before, after) => led_to(answer, says, before, after),
    doubt: (says, before) => doubted(answer, says, before),
  };
}

function verdict(answer: Answer, says: Omit<Word, "round">, kept: Kept): Verdict {
  const { id, head } = kept.fact.envelope;
  return Verdict.make({
    ...says, fact: id, answer, private: head.private, moment: kept.moment,
    signature: blob(kept.fact, "signature")?.sha256 ?? null,
  });
}

/** The order with something added to this round (1, 2, …) of inspection. */
function in_round(order: Order, number: number, added: Partial<Round>): Order {
  const rounds = [...order.rounds];
  while (rounds.length < number) rounds.push(Round.make({}));
  const { inspections, verdicts } = rounds[number - 1]!;
  rounds[number - 1] = {
    inspections: [...inspections, ...added.inspections ?? []],
    verdicts: [...verdicts, ...added.verdicts ?? []],
  };
  return { ...order, rounds };
}

/** Do two answers of one round exclude each other? Sent back and agreed always do; an owner
 * who would not sign may still come round, unless nobody knew of it. */
export function opposed(
  known: ReadonlyMap<string, Entry>, one: Verdict, later: Verdict,
): boolean {
  const answers = new Set([one.answer, later.answer]);
  if (!answers.has("accepted")) return false;
  if (answers.has("rejected")) return true;
  if (!answers.has("signature_refused")) return false;
  return !knew(known.get(later.fact)!, known.get(one.fact)!);
}

/** An older round moves nothing any more. Where two answers of a round exclude each other,
 * the later one moves nothing if its author knew of the first, and there is no winner if
 * not (A3, invariant 29). */
function led_to(answer: Answer, { round }: Word, before: Order, after: Order): Stage {
  if (round < after.rounds.length) return before.stage;
  const { verdicts } = after.rounds.at(-1)!;
  const said = verdicts.at(-1)!;
  const known = entries(after);
  const against = verdicts.slice(0, -1).filter((one) => opposed(known, one, said));
  if (!against.length) return stage_after(KINDS.get(`acceptance.${answer}`)!, before.stage);
  const entry = known.get(said.fact)!;
  const all_known = against.every((one) => knew(entry, known.get(one.fact)!));
  return all_known ? before.stage : "completed";
}

function doubted(answer: Answer, { round }: Word, before: Order): string | null {
  if (round > round_due(before)) return "out_of_turn";
  return usual_doubt(`acceptance.${answer}`, before.stage);
}

/** Was a hand put to the answer that came last in this round? */
function is_signed({ round }: Word, after: Order): boolean {
  return after.rounds[round - 1]!.verdicts.at(-1)!.signature !== null;
}
