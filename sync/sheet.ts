// The acceptance sheet: one JSON document that the owner is shown and signs (A1, A2).
//
// The twin of `sheet.py`; both meet tests/vectors/folds.json. Its exact bytes are hashed
// into the owner's word and travel as a blob; nobody ever writes them a second time. May
// not enter: how a sheet looks on a screen.

import { bytes_of, hex, sha256 } from "./envelope.ts";
import {
  Agreement, Inspection, Item, Part, Request, Survey, TakenAway, WorkRecord, type Order,
} from "./exported/records.ts";
import { KINDS } from "./facts.ts";
import { write_json, type Json } from "./json.ts";
import { number_of } from "./order.ts";
import { list, optional } from "./plain.ts";
import { bill, Bill, price, type PriceList } from "./prices.ts";
import { tag } from "./reviews.ts";

export const TEMPLATE = 1; // 1: 2026-11, the first
export const MEDIA_TYPE = "application/vnd.doorstep.sheet+json";

/** The sheet for this round, as it is about to be shown in this language; `lists` say what
 * the goods on it are called. */
export function draw_up(
  order: Order, round_number: number, language: string, consent: string,
  lists: readonly PriceList[] = [],
): Uint8Array<ArrayBuffer> {
  const sheet = new Map<string, Json>([
    ["template", TEMPLATE],
    ["language", language],
    ["consent", consent],
    ["stream", order.stream],
    ["number", number_of(order)],
    ["round", round_number],
    ["request", optional(Request).write(order.request)],
    ["visits", visits(order)],
    ["survey", optional(Survey).write(order.survey)],
    ["items", list(Item).write(order.items)],
    ["agreements", list(Agreement).write(order.agreements)],
    ["inspections", inspections(order, round_number)],
    ["records", list(WorkRecord).write(order.records)],
    ["parts", list(Part).write(order.parts)],
    ["goods", goods(order, lists)],
    ["bill", Bill.write(bill(order))],
    ["photos", photos(order)],
    ["taken_away", list(TakenAway).write(order.taken_away)],
    ["covers", covers(order)],
  ]);
  return bytes_of(write_json(sheet));
}

/** Tags of the facts that make up the work as the sheet shows it. Request and visits stand
 * on it too and may be added to afterwards: they are not what is agreed to. */
export function covers(order: Order): readonly string[] {
  const shown = order.history.filter((entry) => KINDS.get(entry.kind)?.on_sheet);
  return shown.map((entry) => tag(entry.id));
}

/** SHA-256 of exactly these bytes, in hex: what the owner's word is bound to. */
export async function shown_hash(sheet: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await sha256(sheet));
}

/** Eight characters to compare by eye; a convenience, not a proof. */
export function short_code(shown: string): string {
  return `${shown.slice(0, 4)}-${shown.slice(4, 8)}`.toUpperCase();
}

function visits(order: Order): Json {
  return order.visits.map((visit) => new Map<string, Json>([
    ["by", visit.by], ["claimed_ms", visit.moment.claimed_ms], ["fact", visit.fact],
  ]));
}

function photos(order: Order): Json {
  return order.photos.map((photo) => new Map<string, Json>([
    ["sha256", photo.blob.sha256], ["moment", photo.moment], ["item", photo.item],
  ]));
}

/** What the codes mean: name and unit, as the published lists have them. */
function goods(order: Order, lists: readonly PriceList[]): Json {
  const by_name = new Map(lists.map((one) => [one.name, one]));
  const found = new Map<string, Json>();
  for (const part of order.parts) {
    const known = by_name.get(part.price_list);
    const row = known && price(known, part.line.code);
    if (row) found.set(row.code, [row.name, row.unit]);
  }
  return found;
}

function inspections(order: Order, round_number: number): Json {
  const round = order.rounds[round_number - 1];
  return round ? list(Inspection).write(round.inspections) : [];
}
