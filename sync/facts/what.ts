// What every kind of fact has in common when orders fold.
//
// The twin of `what.py`, next to `../facts.ts`, which reads facts and knows their tables.
// An effect is what one kind does that no table says; the rest is the same for all. May
// not enter: a clock, one kind alone.

import type { Moment, Order, Stage } from "../exported/records.ts";
import type { Fact, KindName, Payload } from "../facts.ts";

export const CORRECTION = "correction "; // and the id of the fact that is put right

/** A fact with what its keeper can say of it: its place in the ledger and its time.
 *
 * `position` is null while only the tablet that wrote it has it. `basis` is how far its
 * author's knowledge counts here, where the author knew another epoch (K9). */
export interface Kept {
  readonly fact: Fact;
  readonly moment: Moment;
  readonly position?: number | null;
  readonly basis?: number | null;
}

/** The newest position that its author had seen, as positions count here. */
export function knowing(kept: Kept): number {
  return kept.basis ?? kept.fact.envelope.head.basis;
}

/** What a kind of fact does to its order. `before` is the order in which it finds its
 * place, `after` the one that it changed. */
export interface Effect<K extends KindName> {
  /** What this takes the place of when it is said again; unsaid: of nothing. */
  about?(says: Payload<K>): string;
  /** The fact that this names as a mistake and takes the place of, if any. */
  puts_right?(says: Payload<K>): string | null;
  /** The order after this; stage and history are the fold's business. */
  change?(order: Order, says: Payload<K>, kept: Kept): Order;
  /** Where the work stands after this, where the tables of its kind do not say. */
  stage?(says: Payload<K>, before: Order, after: Order): Stage;
  /** Why a person must look at this, as a code, where the tables do not say. */
  doubt?(says: Payload<K>, before: Order, after: Order): string | null;
}

/** Effects by the names of their kinds. */
export type Effects = { readonly [K in KindName]?: Effect<K> };
