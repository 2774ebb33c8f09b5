// Facts in, order out. The only place where an order changes.
//
// The twin of `fold.py`. The same facts give the same order, whatever sequence they arrive
// in and however often: causal order (lamport, log, n) decides, never arrival and never a
// clock.
//
//   await fold(kept)            the order that these facts add up to
//   await fold(kept, order)     the same on top of a document of the server
//   comes_after(order, kept)    may they be folded onto it, without starting anew?
//
// Facts come with a moment (`timing.ts`), and with a position once the server has them. The
// order given is left as it was. Only the names of reviews are waited for (WebCrypto), so
// nothing here may be asked for inside an IndexedDB transaction.

import { Entry, Order, type Moment, type Review, type Stage } from "./exported/records.ts";
import type { Fact } from "./facts.ts";
import { about, changed, doubt, stage } from "./facts/effects.ts";
import { knowing, type Kept } from "./facts/what.ts";
import { is_under_way } from "./order.ts";
import { make_room } from "./registers.ts";
import { found_by, looked_over, nameless } from "./reviews.ts";

export type { Kept } from "./facts/what.ts";

export const MOST_LEAP = 10_000; // how far one fact may move an order's Lamport number

type Rank = readonly (number | string)[];

/** The place of a fact among the others of its order. */
export function causal(kept: Kept): Rank {
  const { id, head } = kept.fact.envelope;
  return [head.lamport, head.log, head.n, id];
}

/** The order that these facts add up to, on top of `onto` if given, which must not hold
 * facts that come later than these; see `comes_after`. */
export async function fold(kept: Iterable<Kept>, onto?: Order | null): Promise<Order> {
  const known = new Set(onto?.history.map((entry) => entry.id));
  const fresh = new Map<string, Kept>();
  for (const one of kept) {
    const name = one.fact.envelope.id;
    const held = fresh.get(name);
    const better = !held || compared(keepers_word(one), keepers_word(held)) < 0;
    if (!known.has(name) && better) fresh.set(name, one);
  }
  const story = [...fresh.values()].sort((one, other) => compared(causal(one), causal(other)));
  const order = story.reduce(step, onto ?? Order.make({}));
  return { ...order, ...await looked_over(order) };
}

/** May these facts be folded onto the order as it is, without starting anew? */
export function comes_after(order: Order, kept: Iterable<Kept>): boolean {
  const last = order.history.at(-1);
  if (last === undefined) return true;
  const reached = [last.lamport, last.log, last.n, last.id];
  return [...kept].every((one) => compared(causal(one), reached) > 0);
}

/** The order after one more fact; what it finds odd has no name yet. */
export function step(order: Order, kept: Kept): Order {
  const { fact } = kept;
  const entry = entry_of(kept);
  const before = make_room(as_asked_for(order), fact, entry);
  const reached = Math.max(order.lamport, entry.lamport);
  const after: Order = {
    ...changed(before, kept),
    stream: fact.envelope.head.stream,
    history: [...before.history, entry],
    lamport: Math.min(reached, order.lamport + MOST_LEAP),
  };
  const fresh = [...doubts(before, after, fact), ...found_by(after)];
  return {
    ...after, stage: stage_of(before, after, fact), reviews: [...after.reviews, ...fresh],
  };
}

/** Work that is done before its request is known counts as work that was asked for: the
 * request may come with any Lamport number. */
function as_asked_for(order: Order): Order {
  return order.stage === "unknown" ? { ...order, stage: "logged" } : order;
}

/** Where the work stands. As long as somebody is in the home it does not fall back, whatever
 * the desk decides or a helper says on leaving. */
function stage_of(before: Order, after: Order, fact: Fact): Stage {
  const led = stage(fact.what, before, after);
  const back = before.stage === "on_site" && led === "dispatched";
  if (back && after.visits.some(is_under_way)) return before.stage;
  return led === "logged" && after.request === null ? "unknown" : led;
}

/** What is odd about this fact by itself, where the order stood then. */
function doubts(before: Order, after: Order, fact: Fact): readonly Review[] {
  const { id, head } = fact.envelope;
  const code = doubt(fact.what, before, after);
  const leaps = head.lamport > before.lamport + MOST_LEAP;
  return [
    ...code === null ? [] : [nameless(code, id)],
    ...leaps ? [nameless("lamport_jump", id)] : [],
  ];
}

function entry_of(kept: Kept): Entry {
  const { id, kind, head } = kept.fact.envelope;
  return Entry.make({
    id, kind, by: head.by, log: head.log, n: head.n, lamport: head.lamport,
    basis: knowing(kept), position: kept.position ?? null, moment: kept.moment,
    about: about(kept.fact.what),
  });
}

/** Of two words about one fact: the ledger's before a tablet's own. */
function keepers_word({ position, moment }: Kept): Rank {
  return [position == null ? 1 : 0, position ?? 0, written(moment)];
}

// As Python would show it: of two moments at one place, both languages take the same.
function written(moment: Moment): string {
  const { grade, basis, remarks } = moment;
  const told = ["earliest_ms", "latest_ms", "not_before_ms", "not_after_ms", "claimed_ms"]
    .map((name) => `${name}=${moment[name as "claimed_ms"] ?? "None"}`);
  const listed = remarks.map((one) => `'${one}'`).join(", ");
  const tuple = remarks.length === 1 ? `${listed},` : listed;
  told.push(`grade=<Grade.${grade}: '${grade}'>`);
  told.push(`basis=${basis === null ? "None" : `'${basis}'`}`, `remarks=(${tuple})`);
  return told.join(", ");
}

function compared(one: Rank, other: Rank): number {
  const place = one.findIndex((value, index) => value !== other[index]);
  if (place < 0) return 0;
  return one[place]! < other[place]! ? -1 : 1;
}
