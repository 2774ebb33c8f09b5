// Hand in facts, take home documents: what the two sides say to each other, and what a
// tablet does next.
//
// The twin of `exchange.py`; both meet tests/vectors/exchange.json. A tablet waits for one
// thing only, custody. No answer about one fact ever holds up another. May not enter: HTTP,
// storage, clocks; chance and time are handed in.

import labels from "./exported/labels.json" with { type: "json" };
import {
  OUTCOMES, Receipt, type Limits, type Outcome, type Outcomes,
} from "./exported/records.ts";
import { write_json } from "./json.ts";

export {
  Claim, Document, Gone, Limits, OUTCOMES, Outcomes, Page, Receipt, Welcome, type Outcome,
} from "./exported/records.ts";

/** What stands in `flaws` for what went at the owner's wish (S1). */
export const ERASED = "erased";

export const IN_CUSTODY: ReadonlySet<Outcome> = new Set(
  OUTCOMES.filter((one) => one !== "refused"),
);
export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = labels.outcomes;

export const MOST_FACTS = 100;
export const MOST_ITEMS = 500; // of a page

/** May the fact leave the outbox? */
export function in_custody(receipt: Receipt): boolean {
  return IN_CUSTODY.has(receipt.outcome);
}

/** A fact that waits: its id, and how many bytes it weighs. */
export type Waiting = readonly [id: string, bytes: number];

/** What a tablet remembers between attempts; one lane each for facts and bytes.
 *
 * The same batch failing twice is halved: at every second failure. A single fact that still
 * fails is put aside, to the end of the line, and the rest goes on (F20). It comes to the
 * shelf, where people see it, only if it fails again while the server takes others: a
 * server that fails at everything is no fault of a fact, and the queue drains by itself
 * when it is mended (invariant 6). */
export class Lane {
  readonly most: number;
  readonly failures: number; // since the last success: how long to wait
  readonly shelf: ReadonlySet<string>;
  readonly aside: readonly string[];
  readonly healthy: boolean; // has anything been taken since something was put aside?

  constructor(held: Partial<LaneHeld> = {}) {
    this.most = held.most ?? MOST_FACTS;
    this.failures = held.failures ?? 0;
    this.shelf = held.shelf ?? new Set();
    this.aside = held.aside ?? [];
    this.healthy = held.healthy ?? false;
  }

  /** What to hand in next, in the sequence it was written; what was put aside comes last
   * and alone. */
  batch(waiting: readonly Waiting[], limits: Limits): readonly string[] {
    const open = waiting.filter(([name]) => !this.shelf.has(name));
    const free = open.filter(([name]) => !this.aside.includes(name));
    if (!free.length) {
      const names = new Set(open.map(([name]) => name));
      return this.aside.filter((name) => names.has(name)).slice(0, 1);
    }
    const chosen: string[] = [];
    let room = limits.bytes;
    for (const [name, size] of free) {
      if (chosen.length && (chosen.length >= this.count(limits) || size > room)) break;
      chosen.push(name);
      room -= size;
    }
    return chosen;
  }

  private count(limits: Limits): number {
    return Math.max(1, Math.min(this.most, limits.facts));
  }

  /** After an answer that verified. The shelf stays until somebody tries again. */
  went_well(batch: readonly string[] = []): Lane {
    return new Lane({
      most: Math.min(MOST_FACTS, this.most * 2),
      shelf: this.shelf,
      aside: this.aside.filter((name) => !batch.includes(name)),
      healthy: true,
    });
  }

  /** After no answer at all: nobody is to blame, wait longer and try less. */
  lost(batch: readonly string[] = []): Lane {
    const waiting = new Lane({ ...this, failures: this.failures + 1 });
    if (waiting.failures % 2) return waiting;
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) return put_aside(waiting, only);
    return new Lane({ ...waiting, most: half(batch.length || this.most) });
  }

  /** After 413, or 5xx: halve the batch, put the one fact that fails aside, shelve it if it
   * is to blame. */
  failed(batch: readonly string[], too_large: boolean): Lane {
    const step = too_large ? 2 - (this.failures % 2) : 1; // 413 needs no second time
    const waiting = new Lane({ ...this, failures: this.failures + step });
    if (waiting.failures % 2) return waiting;
    const [name] = batch;
    if (batch.length !== 1 || name === undefined) {
      return new Lane({ ...waiting, most: half(batch.length) });
    }
    if (too_large || (this.healthy && this.aside.includes(name))) {
      const aside = this.aside.filter((one) => one !== name);
      return new Lane({ ...waiting, shelf: new Set([...this.shelf, name]), aside });
    }
    return new Lane({ ...put_aside(waiting, name), healthy: false });
  }
}

type LaneHeld = Pick<Lane, "most" | "failures" | "shelf" | "aside" | "healthy">;

function put_aside(lane: Lane, name: string): Lane {
  const others = lane.aside.filter((one) => one !== name);
  return new Lane({ ...lane, aside: [...others, name], most: 1 });
}

function half(count: number): number {
  return Math.max(1, Math.floor(count / 2));
}

export const LEAST_WAIT_MS = 1_000;
export const MOST_WAIT_MS = 50_000; // leaves ten seconds of the minute for the exchange (M6)

/** How long to wait before the next attempt; `chance` in [0, 1) spreads a herd.
 *
 * Never longer than the maximal backoff unless the server asks for it (F27). */
export function wait_ms(
  failures: number, chance: number, retry_after_ms: number | null = null,
): number {
  const ceiling = Math.min(MOST_WAIT_MS, LEAST_WAIT_MS * 2 ** Math.min(failures, 20));
  const wait = LEAST_WAIT_MS + Math.trunc(chance * (ceiling - LEAST_WAIT_MS));
  return Math.max(wait, retry_after_ms ?? 0);
}

/** The receipts that speak of what was sent; whatever else an answer holds is not believed.
 * An id without a receipt, or with two that differ, is sent again. */
export function receipts_for(
  sent: readonly string[], answer: Outcomes,
): ReadonlyMap<string, Receipt> {
  const found = new Map<string, Receipt>();
  for (const name of sent) {
    const [first, ...others] = answer.receipts.filter((one) => one.id === name);
    if (first && others.every((one) => same(first, one))) found.set(name, first);
  }
  return found;
}

function same(one: Receipt, other: Receipt): boolean {
  return write_json(Receipt.write(one)) === write_json(Receipt.write(other));
}
