// What is fitted and done, in numbers, while it is being put together: lines from the price
// list that the tablet holds, or typed in; what they add up to; and the facts they become.
//
// Whole fen throughout; the sum is the same `bill` that the owner signs. May not enter: how
// it looks, storage.

import type { Line, Order, Part, Payer, WorkRecord } from "../../../../sync/order.ts";
import { bill, price, total_fen, type Bill, type Price, type PriceList } from
  "../../../../sync/prices.ts";
import { agreed_if_paid, all_of, known_item } from "../guidance.ts";
import { N_ } from "../shared/words.ts";
import type { Saying } from "./telling.ts";

/** One line. Work is priced by the list too, and becomes the labour of its item. */
export interface Ware {
  readonly code: string;
  readonly quantity: number;
  readonly price_fen: number;
  readonly item: number | null;
  readonly name: string; // only of what no list knows
  readonly price_list: string; // empty: typed in
  readonly labour: boolean;
}

export type Basket = readonly Ware[];

// A price list has no column for it: work is known by its name.
const LABOUR = /人工|工时|检修|上门/;

/** Is this row of a price list work, and no material? */
export function is_labour({ name }: Price): boolean {
  return LABOUR.test(name);
}

/** The line for one of these, at the list's price. */
export function ware(list: PriceList, code: string, item: number | null): Ware | null {
  const found = price(list, code);
  if (found === null) return null;
  return {
    code, quantity: 1, price_fen: found.price_fen, item, name: "", price_list: list.name,
    labour: is_labour(found),
  };
}

/** The line for something that no list knows. */
export function typed_in(name: string, price_fen: number, item: number | null): Ware {
  return { code: name, quantity: 1, price_fen, item, name, price_list: "", labour: false };
}

/** The basket with so many of these; none takes the line away. */
export function with_quantity(basket: Basket, one: Ware, quantity: number): Basket {
  const at = basket.findIndex((held) => same_line(held, one));
  if (at < 0) return quantity > 0 ? [...basket, { ...one, quantity }] : basket;
  if (quantity <= 0) return basket.filter((_held, index) => index !== at);
  return basket.map((held, index) => (index === at ? { ...held, quantity } : held));
}

/** How many of these are in the basket. */
export function quantity_of(basket: Basket, code: string, item: number | null): number {
  return basket.filter((one) => one.code === code && one.item === item)
    .reduce((sum, one) => sum + one.quantity, 0);
}

export function same_line(one: Ware, other: Ware): boolean {
  return one.code === other.code && one.item === other.item && one.price_fen === other.price_fen;
}

/** Who bears what belongs to this item; the owner if it belongs to none. */
export function bearer_of(order: Order, item: number | null): Payer {
  return order.items.find((one) => one.item === item)?.payer ?? "paid";
}

/** A line as facts state it. */
export function as_line(order: Order, one: Ware): Line {
  const { code, quantity, price_fen, item } = one;
  return { code, quantity, price_fen, item, payer: bearer_of(order, item) };
}

/** What the owner is asked to pay for these. */
export function owner_fen(lines: readonly Line[]): number {
  return total_fen(lines.filter((line) => line.payer === "paid"));
}

/** The basket that a quotation offered, but for what colleagues have used. */
export function quoted(order: Order, lists: readonly PriceList[], me: string): Basket {
  const { quote } = order;
  if (quote === null) return [];
  const list = lists.find(({ name }) => name === quote.price_list);
  const theirs = others_parts(order, me).map(({ line }) => line);
  return quote.lines.filter((line) => !theirs.some((one) => same_goods(one, line)))
    .map((line): Ware => {
      const known = list === undefined ? null : price(list, line.code);
      return {
        code: line.code, quantity: line.quantity, price_fen: line.price_fen, item: line.item,
        name: known === null ? line.code : "",
        price_list: known === null ? "" : quote.price_list,
        labour: known !== null && is_labour(known),
      };
    });
}

/** The lines of a quotation: this basket, and what colleagues used at the owner's cost. */
export function offered(order: Order, me: string, basket: Basket): readonly Line[] {
  const theirs = others_parts(order, me).map(({ line }) => line)
    .filter(({ payer }) => payer === "paid");
  return [...theirs, ...basket.map((one) => as_line(order, one))];
}

