// Is everything of the day in the server's custody?
//
// Told from receipts that are stored, never from an answer that just came. May not enter:
// how it looks.

import { in_custody } from "../../../sync/exchange.ts";
import type { Owing } from "./owing.ts";

/** Is there a receipt in custody for every fact, and one for exactly the bytes of every
 * original? Nothing at all is over as well. */
export function is_over(all: readonly Owing[]): boolean {
  return all.every(({ facts, pieces }) =>
    facts.every((one) => !one.waiting && one.receipt !== null && in_custody(one.receipt)) &&
    pieces.every(({ original }) => !original.waiting));
}

/** How much it was. */
export function day_sum(all: readonly Owing[]): {
  readonly orders: number; readonly photos: number; readonly signatures: number;
} {
  const roles = all.flatMap((one) => one.pieces.map(({ original }) => original.role));
  const count = (role: string): number => roles.filter((one) => one === role).length;
  return { orders: all.length, photos: count("photo"), signatures: count("signature") };
}
