// What was taken home, as the projection's records tell it: documents, contacts, lanes.
//
// The twin of the records in `projection.py`. May not enter: databases, decisions about what
// is kept.

import type { DBSchema } from "idb";

import { Document, Gone, Lane, MOST_FACTS } from "../../../../sync/exchange.ts";
import { read_json, write_json, type Json, type JsonObject } from "../../../../sync/json.ts";
import type { Stage } from "../../../../sync/order.ts";
import { mapping, optional, record, text, typed, whole } from "../../../../sync/plain.ts";
import type { Anchor } from "../../../../sync/reading.ts";
import type { Bytes } from "../exchange/transport.ts";

/** A document as it was taken home; `document` is not yet understood. */
export interface Held {
  readonly stream: string;
  readonly rev: number;
  readonly epoch: string;
  readonly document: JsonObject;
  readonly gone: Gone | null;
}

/** A document of an earlier epoch, exactly as it came, with the server's mark; and its word
 * that the order had left, if it was given. */
export interface Former {
  readonly stream: string;
  readonly rev: number;
  readonly epoch: string;
  readonly text: string;
  readonly mac: string;
  readonly gone: JsonObject | null;
}

/** The sheet that was shown last, and what the tablet knew when it was. */
export interface Shown {
  readonly stream: string;
  readonly round: number;
  readonly rev: number;
  readonly epoch: string;
  readonly lamport: number;
  readonly sheet: Bytes;
}

/** The newest contact with the server, as far as the next facts need it. */
export interface Contact {
  readonly token: string;
  readonly anchor: Anchor;
  readonly poll_ms: number;
  readonly limits: ReadonlyMap<string, number>;
}

export const AnchorRecord = record<Anchor, never>("Anchor", {
  server_ms: whole, wall_ms: whole, boot_ms: optional(whole), boot: optional(text),
  rtt_ms: optional(whole),
}, {});
export const ContactRecord = record<Contact, "limits">("Contact", {
  token: text, anchor: AnchorRecord, poll_ms: whole, limits: mapping(whole),
}, { limits: new Map() });

export interface DocumentRow {
  readonly person: string;
  readonly stream: string;
  readonly rev: number;
  readonly epoch: string;
  readonly round: number;
  readonly document: string;
  readonly text: string;
  readonly mac: string;
  readonly gone: string | null;
}

export interface FormerRow {
  readonly person: string;
  readonly stream: string;
  readonly epoch: string;
  readonly rev: number;
  readonly text: string;
  readonly mac: string;
  readonly gone: string | null;
  readonly shown_to: string | null;
}

export interface ProjectionSchema extends DBSchema {
  document: { key: [string, string]; value: DocumentRow };
  former: { key: [string, string, string]; value: FormerRow };
  note: { key: string; value: string };
  anchor: {
    key: number; value: { seq?: number; token: string; anchor: string };
    indexes: { token: string };
  };
  shown: { key: [string, string]; value: Shown & { person: string } };
  thumb: { key: string; value: Blob };
  reading: { key: number; value: { seq?: number; why: string; reading: string } };
}

/** How far a person's documents have been taken home. */
export interface Pull {
  readonly round: number;
  readonly resetting: string | null;
  readonly cursor: string | null;
}

export function lane_of(held: JsonObject): Lane {
  const names = (name: string): string[] => {
    const value = held.get(name);
    return Array.isArray(value) ? value.map(String) : [];
  };
  return new Lane({
    most: Number(held.get("most") ?? MOST_FACTS),
    failures: Number(held.get("failures") ?? 0),
    shelf: new Set(names("shelf")), aside: names("aside"),
    healthy: held.get("healthy") === true,
  });
}

export function lane_as_json(lane: Lane): JsonObject {
  return new Map<string, Json>([
    ["most", lane.most], ["failures", lane.failures], ["shelf", [...lane.shelf].sort()],
    ["aside", lane.aside], ["healthy", lane.healthy],
  ]);
}

/** A document without its order, and the order's exact text. */
export function written(document: Document): readonly [rest: string, order: string] {
  const rest = Document.write({ ...document, text: "", mac: "", order: new Map() });
  return [write_json(rest), document.text || write_json(document.order)];
}

export function held_of(row: DocumentRow): Held {
  const { stream, rev, epoch } = row;
  const order = read_json(row.text, null);
  const document = new Map([...read_json(row.document, null), ["order", order] as const]);
  const gone = row.gone === null ? null : gone_of(read_json(row.gone, null));
  return { stream, rev, epoch, document, gone };
}

export function gone_of(said: JsonObject): Gone {
  return typed(Gone, new Map([...said].filter(([name]) => name !== "epoch")));
}

export function former_of({ stream, rev, epoch, text: order, mac, gone }: FormerRow): Former {
  return {
    stream, rev, epoch, text: order, mac, gone: gone === null ? null : read_json(gone, null),
  };
}

const AT_WORK: ReadonlySet<Stage> = new Set([
  "on_site", "surveyed", "agreed", "rework", "completed", "unsigned",
]);
const TO_DO: ReadonlySet<Stage> = new Set([...AT_WORK, "dispatched"]);

/** Does anybody still have to go there, or are they there already? A server that went back in
 * time may have forgotten giving the order to them; one that narrowed a scope has said so,
 * and only work that was begun goes on. */
export function goes_on(order: JsonObject, why: string): boolean {
  const ended = order.has("cancelled") || order.has("closed");
  const stages = why === "epoch" ? TO_DO : AT_WORK;
  return !ended && stages.has(order.get("stage") as Stage);
}
