// What was decided about a technician's own facts on an order that is not theirs any more.
//
// The twin of `settled.py`, as far as a tablet needs it.

import { Resolution, Review, type Settled } from "./exported/records.ts";
import type { Order } from "./order.ts";

/** The order as somebody last held it, with what was decided since. */
export function with_settled(order: Order, told: readonly Settled[]): Order {
  const known = new Set(order.resolutions.map(({ review }) => review));
  const fresh = told.filter(({ review }) => !known.has(review));
  if (fresh.length === 0) return order;
  const ended = new Set(fresh.map(({ review }) => review));
  const about = fresh.map(({ review, code, facts }) => Review.make({ id: review, code, facts }));
  const ends = fresh.map(({ review, reason, fact }) => Resolution.make({ review, reason, fact }));
  return {
    ...order,
    reviews: order.reviews.filter(({ id }) => !ended.has(id)),
    resolved: [...order.resolved, ...about],
    resolutions: [...order.resolutions, ...ends],
  };
}
