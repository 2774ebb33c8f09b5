// Work records while they are being put together, and the facts they become (V5): for each
// item cause, remedy, minutes and how it was tried.
//
// Where everything went as surveyed, one tap says so. May not enter: how it looks, storage.

import type { Order, WorkRecord } from "../../../../sync/order.ts";
import { agreed_if_paid, all_of, known_item } from "../guidance.ts";
import type { Policy } from "../tablet/policy.ts";
import type { Sight } from "../tablet/sight.ts";
import { bearer_of, labour_fen, type Basket } from "./basket.ts";
import { answers } from "./choosing.ts";
import type { Saying } from "./telling.ts";

export interface RecordDraft {
  readonly cause: string;
  readonly remedy: string;
  readonly minutes: number;
  readonly tests: readonly string[];
  readonly words: string;
  readonly remarks: string;
}

const USUAL_MINUTES = 30; // where the survey did not say
const BETWEEN = "；"; // tests and words in one private text

/** What the record of an item begins with: what was recorded, else what was surveyed. */
export function record_begun(sight: Sight, item: number, policy: Policy): RecordDraft {
  const { survey } = sight.order;
  const known = sight.order.records.find((one) => one.item === item);
  const words = known === undefined ? [] : sight.text(known.private, "words").split(BETWEEN);
  const tests = answers(policy, "test");
  return {
    cause: known?.cause ?? survey?.cause ?? "",
    remedy: known?.remedy ?? remedy_of(survey?.method ?? "", policy),
    minutes: known?.labour_minutes ?? (survey?.estimate_minutes || USUAL_MINUTES),
    tests: words.filter((one) => tests.includes(one)),
    words: words.filter((one) => !tests.includes(one)).join(BETWEEN),
    remarks: known === undefined ? "" : sight.text(known.private, "owner_remarks"),
  };
}

/** What was done, where the plan was this: 更换配件 has become 已更换配件. */
function remedy_of(method: string, policy: Policy): string {
  return answers(policy, "remedy").find((one) => one.endsWith(method) && method !== "") ?? method;
}

/** The record of an item; none where the order says the same already. */
export function record_to_tell(
  sight: Sight, item: number, draft: RecordDraft, basket: Basket, anew: boolean,
): readonly Saying[] {
  const { order } = sight;
  const { cause, remedy, minutes, remarks } = draft;
  const words = [...draft.tests, draft.words].filter(Boolean).join(BETWEEN);
  const fen = labour_fen(basket, item);
  const known = order.records.find((one) => one.item === item);
  const same = known !== undefined && says_same(known, draft, fen) &&
    sight.text(known.private, "words") === words &&
    sight.text(known.private, "owner_remarks") === remarks;
  if (same && !anew) return [];
  const says = { item, cause, remedy, labour_minutes: minutes, labour_fen: fen };
  return [{
    what: { kind: "work.recorded", says }, words: { words, owner_remarks: remarks },
    check: all_of(known_item(item), agreed_if_paid(bearer_of(order, item))),
  }];
}

function says_same(known: WorkRecord, { cause, remedy, minutes }: RecordDraft, fen: number) {
  return known.cause === cause && known.remedy === remedy &&
    known.labour_minutes === minutes && known.labour_fen === fen;
}

/** Who recorded this, by the history. */
export function author_of(order: Order, fact: string): string {
  return order.history.find(({ id }) => id === fact)?.by ?? "";
}
