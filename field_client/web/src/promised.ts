// When somebody is promised to be at an order's door.
//
// May not enter: what a promise is (`sync/`), a clock.

import type { Order } from "../../../sync/order.ts";

/** The instant by which the promise of arrival wants somebody there; null if none does. */
export function arrival_due_ms(_order: Order): number | null {
  return null;
}
