// The acceptance sheet, read back from the very bytes that are signed (A2).
//
// What the owner is shown comes from here and from nowhere else; a text that travels apart
// is looked up by what the sheet promises of it. May not enter: how it looks, the order.

import {
  Agreement, Bill, Inspection, Item, Part, Request, Survey, TakenAway, WorkRecord,
} from "../../../../sync/exported/records.ts";
import { b64 } from "../../../../sync/envelope.ts";
import { read_json } from "../../../../sync/json.ts";
import { list, mapping, optional, record, text, typed, whole } from "../../../../sync/plain.ts";

interface SheetVisit {
  readonly by: string;
  readonly claimed_ms: number | null;
  readonly fact: string;
}
const SheetVisit = record<SheetVisit>("SheetVisit", {
  by: text, claimed_ms: optional(whole), fact: text,
}, {});

export interface SheetPhoto {
  readonly sha256: string;
  readonly moment: string;
  readonly item: number | null;
}
const SheetPhoto = record<SheetPhoto>("SheetPhoto", {
  sha256: text, moment: text, item: optional(whole),
}, {});

/** What stands on a sheet. */
export interface Sheet {
  readonly template: number;
  readonly language: string;
  readonly consent: string;
  readonly stream: string;
  readonly number: string | null;
  readonly round: number;
  readonly request: Request | null;
  readonly visits: readonly SheetVisit[];
  readonly survey: Survey | null;
  readonly items: readonly Item[];
  readonly agreements: readonly Agreement[];
  readonly inspections: readonly Inspection[];
  readonly records: readonly WorkRecord[];
  readonly parts: readonly Part[];
  readonly goods: ReadonlyMap<string, readonly string[]>;
  readonly bill: Bill;
  readonly photos: readonly SheetPhoto[];
  readonly taken_away: readonly TakenAway[];
  readonly covers: readonly string[];
}
const Sheet = record<Sheet>("Sheet", {
  template: whole, language: text, consent: text, stream: text, number: optional(text),
  round: whole, request: optional(Request), visits: list(SheetVisit),
  survey: optional(Survey), items: list(Item), agreements: list(Agreement),
  inspections: list(Inspection), records: list(WorkRecord), parts: list(Part),
  goods: mapping(list(text)), bill: Bill, photos: list(SheetPhoto),
  taken_away: list(TakenAway), covers: list(text),
}, {});

/** What these bytes say. */
export function read_sheet(bytes: Uint8Array): Sheet {
  return typed(Sheet, read_json(new TextDecoder().decode(bytes), null));
}

/** What the owner said last about each item. */
export function answers(sheet: Sheet): ReadonlyMap<number, Inspection> {
  return new Map(sheet.inspections.map((one) => [one.item, one]));
}

/** The items of the sheet; the whole work stands for one where none was written down. */
export function items_of(sheet: Sheet): readonly number[] {
  return sheet.items.length ? sheet.items.map(({ item }) => item) : [1];
}

/** Texts beside the sheet, by what it promises of them: what a reader saw in full. */
export function texts_of(
  sheet: Sheet, { values }: { readonly values: ReadonlyMap<string, string> },
): ReadonlyMap<string, string> {
  const { request, survey, items, agreements, inspections, records, parts, taken_away } = sheet;
  const held = [
    request, survey, ...items, ...agreements, ...inspections, ...records, ...parts,
    ...taken_away,
  ];
  const promised = held.flatMap((one) => one === null ? [] : [...one.private.values()]);
  return new Map(promised.map((name) => [name, values.get(name) ?? ""]));
}

/** Does somebody who looks now read the same texts? */
export function reads_same(
  one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>,
): boolean {
  return one.size === other.size && [...one].every(([name, said]) => other.get(name) === said);
}

/** Where the owner finds the signed sheet again: known from the sheet alone, so that it can
 * be shown before any server has heard of it. Nobody guesses 256 bits. */
export function copy_link(server: string, digest: string): string {
  const bytes = Uint8Array.from(digest.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return `${server.replace(/\/+$/, "")}/v/${b64(bytes)}`;
}
