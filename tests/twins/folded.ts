// Asks the fold all that a history is asked: the whole, and the rest on top of documents.

/// <reference types="node" />
import { bytes_of, digest, read } from "../../sync/envelope.ts";
import { understand } from "../../sync/facts.ts";
import { comes_after, fold, type Kept } from "../../sync/fold.ts";
import { read_json, write_json, type Json, type JsonObject } from "../../sync/json.ts";
import { Moment } from "../../sync/moment.ts";
import { Order } from "../../sync/order.ts";
import { typed } from "../../sync/plain.ts";
import { classes } from "../../sync/registers.ts";
import { any, perhaps, text } from "./held.ts";

/** A fact with its keeper's word. */
export async function kept(held: JsonObject): Promise<Kept> {
  const moment = any(held, "moment");
  return {
    fact: understand(await read(text(held, "b"))),
    moment: typed(Moment, typeof moment === "string" ? read_json(moment) : moment),
    position: perhaps(held, "position"),
    basis: perhaps(held, "basis"),
  };
}

/** An order as it travels. */
export function written(order: Order): string {
  return write_json(Order.write(order));
}

/** What these facts add up to; and what the rest adds up to on top of a document that holds
 * all up to a position. */
export async function folded(
  held: readonly JsonObject[], cuts: readonly number[],
): Promise<JsonObject> {
  const told = await Promise.all(held.map(kept));
  const order = await fold(told);
  const onto: Json[] = [];
  for (const cut of cuts) onto.push(await on_top(told, cut));
  return new Map<string, Json>([
    ["stage", order.stage], ["reviews", order.reviews.map((one) => one.code)],
    ["classes", [...classes(order).values()].join(" ")],
    ["order", written(order)], ["onto", onto],
  ]);
}

async function on_top(told: readonly Kept[], cut: number): Promise<Json> {
  const below = told.filter(({ position }) => position != null && position <= cut);
  const document = typed(Order, read_json(written(await fold(below)), null));
  const known = new Set(below.map((one) => one.fact.envelope.id));
  const above = told.filter((one) => !known.has(one.fact.envelope.id));
  const order = await fold(told, document);
  return new Map<string, Json>([
    ["comes_after", comes_after(document, above)],
    ["order", await digest(bytes_of(written(order)))],
  ]);
}
