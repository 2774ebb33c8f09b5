// What a technician is held back from, and why: one rule for each.
//
// The twin of `guidance.py`. These are the steps that would hurt the owner or leave a
// worthless signature; whatever else is unusual is written down as it happened and put before
// a person by the fold. May not enter: how a refusal looks.

import { is_in_turn, KINDS, type KindName } from "../../../sync/facts.ts";
import type { Order, Payer } from "../../../sync/order.ts";
import { Refused } from "../../../sync/problems.ts";
import { quote_agreed } from "./steps.ts";

/** What a rule looks at. */
export interface Looked {
  readonly order: Order;
}

export type Check = (sight: Looked) => void;

const SHOWN: ReadonlySet<string> = new Set(["completed", "unsigned"]);

/** Does such a fact fit where the work stands? */
export function in_turn(kind: KindName, order: Order): boolean {
  const known = KINDS.get(kind);
  return known !== undefined && is_in_turn(known, order.stage);
}

/** The item was found before anything is said about it (V3). */
export function known_item(item: number | null): Check {
  return ({ order }) => {
    if (item !== null && !order.items.some((one) => one.item === item)) {
      throw new Refused("item_unknown", { item });
    }
  };
}

/** The owner said yes to the quotation before paid work starts (V3, L3). */
export function agreed_if_paid(payer: Payer): Check {
  return ({ order }) => {
    if (payer === "paid" && !quote_agreed(order)) throw new Refused("agree_first");
  };
}

/** A yes to paid items needs a price first (L3). */
export const quoted_if_paid: Check = ({ order }) => {
  const paid = order.items.some((item) => item.payer === "paid");
  if (paid && order.quote === null) throw new Refused("quote_first");
};

/** Photos of the home need the owner's consent (V4a). */
export const photo_agreed: Check = ({ order }) => {
  if (order.visits.at(-1)?.photo_consent !== true) throw new Refused("photo_not_agreed");
};

/** The owner is asked to inspect what is done, not what is under way (A1). */
export const completed: Check = ({ order }) => {
  if (!SHOWN.has(order.stage)) throw new Refused("not_completed");
};

/** Every item was inspected, and passed the last time (A1). */
export const all_passed: Check = ({ order }) => {
  const words = last_words(order);
  for (const { item } of order.items) {
    const passed = words.get(item);
    if (passed === undefined) throw new Refused("inspect_first", { item });
    if (!passed) throw new Refused("item_failed", { item });
  }
};

/** Work is sent back for an item that failed (A1). */
export const any_failed: Check = ({ order }) => {
  if ([...last_words(order).values()].every(Boolean)) throw new Refused("nothing_failed");
};

/** It was taken away before it is brought back (V3). */
export function open_receipt(receipt: string): Check {
  return ({ order }) => {
    if (!order.taken_away.some((one) => one.receipt === receipt)) {
      throw new Refused("receipt_unknown", { receipt });
    }
  };
}

/** What the owner said last about each item. */
function last_words(order: Order): ReadonlyMap<number, boolean> {
  return new Map(order.rounds.flatMap((round) => round.inspections)
    .map(({ item, passed }) => [item, passed]));
}

/** Several rules at once. */
export function all_of(...checks: readonly Check[]): Check {
  return (sight) => checks.forEach((check) => check(sight));
}
