// What a person must look at: one rule for each way in which facts disagree.
//
// The twin of `reviews.py`. A rule compares what a person knew (`basis`) with what was
// decided (`position`), never two clocks. What a rule finds goes without a name until
// `looked_over`: names are digests, and WebCrypto answers later. What people read about a
// code is in `exported/labels.json`.

import { bytes_of, digest } from "./envelope.ts";
import { Review, type Entry, type Order, type Visit } from "./exported/records.ts";
import { KINDS } from "./facts.ts";
import { opposed } from "./facts/acceptance.ts";
import { CORRECTION } from "./facts/what.ts";
import { entries, is_under_way, knew, people } from "./order.ts";

export const DOUBLE_ARRIVAL_MS = 10 * 60_000;
const NOTICES: ReadonlySet<string> = new Set([ // say nothing of the repair
  "dispatch.seen", "visit.set_off", "owner.asked", "owner.confirmed", "owner.rated",
  "owner.complained", "owner.disputed",
]);
const OWNERS: ReadonlyMap<string, string> = new Map([
  ["owner.disputed", "owner_disputes"], ["owner.complained", "owner_complains"],
]);

export type Finding = readonly [code: string, ...facts: string[]];

/** The short form of a fact's id by which a sheet's cover list names it. */
export function tag(fact: string): string {
  return fact.slice(0, 8);
}

/** The review of this finding, the same whoever finds it. */
export async function review(...[code, ...facts]: Finding): Promise<Review> {
  const name = await digest(bytes_of([code, ...facts].join("\n")));
  return Review.make({ id: name.slice(0, 16), code, facts });
}

/** The same, before it has its name. */
export function nameless(...[code, ...facts]: Finding): Review {
  return Review.make({ id: "", code, facts });
}

/** What the newest fact of this order, and those before it, disagree about. */
export function found_by(order: Order): readonly Review[] {
  const newest = order.history.at(-1)!;
  return FOUND.flatMap((rule) =>
    [...rule(order, newest)].map((finding) => nameless(...finding)));
}

/** What waits for a person and what one has resolved, in a stable sequence. */
export async function looked_over(
  order: Order,
): Promise<Pick<Order, "reviews" | "resolved">> {
  const lasting = held(order).filter((one) => !PASSING.has(one.code));
  const standing = STANDING.flatMap((rule) =>
    [...rule(order)].map((finding) => nameless(...finding)));
  const found = new Map<string, Review>();
  for (const one of [...lasting, ...standing]) {
    const place = [one.code, ...one.facts].join("\n");
    if (!found.get(place)?.id) found.set(place, one);
  }
  const told = await Promise.all([...found].sort(by_place).map(([, one]) =>
    one.id ? one : review(one.code, ...one.facts)));
  const closed = new Set(order.resolutions.map((one) => one.review));
  return {
    reviews: told.filter((one) => !closed.has(one.id)),
    resolved: told.filter((one) => closed.has(one.id)),
  };
}

