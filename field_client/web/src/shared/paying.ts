// What an owner has paid and still owes (L6), and by which means.
//
// May not enter: what something costs (`sync/prices.ts`).

import type { Order } from "../../../../sync/order.ts";
import { bill } from "../../../../sync/prices.ts";
import { N_ } from "./words.ts";

export const MEANS: Readonly<Record<string, string>> = {
  cash: N_("现金"), qr: N_("扫码"), later: N_("以后付"),
};

/** What the owner still owes. */
export function unpaid_fen(order: Order): number {
  const paid = order.payments.filter(({ means }) => means !== "later")
    .reduce((sum, one) => sum + one.amount_fen, 0);
  return Math.max(0, bill(order).owner_fen - paid);
}
