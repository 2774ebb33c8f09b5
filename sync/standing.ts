// How an order stands, in the few figures that a person reads off one line.
//
// The twin of `standing.py`. Everything is worked out from the document; nothing here is
// ever stored. May not enter: how a line looks.

import type { Calendar } from "./calendar.ts";
import type { Bill, Order, Stage } from "./exported/records.ts";
import { known, span, type Moment, type Span } from "./moment.ts";
import { assignment, number_of, people } from "./order.ts";
import { bill } from "./prices.ts";
import { promise, type Promises } from "./promises.ts";
import { judge, type Verdict } from "./verdicts.ts";

/** As much of the policy in force as is asked for here. */
export interface InForce {
  readonly promises: Promises;
  readonly calendar: Calendar;
}

/** One order, read at a glance. */
export interface Standing {
  readonly stream: string;
  readonly number: string | null;
  readonly stage: Stage; // unknown as long as nobody asked for it
  readonly cancelled: boolean;
  readonly closed: boolean;
  readonly technician: string | null;
  readonly seen: boolean;
  readonly arrival: Moment | null;
  readonly arrival_verdict: Verdict | null;
  readonly visits: number;
  readonly photos_taken: number;
  readonly photos_received: number;
  readonly rounds: number;
  readonly result: "pass" | "fail" | null; // the owner's word in the last round
  readonly signed: boolean;
  readonly bill: Bill;
  readonly reviews: readonly string[];
}

/** How this order stands; `held` are the blobs whose bytes the server has. */
export function standing(
  order: Order, held: ReadonlySet<string>, policy: InForce,
): Standing {
  const given = assignment(order);
  const photos = new Set(order.photos.map((photo) => photo.blob.sha256));
  return {
    stream: order.stream,
    number: number_of(order),
    stage: order.request === null ? "unknown" : order.stage,
    cancelled: order.cancelled !== null,
    closed: order.closed !== null,
    technician: given?.technician ?? null,
    seen: given !== null && order.seen.some((one) => people(given).has(one.by)),
    arrival: first_arrival(order),
    arrival_verdict: arrival_verdict(order, policy),
    visits: order.visits.length,
    photos_taken: photos.size,
    photos_received: [...photos].filter((photo) => held.has(photo)).length,
    rounds: order.rounds.length,
    result: last_result(order),
    signed: is_signed(order),
    bill: bill(order),
    reviews: order.reviews.map((review) => review.code),
  };
}

/** The moment of the first visit: causal order, no clock compared. */
export function first_arrival(order: Order): Moment | null {
  return order.visits[0]?.moment ?? null;
}

/** Was somebody there in time (P4)? Null if nothing was asked for. */
export function arrival_verdict(order: Order, policy: InForce): Verdict | null {
  if (order.request === null) return null;
  const { registered_ms, registered_width_ms, priority } = order.request;
  const asked = known(span(registered_ms, registered_ms + registered_width_ms));
  const { calendar, promises } = policy;
  const row = promise(promises, "arrival", registered_ms, calendar, priority);
  const arrived = first_arrival(order);
  const held = stops(order, arrived?.latest_ms ?? null);
  return row && judge(row, asked, arrived, calendar, promises.worth, held);
}

/** The stretches in which the order was on hold, earliest first and apart; one that goes on
 * ends then for now, or is left out. */
export function stops(order: Order, until_ms: number | null): readonly Span[] {
  const found: { first_ms: number; end_ms: number }[] = [];
  for (const halt of order.halts) {
    const end_ms = halt.resumed === null ? until_ms : halt.resumed.earliest_ms;
    const before_ms = found.at(-1)?.end_ms ?? -Infinity;
    const first_ms = Math.max(halt.moment.earliest_ms ?? Infinity, before_ms);
    if (end_ms !== null && first_ms < end_ms) found.push({ first_ms, end_ms });
  }
  return found;
}

/** The last round's result: a failed item is a fail; a pass is one that the owner accepted,
 * never merely a refusal to sign (A1, A3). */
export function last_result(order: Order): "pass" | "fail" | null {
  const last = order.rounds.filter(({ inspections }) => inspections.length).at(-1);
  if (last === undefined) return null;
  if (!last.inspections.every((one) => one.passed)) return "fail";
  return last.verdicts.some((one) => one.answer === "accepted") ? "pass" : null;
}

/** Did the owner put a hand to the last round (A1, A3)? */
export function is_signed(order: Order): boolean {
  return order.rounds.at(-1)?.verdicts.some((one) => Boolean(one.signature)) ?? false;
}