// A line break sorts before every character of a code or an id, so that texts that are
// joined by it sort like lists.
function by_place([one]: [string, Review], [other]: [string, Review]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function held(order: Order): readonly Review[] {
  return [...order.reviews, ...order.resolved];
}

function comes_or_signs(entry: Entry): boolean {
  const kind = KINDS.get(entry.kind);
  return kind !== undefined && (kind.arrives || kind.signs);
}

/** Did neither know of the other? */
function are_apart(one: Entry, other: Entry): boolean {
  return !knew(one, other) && !knew(other, one);
}

// found when a fact takes its place, and true for ever

/** Came or signed without being given the order, or after it went to another (F16). Of
 * several decisions that went by unseen, the first one is named. */
function* not_assigned(order: Order, newest: Entry): Iterable<Finding> {
  if (newest.kind === "dispatch.dispatched") {
    const given = people(order.assignments.at(-1)!);
    const told = new Set(held(order)
      .filter((one) => one.code === "not_assigned").map((one) => one.facts.at(-1)));
    for (const entry of order.history) {
      if (given.has(entry.by) || told.has(entry.id) || !comes_or_signs(entry)) continue;
      if (are_apart(entry, newest)) yield ["not_assigned", newest.id, entry.id];
    }
  } else if (comes_or_signs(newest)) {
    yield* sent_by_nobody(order, newest);
  }
}

function* sent_by_nobody(order: Order, newest: Entry): Iterable<Finding> {
  // whoever came upon the fault goes on with it
  if (!order.assignments.length && order.found?.stands && order.found.by === newest.by) return;
  const places = entries(order);
  const given = order.assignments.map((one) => [one, places.get(one.fact)!] as const);
  const [known] = given.filter(([, decision]) => knew(newest, decision)).at(-1) ?? [];
  if (!known || !people(known).has(newest.by)) {
    yield ["not_assigned", newest.id];
    return;
  }
  const unseen = given.find(([one, decision]) =>
    !people(one).has(newest.by) && are_apart(newest, decision));
  if (unseen) yield ["not_assigned", unseen[1].id, newest.id];
}

/** Came or signed although the order was cancelled. */
function* cancelled(order: Order, newest: Entry): Iterable<Finding> {
  if (order.cancelled === null) return;
  if (order.cancelled.fact === newest.id) {
    for (const entry of order.history) {
      if (comes_or_signs(entry) && are_apart(entry, newest)) {
        yield ["cancelled_unseen", newest.id, entry.id];
      }
    }
  } else if (comes_or_signs(newest)) {
    const decision = entries(order).get(order.cancelled.fact)!;
    const code = knew(newest, decision) ? "after_cancelled" : "cancelled_unseen";
    yield [code, decision.id, newest.id];
  }
}

/** Accepted and sent back in one round, or accepted here and refused there. */
function* contradiction(order: Order, newest: Entry): Iterable<Finding> {
  if (!KINDS.get(newest.kind)?.signs) return;
  const places = entries(order);
  for (const { verdicts } of order.rounds) {
    const last = verdicts.at(-1);
    if (last?.fact !== newest.id) continue;
    for (const one of verdicts.slice(0, -1)) {
      if (opposed(places, one, last)) yield ["contradiction", ...sorted(one.fact, last.fact)];
    }
  }
}

/** Two people said different things about the same, not knowing of each other. */
function* parallel_edit(order: Order, newest: Entry): Iterable<Finding> {
  if (!newest.about) return;
  for (const entry of order.history) {
    const same = entry.about === newest.about && entry !== newest;
    if (same && are_apart(entry, newest)) {
      yield ["parallel_edit", ...sorted(entry.id, newest.id)];
    }
  }
}

/** Something belongs on the sheet that the owner was not shown (A2, 29). */
function* signed_older_version(order: Order, newest: Entry): Iterable<Finding> {
  const kind = KINDS.get(newest.kind);
  if (!kind?.on_sheet && !kind?.signs) return;
  for (const one of order.rounds.flatMap(({ verdicts }) => verdicts)) {
    if (one.answer !== "accepted") continue;
    for (const entry of one.fact === newest.id ? order.history : [newest]) {
      if (KINDS.get(entry.kind)?.on_sheet && !one.covers.includes(tag(entry.id))) {
        yield ["signed_older_version", one.fact, entry.id];
      }
    }
  }
}

/** What it puts right is not here, is gone, or cannot be taken back. */
function* correction_missed(order: Order, newest: Entry): Iterable<Finding> {
  if (!newest.about.startsWith(CORRECTION)) return;
  const named = newest.about.slice(CORRECTION.length);
  if (!order.history.some((one) => one.id === named && one.replaced_by)) {
    yield ["correction_missed", newest.id];
  }
}

/** The owner disagrees or complains: somebody at the desk has to answer (C4). */
function* owner_speaks(_order: Order, newest: Entry): Iterable<Finding> {
  const code = OWNERS.get(newest.kind);
  if (code !== undefined) yield [code, newest.id];
}

/** Two facts under one number of one log: both count (invariant 21). */
function* fork(order: Order, newest: Entry): Iterable<Finding> {
  for (const entry of order.history) {
    if (entry.n === newest.n && entry.log === newest.log && entry !== newest) {
      yield ["fork", ...sorted(entry.id, newest.id)];
    }
  }
}

// true as long as the order stands like this

/** Something was recorded in the home although the order is closed. */
function* after_closing(order: Order): Iterable<Finding> {
  if (order.closed === null) return;
  const decision = entries(order).get(order.closed.fact)!;
  for (const entry of order.history) {
    if (KINDS.get(entry.kind)?.decides || NOTICES.has(entry.kind)) continue;
    if (are_apart(entry, decision)) yield ["closed_unseen", decision.id, entry.id];
    else if (knew(entry, decision)) yield ["after_closed", decision.id, entry.id];
  }
}

/** Arrived again without having left, surely more than ten minutes apart; on whichever
 * tablet, whichever of the two arrivals is folded first. */
function* double_arrival(order: Order): Iterable<Finding> {
  const last = new Map<string, Visit>();
  for (const visit of order.visits) {
    const before = last.get(visit.by);
    last.set(visit.by, visit);
    if (before && (are_long_apart(before, visit) || are_long_apart(visit, before))) {
      yield ["double_arrival", before.fact, visit.fact];
    }
  }
}

/** Did the second arrival surely follow the first, which was never ended? */
function are_long_apart(first: Visit, second: Visit): boolean {
  const [ended, began] = [first.moment.latest_ms, second.moment.earliest_ms];
  if (ended === null || began === null || !is_under_way(first)) return false;
  return began - ended > DOUBLE_ARRIVAL_MS;
}

/** Said to be done while an item, or the whole work, has no record of cause and remedy
 * (V5). */
function* record_incomplete(order: Order): Iterable<Finding> {
  const recorded = new Set(order.records.map((one) => one.item));
  if (recorded.size && order.items.every((one) => recorded.has(one.item))) return;
  for (const entry of order.history) {
    if (entry.kind === "work.completed") yield ["record_incomplete", entry.id];
  }
}

function sorted(one: string, other: string): [string, string] {
  return one < other ? [one, other] : [other, one];
}

const FOUND: readonly ((order: Order, newest: Entry) => Iterable<Finding>)[] = [
  not_assigned, cancelled, contradiction, parallel_edit, signed_older_version,
  correction_missed, owner_speaks, fork,
];
const STANDING: readonly ((order: Order) => Iterable<Finding>)[] = [
  after_closing, double_arrival, record_incomplete,
];
const PASSING: ReadonlySet<string> = new Set([
  "closed_unseen", "after_closed", "double_arrival", "record_incomplete",
]);
