// The published price list and what a bill adds up to, in whole fen (L1, L3).
//
// The twin of `prices.py`. A tablet prices offline with the list it holds and the bill says
// which one. Nothing here changes what an owner has signed.

import { Bill, PriceList, type Line, type Order, type Price } from "./exported/records.ts";

export { Bill, Price, PriceList } from "./exported/records.ts";

/** The row with this code. */
export function price(list: PriceList, code: string): Price | null {
  return list.prices.find((one) => one.code === code) ?? null;
}

/** What these lines add up to. */
export function total_fen(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.price_fen, 0);
}

/** The bill for what was really fitted and done. */
export function bill(order: Order): Bill {
  const payers = new Map(order.items.map((item) => [item.item, item.payer]));
  const lines = order.parts.map((part) => part.line);
  const owned = order.records.filter((record) => payers.get(record.item) === "paid");
  return Bill.make({
    material_fen: total_fen(lines),
    labour_fen: labour_fen(order.records),
    owner_fen: total_fen(lines.filter((line) => line.payer === "paid")) + labour_fen(owned),
  });
}

/** The newest list that has begun by this time. */
export function list_in_force(lists: readonly PriceList[], at_ms: number): PriceList | null {
  const begun = lists.filter((one) => one.from_ms <= at_ms);
  return begun.reduce<PriceList | null>(
    (newest, one) => (newest === null || one.from_ms > newest.from_ms ? one : newest), null,
  );
}

function labour_fen(records: Order["records"]): number {
  return records.reduce((sum, record) => sum + record.labour_fen, 0);
}
