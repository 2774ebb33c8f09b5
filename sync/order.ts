// The order as it stands: what an order's facts add up to.
//
// The records are those of `order.py`, written down by `python -m infra.export`. May not
// enter: what changes an order, which is `fold.ts`.

import { bytes_of, hex, joined } from "./envelope.ts";
import type { Assignment, Departure, Entry, Order, Visit } from "./exported/records.ts";

export * from "./exported/records.ts";

// Our own name space for order ids (RFC 9562, version 5).
const NAMESPACE = "9b2f6c1e5d0a5e1b8f4c1a0d6e7b3c52";

/** The order's id, derived from its unified number (I1): importing again, also after a
 * restore, finds the same order. */
export async function order_id(number: string): Promise<string> {
  const space = Uint8Array.from(NAMESPACE.match(/../g)!, (byte) => parseInt(byte, 16));
  const name = await crypto.subtle.digest("SHA-1", joined(space, bytes_of(number)));
  const raw = new Uint8Array(name).slice(0, 16);
  raw[6] = (raw[6]! & 0x0f) | 0x50;
  raw[8] = (raw[8]! & 0x3f) | 0x80;
  return hex(raw).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The stream that holds the facts of the order with this unified number. */
export async function order_stream(number: string): Promise<string> {
  return `order:${await order_id(number)}`;
}

/** To whom the order is given now. */
export function assignment(order: Order): Assignment | null {
  return order.assignments.at(-1) ?? null;
}

/** Everybody who is given the order, lead and helpers. */
export function people(given: Assignment): ReadonlySet<string> {
  return new Set([given.technician, ...given.helpers]);
}

/** The unified number, if the register gave one (I1). */
export function number_of(order: Order): string | null {
  return order.request?.number ?? null;
}

/** The round of inspection that the work is in, from 1 (A1). */
export function round_due(order: Order): number {
  const last = order.rounds.at(-1)?.verdicts ?? [];
  const over = last.some((verdict) => verdict.answer === "rejected");
  return Math.max(1, order.rounds.length + (over ? 1 : 0));
}

/** How many rounds the owner sent back (返修). */
export function rework_rounds(order: Order): number {
  return order.rounds.filter(({ verdicts }) =>
    verdicts.some((verdict) => verdict.answer === "rejected")).length;
}

/** Does anybody still have to go: neither cancelled nor closed? */
export function is_open(order: Order): boolean {
  return order.cancelled === null && order.closed === null;
}

/** Is it on hold (挂起)? */
export function is_held(order: Order): boolean {
  const last = order.halts.at(-1);
  return last !== undefined && last.resumed === null;
}

/** Every fact's place in the history, by its id; to be asked for once and kept by whoever
 * looks up many. */
export function entries(order: Order): ReadonlyMap<string, Entry> {
  return new Map(order.history.map((entry) => [entry.id, entry]));
}

/** Had the author of the one seen the other? Never by a clock. */
export function knew(one: Entry, other: Entry): boolean {
  if (other.log === one.log) return other.n < one.n;
  return other.position !== null && other.position <= one.basis;
}

/** Who set off and has told nothing else about the order since, as long as anybody has to
 * go. */
export function on_the_way(order: Order): readonly Departure[] {
  if (!order.departures.length || !is_open(order) || order.stage === "accepted") return [];
  const told = order.history.filter((one) => one.kind !== "dispatch.seen");
  const newest = new Set(new Map(told.map((one) => [one.by, one.id])).values());
  return order.departures.filter((one) => newest.has(one.fact));
}

/** Is this person still in the home, as far as anybody said? */
export function is_under_way(visit: Visit): boolean {
  return visit.left === null && visit.outcome === null;
}