/** What this person stated to have used, and the labour that was recorded. */
export function fitted(
  order: Order, me: string, name_of: (part: Part) => string,
): Basket {
  const mine = own_parts(order, me).map((part): Ware => ({
    code: part.line.code, quantity: part.line.quantity, price_fen: part.line.price_fen,
    item: part.line.item, name: name_of(part), price_list: part.price_list, labour: false,
  }));
  const labour = order.records.filter(({ labour_fen }) => labour_fen > 0)
    .map(({ item, labour_fen }): Ware => ({
      code: N_("人工费"), quantity: 1, price_fen: labour_fen, item, name: "", price_list: "",
      labour: true,
    }));
  return [...mine, ...labour].reduce<Basket>(added, []);
}

/** The basket with this line put to what it holds of the same. */
function added(basket: Basket, one: Ware): Basket {
  const held = basket.find((other) => same_line(other, one))?.quantity ?? 0;
  return with_quantity(basket, one, held + one.quantity);
}

export function own_parts(order: Order, me: string): readonly Part[] {
  const mine = new Set(order.history.filter((entry) => entry.by === me).map(({ id }) => id));
  return order.parts.filter((part) => mine.has(part.fact));
}

/** What colleagues used; it stands, and counts. */
export function others_parts(order: Order, me: string): readonly Part[] {
  const mine = new Set(own_parts(order, me));
  return order.parts.filter((part) => !mine.has(part));
}

/** What the work on this item costs. */
export function labour_fen(basket: Basket, item: number): number {
  return basket.filter((one) => one.labour && one.item === item)
    .reduce((sum, one) => sum + one.quantity * one.price_fen, 0);
}

/** The bill as it would be if this basket were told now. */
export function bill_of(order: Order, me: string, basket: Basket): Bill {
  const parts = basket.filter((one) => !one.labour).map((one): Part => ({
    fact: "", line: as_line(order, one), price_list: one.price_list, private: new Map(),
  }));
  const records = order.items.map(({ item }): WorkRecord => ({
    fact: "", item, cause: "", remedy: "", labour_minutes: 0,
    labour_fen: labour_fen(basket, item), private: new Map(),
  }));
  return bill({ ...order, parts: [...others_parts(order, me), ...parts], records });
}

/** The facts that make what was told what the basket says: new lines, other numbers, lines
 * that were a mistake. None if they say the same. */
export function parts_to_tell(order: Order, me: string, basket: Basket): readonly Saying[] {
  const wanted = basket.filter((one) => !one.labour);
  const told = own_parts(order, me);
  const of_line = (one: Ware) => told.filter(({ line }) => same_goods(line, as_line(order, one)));
  const kept = new Set(wanted.flatMap(of_line));
  const gone = told.filter((part) => !kept.has(part)).map(({ fact }) => retracted(fact));
  return [...gone, ...wanted.flatMap((one) => brought_to(order, one, of_line(one)))];
}

/** What makes the parts that were told of one line as many as it says. */
function brought_to(order: Order, one: Ware, told: readonly Part[]): readonly Saying[] {
  const [first, ...rest] = told;
  if (first === undefined) return [used(order, one, null)];
  const { payer } = as_line(order, one);
  const sum = told.reduce((total, { line }) => total + line.quantity, 0);
  if (sum === one.quantity && told.every(({ line }) => line.payer === payer)) return [];
  return [used(order, one, first.fact), ...rest.map(({ fact }) => retracted(fact))];
}

function same_goods(one: Line, other: Line): boolean {
  return one.code === other.code && one.item === other.item &&
    one.price_fen === other.price_fen;
}

function used(order: Order, one: Ware, corrects: string | null): Saying {
  const line = as_line(order, one);
  return {
    what: { kind: "work.part_used", says: { corrects, line, price_list: one.price_list } },
    words: { name: one.name },
    check: all_of(known_item(one.item), agreed_if_paid(line.payer)),
  };
}

function retracted(fact: string): Saying {
  return { what: { kind: "work.retracted", says: { fact, reason: N_("用料有误") } } };
}

/** A row of the list, or a line typed in, in words. */
export function goods_name(one: Ware, lists: readonly PriceList[]): string {
  if (one.name !== "") return one.name;
  const list = lists.find(({ name }) => name === one.price_list);
  return (list && price(list, one.code)?.name) ?? one.code;
}
