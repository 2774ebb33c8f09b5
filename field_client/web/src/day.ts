// The day of one technician: which orders are open, in which sequence, and what is due.
//
// An appointment counts before the promise of arrival. May not enter: words, screens, a clock.

import { is_open, rework_rounds, type Order } from "../../../sync/order.ts";
import { standing, type Step } from "./steps.ts";
import type { Sight } from "./tablet/sight.ts";

/** By when somebody is to be there. */
export interface Due {
  readonly start_ms: number | null; // of an agreed window
  readonly end_ms: number;
  readonly now_ms: number;
}

/** A repair of the same home, earlier. */
export interface Earlier {
  readonly ms: number;
  readonly what: string;
}

/** One order in the list. */
export interface Card {
  readonly stream: string;
  readonly sight: Sight;
  readonly step: Step | null;
  readonly due: Due | null;
  readonly rework: number; // rounds that the owner sent back
  readonly before: readonly Earlier[];
}

export interface Day {
  readonly open: readonly Card[];
  readonly done: readonly Card[];
}

/** When somebody is promised to be there, by the promises in force; null if nothing is. */
export type Promised = (order: Order) => number | null;

/** What there is to do, most urgent first, and what is done. */
export function day_of(
  sights: Iterable<Sight>, me: string, promised: Promised, now_ms: number,
): Day {
  const all = [...sights];
  const cards = all.map((sight): Card => {
    const { next } = standing(sight.order, me, sight.gone !== null);
    return {
      stream: sight.order.stream, sight, step: next,
      due: next === "arrive" ? due_of(sight.order, promised, now_ms) : null,
      rework: rework_rounds(sight.order), before: earlier_of(sight, all),
    };
  });
  return {
    open: cards.filter((one) => is_to_do(one)).sort(by_urgency),
    done: cards.filter((one) => !is_to_do(one)),
  };
}

function is_to_do({ sight, step }: Card): boolean {
  return step !== null && (step !== "arrive" || (is_open(sight.order) && sight.gone === null));
}

/** By when somebody is to be there: the window agreed last, else what is promised. */
export function due_of(order: Order, promised: Promised, now_ms: number): Due | null {
  const window = order.appointments.at(-1);
  if (window !== undefined) {
    return { start_ms: window.start_ms, end_ms: window.end_ms, now_ms };
  }
  if (order.visits.length > 0) return null; // somebody was there: the promise was kept or not
  const end_ms = promised(order);
  return end_ms === null ? null : { start_ms: null, end_ms, now_ms };
}

function by_urgency(one: Card, other: Card): number {
  return under_way(one) - under_way(other) || rank(one) - rank(other) || due(one) - due(other) ||
    asked_ms(one) - asked_ms(other) || (one.stream < other.stream ? -1 : 1);
}

function under_way({ step }: Card): number {
  return step === "arrive" ? 1 : 0;
}

function rank({ sight }: Card): number {
  return sight.order.request?.priority === "emergency" ? 0 : 1;
}

function due(card: Card): number {
  return card.due?.end_ms ?? Number.MAX_SAFE_INTEGER;
}

function asked_ms({ sight }: Card): number {
  return sight.order.request?.registered_ms ?? 0;
}

/** Earlier repairs of the same home that this tablet knows of, newest first. */
export function earlier_of(sight: Sight, all: readonly Sight[]): readonly Earlier[] {
  const here = home_of(sight);
  if (here === "") return [];
  return all.filter((one) => one !== sight && home_of(one) === here)
    .flatMap(({ order }) => order.records.map((record) => ({
      ms: order.request?.registered_ms ?? 0, what: record.remedy,
    })))
    .sort((one, other) => other.ms - one.ms).slice(0, 3);
}

/** What two orders of one home have in common; empty if the home is not known. */
export function home_of({ order, values }: Sight): string {
  const held = order.request?.private;
  const parts = ["building", "unit", "room"].map((name) =>
    values.get(held?.get(name) ?? "") ?? "");
  return parts.some(Boolean) ? [order.request?.site, ...parts].join("\n") : "";
}
