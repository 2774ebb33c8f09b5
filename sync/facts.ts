// Every kind of fact, as data that Python wrote down (`sync/exported/`).
//
// The twin of `sync/facts/` for reading and writing a fact, and for when it may happen.
// What a fact does to its order stands in `facts/*.ts`. May not enter: how facts are
// stored, sent or shown.

import {
  DIGEST, read, SHA256_HEX, STREAM, write, type Envelope, type Head,
} from "./envelope.ts";
import kinds from "./exported/kinds.json" with { type: "json" };
import { PAYLOADS } from "./exported/payloads.ts";
import { STAGES, type BlobRef, type Line, type Stage } from "./exported/records.ts";
import { as_json, is_object, least } from "./json.ts";
import {
  list, mapping, one_of, record, text, truth, typed, whole, type Shape,
} from "./plain.ts";
import { Refused } from "./problems.ts";
import { Reading } from "./reading.ts";

export const MOST_ROUNDS = 99;
export const MOST_ORDERS = 100; // that a device states at once to have purged
export const MOST_FEN = 10 ** 12; // on one line
export const MOST_STARS = 5;
const SETTLING: readonly string[] = ["field", "log", "correct", "waive"];
const REVIEW = /^[A-Za-z0-9_-]{16}$/;

/** What is the same for every fact of a kind. */
export interface Kind {
  readonly of: "order" | "device"; // the sort of stream that holds it
  readonly kind: string;
  readonly version: number;
  readonly label: string;
  readonly private: readonly string[]; // values that travel beside the body
  readonly blobs: readonly string[]; // roles of the bytes it may speak of
  readonly fits: readonly Stage[]; // elsewhere it is out of turn
  readonly moves: ReadonlyMap<string, Stage>; // in turn
  readonly catches_up: ReadonlyMap<string, Stage>; // out of turn: something is missing
  readonly on_sheet: boolean; // the owner is shown it before signing (A2)
  readonly decides: boolean; // a decision of the desk, never of a tablet
  readonly arrives: boolean; // says that its author came to the home
  readonly signs: boolean; // the owner's word on a whole sheet
}

const stages: Shape<Stage> = one_of(STAGES);
const Kind = record<Kind>("Kind", {
  of: one_of(["order", "device"]),
  kind: text, version: whole, label: text, private: list(text), blobs: list(text),
  fits: list(stages), moves: mapping(stages), catches_up: mapping(stages),
  on_sheet: truth, decides: truth, arrives: truth, signs: truth,
}, {});

export const KINDS: ReadonlyMap<string, Kind> = new Map(
  list(Kind).read(as_json(kinds), "kinds").map((one) => [one.kind, one]),
);

type Payloads = typeof PAYLOADS;
export type KindName = keyof Payloads;

/** What a fact of this kind says. */
export type Payload<K extends KindName = KindName> = {
  [N in K]: ReturnType<Payloads[N]["read"]>;
}[K];

/** A fact that was understood: its kind and what it says, one of a list of pairs. */
export type What = {
  [K in KindName]: { readonly kind: K; readonly says: Payload<K> };
}[KindName];

export interface Fact {
  readonly envelope: Envelope;
  readonly what: What;
  readonly reading: Reading;
}

/** The fact in an envelope. Refused if this version does not know the kind or the payload
 * does not fit it. */
export function understand(envelope: Envelope): Fact {
  const { head } = envelope;
  const kind = KINDS.get(envelope.kind);
  if (kind === undefined || envelope.kind_version !== kind.version) {
    throw new Refused("kind_unknown", {
      kind: envelope.kind, version: envelope.kind_version,
    });
  }
  if (!belongs(kind, head)) throw misshapen("st");
  refuse_surplus(head.private.keys(), kind.private);
  const roles = head.blobs.map((blob) => blob.role);
  refuse_surplus(roles, kind.blobs);
  if (new Set(roles).size < roles.length) throw misshapen("bl"); // one would never be seen
  const what = what_of(envelope);
  const misfit = misfit_of(what);
  if (misfit !== null) throw misshapen(misfit);
  return { envelope, what, reading: Reading.parse(head.at) };
}

/** Does it lie in a stream of its sort? A device speaks of itself alone. */
function belongs(kind: Kind, head: Head): boolean {
  const [sort, name] = head.stream.split(":");
  if (kind.of === "device") return sort === "device" && head.log.startsWith(`${name}.`);
  return sort === "order";
}

/** A new fact; refuses what could not be read again. */
export async function write_fact(what: What, head: Head): Promise<Fact> {
  const version = KINDS.get(what.kind)!.version;
  return understand(await read(write(what.kind, version, head, payload_of(what))));
}

/** The bytes with this role, by role and never by place in a list. */
export function blob(fact: Fact, role: string): BlobRef | null {
  return fact.envelope.head.blobs.find((one) => one.role === role) ?? null;
}

/** May this happen now without being listed for a person? */
export function is_in_turn(kind: Kind, stage: Stage): boolean {
  return kind.fits.includes(stage) || kind.moves.has(stage);
}

