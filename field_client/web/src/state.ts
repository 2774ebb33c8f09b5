// What screens read: signals over what the tablet holds, renewed after every fact and
// every exchange.
//
// Derived from the two stores alone and never the only copy of anything. May not enter:
// storage, network, how something looks.

import { computed, signal } from "@preact/signals";

import type { Client } from "./tablet/client.ts";
import type { Sight } from "./tablet/sight.ts";

/** The tablet's client; set once, before anything is rendered. */
let held: Client | null = null;

export function set_tablet(client: Client): void {
  held = client;
}

/** The client. Every screen runs after it was set. */
export function tablet(): Client {
  if (held === null) throw new Error("the tablet is not open yet");
  return held;
}

/** Every order that was taken home, with this tablet's own facts on top; by stream. */
export const sights = signal<ReadonlyMap<string, Sight>>(new Map());

/** One order; undefined if it was never taken home. */
export function sight_of(stream: string | null): Sight | undefined {
  return stream === null ? undefined : sights.value.get(stream);
}

/** Where one thing that was recorded is, as far as receipts prove it (the three truths). */
export type Truth = "saved" | "sending" | "handed_over" | "backed_up" | "attention";

/** What the outbox holds, counted from stored receipts. */
export interface Holding {
  readonly facts_waiting: number;
  readonly originals_waiting: number;
  readonly bytes_waiting: number;
  readonly oldest_ms: number | null; // wall clock of the oldest fact that waits
  readonly kept: number; // handed over and not yet backed up
  readonly attention: number; // refused, shelved, damaged, quarantined: a person must look
}

export const NOTHING_HELD: Holding = {
  facts_waiting: 0, originals_waiting: 0, bytes_waiting: 0,
  oldest_ms: null, kept: 0, attention: 0,
};
export const holding = signal<Holding>(NOTHING_HELD);

/** What is known about the way to the server. */
export interface Line {
  readonly reached_ms: number | null; // wall clock of the last sealed answer
  readonly online: boolean; // did the last attempt reach the server?
  readonly busy: boolean; // is an exchange under way?
  readonly done: number; // of what is being sent now
  readonly total: number;
  readonly troubles: readonly { readonly code: string; readonly words: string }[];
}

export const line = signal<Line>({
  reached_ms: null, online: false, busy: false, done: 0, total: 0, troubles: [],
});

/** Is everything that was ever recorded in the server's custody? */
export const all_handed_over = computed(() => {
  const { facts_waiting, originals_waiting } = holding.value;
  return facts_waiting === 0 && originals_waiting === 0;
});

/** The minute that countdowns are shown for; ticks once a minute, and on looking again. */
export const now_ms = signal(Date.now());

/** How much larger an owner reads (长辈版). */
export const elder = signal(false);
