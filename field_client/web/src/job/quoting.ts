// A quotation while it is being put together, and when the owner has to be asked again.
//
// May not enter: how it looks, storage.

import type { Agreement, Order, Quote } from "../../../../sync/order.ts";
import type { PriceList } from "../../../../sync/prices.ts";
import { N_ } from "../shared/words.ts";
import { quote_agreed } from "../steps.ts";
import { bill_of, offered, owner_fen, type Basket } from "./basket.ts";
import type { Saying } from "./telling.ts";

export interface QuoteDraft {
  readonly basket: Basket;
  readonly reason: string; // of a change after the first yes (V6)
}

export const REASONS = [
  N_("费用有变"), N_("增加项目"), N_("换别的配件"), N_("需要延期"),
] as const;

/** The draft of that name. */
export function quote_draft(stream: string): string {
  return `quote:${stream}`;
}

/** The items that the owner pays for. */
export function paid_items(order: Order): readonly number[] {
  return order.items.filter(({ payer }) => payer === "paid").map(({ item }) => item);
}

/** The quotation for these lines; none if it was stated already. */
export function offer(
  order: Order, me: string, basket: Basket, list: PriceList | null,
): readonly Saying[] {
  const lines = offered(order, me, basket);
  const says = { lines, price_list: list?.name ?? "" };
  if (order.quote !== null && same_offer(order.quote, says)) return [];
  return [{ what: { kind: "survey.quoted", says } }];
}

function same_offer(one: Quote, other: Pick<Quote, "lines" | "price_list">): boolean {
  const written = ({ lines, price_list }: Pick<Quote, "lines" | "price_list">) =>
    JSON.stringify([price_list, lines.map((l) => [l.code, l.quantity, l.price_fen, l.item, l.payer])]);
  return written(one) === written(other);
}

/** What the owner agreed to pay; null if never asked. */
export function agreed_fen(order: Order): number | null {
  const last: Agreement | undefined = order.agreements.at(-1);
  return last === undefined || !quote_agreed(order) ? null : last.total_fen;
}

/** Why the owner must be asked before this is done; null if not (V3, V6). */
export function must_ask(
  order: Order, me: string, basket: Basket,
): "first" | "more" | null {
  if (!paid_items(order).length) return null;
  const agreed = agreed_fen(order);
  if (agreed === null) return "first";
  return bill_of(order, me, basket).owner_fen > agreed ? "more" : null;
}

/** The owner's yes to the quotation that stands. */
export function agreement(order: Order, relation: string, reason: string): Saying {
  const total_fen = owner_fen(order.quote?.lines ?? []);
  const promised_ms = order.survey?.promised_ms ?? null;
  if (!order.agreements.length) {
    return { what: { kind: "survey.plan_agreed", says: { relation, total_fen, promised_ms } } };
  }
  const says = { relation, total_fen, promised_ms, reason };
  return { what: { kind: "survey.plan_changed", says } };
}