/** What is odd about a fact of this kind at this stage, as a code, by its table alone. */
export function usual_doubt(kind: KindName, stage: Stage): string | null {
  return is_in_turn(KINDS.get(kind)!, stage) ? null : "out_of_turn";
}

/** Where the work stands after a fact of this kind, before anything special is looked at. */
export function stage_after(kind: Kind, stage: Stage): Stage {
  return kind.moves.get(stage) ?? kind.catches_up.get(stage) ?? stage;
}

/** Does it add up exactly in every language, with thousands of others? A line that takes
 * an earlier one back has a negative quantity. */
export function is_sane(line: Line): boolean {
  return line.price_fen >= 0 && Math.abs(line.quantity * line.price_fen) <= MOST_FEN;
}

function what_of(envelope: Envelope): What {
  const shape = PAYLOADS[envelope.kind as KindName];
  const says = typed<object, never>(shape as never, envelope.payload);
  return { kind: envelope.kind, says } as What; // kind and shape come from one row
}

function payload_of(what: What): ReadonlyMap<string, never> {
  const shape: Shape<What["says"]> = PAYLOADS[what.kind];
  const payload = shape.write(what.says);
  if (!is_object(payload)) throw new TypeError(what.kind);
  return payload as ReadonlyMap<string, never>;
}

/** The field whose value nobody can mean, if any: such a fact is not one. */
export function misfit_of(what: What): string | null {
  switch (what.kind) {
    case "survey.quoted":
      return what.says.lines.every(is_sane) ? null : "lines";
    case "work.part_used":
      if (!is_sane(what.says.line)) return "line";
      return named(what.says.corrects);
    case "work.photographed":
      return named(what.says.corrects);
    case "work.retracted":
      return DIGEST.test(what.says.fact) ? null : "fact";
    case "work.recorded": {
      const { labour_minutes, labour_fen } = what.says;
      if (labour_minutes < 0) return "labour_minutes";
      return labour_fen >= 0 && labour_fen <= MOST_FEN ? null : "labour_fen";
    }
    case "acceptance.inspected":
      return round_misfit(what.says.round);
    case "acceptance.accepted":
    case "acceptance.rejected":
    case "acceptance.signature_refused":
      return SHA256_HEX.test(what.says.sheet) ? round_misfit(what.says.round) : "sheet";
    case "review.resolved":
      return REVIEW.test(what.says.review) ? null : "review";
    case "reconcile.settled":
      if (what.says.number === "") return "number";
      return SETTLING.includes(what.says.choice) ? null : "choice";
    case "reconcile.undone":
      return DIGEST.test(what.says.settled) ? null : "settled";
    case "reconcile.taken":
      return what.says.number === "" ? "number" : null;
    case "intake.merged":
      return STREAM.test(what.says.into) ? null : "into";
    case "intake.duplicate_found":
      return STREAM.test(what.says.duplicate) ? null : "duplicate";
    case "intake.taken":
      return says_stream(what.says.repeats) ? null : "repeats";
    case "intake.found_on_site":
      return says_stream(what.says.beside) ? null : "beside";
    case "visit.placed":
      return DIGEST.test(what.says.arrival) ? null : "arrival";
    case "visit.appointed":
      return what.says.start_ms <= what.says.end_ms ? null : "end_ms";
    case "survey.countersigned":
      return DIGEST.test(what.says.survey) ? null : "survey";
    case "survey.held":
      return is_amount(what.says.estimate_fen) ? null : "estimate_fen";
    case "dispatch.approved":
      if (!is_amount(what.says.up_to_fen)) return "up_to_fen";
      return DIGEST.test(what.says.hold) ? null : "hold";
    case "acceptance.paid":
      return is_amount(what.says.amount_fen) ? null : "amount_fen";
    case "owner.asked":
    case "owner.confirmed":
    case "owner.disputed":
    case "acceptance.revoked":
      return SHA256_HEX.test(what.says.sheet) ? null : "sheet";
    case "owner.rated":
    case "acceptance.rated":
      return what.says.stars >= 1 && what.says.stars <= MOST_STARS ? null : "stars";
    case "erasure.done":
    case "purge.done": {
      const orders = new Set(what.says.orders);
      const once = orders.size === what.says.orders.length;
      const right = once && orders.size > 0 && orders.size <= MOST_ORDERS;
      return right && [...orders].every(is_order) ? null : "orders";
    }
    default:
      return null;
  }
}

function is_amount(fen: number): boolean {
  return fen >= 0 && fen <= MOST_FEN;
}

function says_stream(named: string | null): boolean {
  return named === null || STREAM.test(named);
}

function is_order(stream: string): boolean {
  return stream.startsWith("order:") && STREAM.test(stream);
}

function round_misfit(round: number): string | null {
  return round >= 1 && round <= MOST_ROUNDS ? null : "round";
}

function named(fact: string | null): string | null {
  return fact === null || DIGEST.test(fact) ? null : "corrects";
}

function refuse_surplus(found: Iterable<string>, known: readonly string[]): void {
  const surplus = [...found].filter((one) => !known.includes(one));
  if (surplus.length) throw new Refused("field_unknown", { field: least(surplus) });
}

function misshapen(field: string): Refused {
  return new Refused("field_misshapen", { field });
}
