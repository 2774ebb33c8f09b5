// A fact on the wire: exact bytes, identity, chain and commitments.
//
// The twin of `envelope.py`; both meet tests/vectors/envelopes.json. Digests come from
// WebCrypto, which answers later: whoever keeps a fact in IndexedDB computes its id and
// commitments first and opens the transaction afterwards, for a transaction that waits for
// anything but its own store is closed by the browser. May not enter: what a fact means.

import { BlobRef } from "./exported/records.ts";
import {
  is_clean, is_list, is_object, is_unicode, least, read_json, write_json,
  type Json, type JsonObject,
} from "./json.ts";
import { list, typed } from "./plain.ts";
import { Refused } from "./problems.ts";

export { BlobRef } from "./exported/records.ts";
export { MAX_BODY_BYTES, MAX_INTEGER, MOST_NESTING, read_json } from "./json.ts";

export const VERSION = 1; // 1: 2026-11, the first; spoken by everybody
export const SALT_BYTES = 16;
export const MOST_BLOBS = 32;

const NAME = "[a-z0-9][a-z0-9_-]{0,63}";
export const STREAM = new RegExp(
  "^(?:order:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}" +
    `|device:${NAME}|catalog:${NAME}|statement:${NAME})$`,
);
export const LOG = new RegExp(`^${NAME}\\.${NAME}$`);
export const ACTOR = new RegExp(`^${NAME}$`);
export const KIND = /^[a-z]+\.[a-z_]+$/;
export const DIGEST = /^[A-Za-z0-9_-]{43}$/;
export const SHA256_HEX = /^[0-9a-f]{64}$/;
export const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,62}\/[a-z0-9][a-z0-9.+-]{0,62}$/;
export const ROLE = /^[a-z][a-z_]{0,31}$/;
const SALT = /^[A-Za-z0-9_-]{22}$/;

/** name -> (salt, value) */
export type Private = ReadonlyMap<string, readonly [salt: string, value: string]>;

/** Everything about a fact but what happened; the wire's names in comments. */
export interface Head {
  readonly stream: string; // st
  readonly log: string; // device and a random instance for each new local database
  readonly n: number; // 1, 2, 3 … within the log
  readonly prev: string | null; // p: id of the log's fact n-1
  readonly epoch: string; // e
  readonly basis: number; // bs: newest position of the stream that the person had seen
  readonly lamport: number; // l
  readonly by: string;
  readonly at: JsonObject; // see `reading.Reading`
  readonly private: ReadonlyMap<string, string>; // pc: commitments
  readonly blobs: readonly BlobRef[]; // bl
}

/** A fact as read from its body; `payload` not yet understood. */
export interface Envelope {
  readonly id: string;
  readonly body: string;
  readonly kind: string;
  readonly kind_version: number;
  readonly head: Head;
  readonly payload: JsonObject;
}

/** base64url without padding (RFC 7515). */
export function b64(data: Uint8Array): string {
  const letters = btoa(String.fromCharCode(...data));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of base64url without padding; every text has one spelling, and any other is
 * refused by a RangeError. */
export function unb64(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new RangeError(text);
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const data = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  if (b64(data) !== text) throw new RangeError("not base64url without padding");
  return data;
}

/** A text in UTF-8. The browser's own encoder would put another character in the place of
 * what has no such form, and nothing would match any more. */
export function bytes_of(text: string): Uint8Array<ArrayBuffer> {
  if (!is_unicode(text)) throw new Refused("body_unreadable", { why: "UTF-8" });
  return Uint8Array.from(new TextEncoder().encode(text));
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** SHA-256 as 43 characters of base64url without padding. */
export async function digest(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return b64(await sha256(data));
}

/** What names a fact: the digest of its exact bytes. */
export async function fact_id(body: string): Promise<string> {
  return digest(bytes_of(body));
}

/** What the body says of a private value: it can be shown to match, not guessed. */
export async function commitment(name: string, salt: string, value: string): Promise<string> {
  // Salt is 16 bytes in 22 characters; the last one may say more bits than count.
  const pepper = atob(salt.replaceAll("-", "+").replaceAll("_", "/") + "==");
  const salted = Uint8Array.from(pepper, (letter) => letter.charCodeAt(0));
  return digest(joined(salted, bytes_of(name), Uint8Array.of(0), bytes_of(value)));
}

/** The commitments to these private values. */
export async function committed(held: Private): Promise<ReadonlyMap<string, string>> {
  const names = [...held.keys()].sort();
  return new Map(await Promise.all(names.map(async (name): Promise<[string, string]> => {
    const [salt, value] = held.get(name)!;
    return [name, await commitment(name, salt, value)];
  })));
}

/** Is this (salt, value) what the body committed to? */
export async function matches(
  name: string, held: Json | undefined, promised: string | null | undefined,
): Promise<boolean> {
  if (!is_list(held) || held.length !== 2) return false;
  const [salt, value] = held;
  if (promised == null || typeof salt !== "string" || typeof value !== "string") return false;
  if (!is_clean(name) || !is_clean(value) || !SALT.test(salt)) return false;
  return (await commitment(name, salt, value)) === promised;
}

/** The body of a new fact. It refuses what no server would be able to keep. */
export function write(
  kind: string, kind_version: number, head: Head, payload: JsonObject,
): string {
  const frame = new Map<string, Json>([
    ["v", VERSION], ["t", kind], ["tv", kind_version], ["st", head.stream],
    ["log", head.log], ["n", head.n], ["p", head.prev], ["e", head.epoch],
    ["bs", head.basis], ["l", head.lamport], ["by", head.by], ["at", head.at],
    ["pl", payload],
  ]);
  if (head.private.size) frame.set("pc", head.private);
  if (head.blobs.length) frame.set("bl", list(BlobRef).write(head.blobs));
  const body = write_json(frame);
  unnamed(body);
  return body;
}

/** A body, taken apart; refuses what is not exactly a fact. */
export async function read(body: string): Promise<Envelope> {
  const parts = unnamed(body);
  return { id: await fact_id(body), ...parts };
}

/** The same without its id, for where nothing can be awaited. */
export function unnamed(body: string): Omit<Envelope, "id"> {
  const frame = read_json(body);
  const version = needed(frame, "v");
  if (version !== VERSION) throw new Refused("version_unknown", { version: shown(version) });
  const surplus = [...frame.keys()].filter((name) => !FRAME.has(name));
  if (surplus.length) throw new Refused("field_unknown", { field: least(surplus) });
  const head = {
    stream: word(frame, "st", STREAM), log: word(frame, "log", LOG),
    n: count(frame, "n", 1), prev: previous(frame), epoch: word(frame, "e", ACTOR),
    basis: count(frame, "bs", 0), lamport: count(frame, "l", 1),
    by: word(frame, "by", ACTOR), at: object(needed(frame, "at"), "at"),
    private: commitments(frame.get("pc")), blobs: blobs(frame.get("bl")),
  };
  return {
    body, head, kind: word(frame, "t", KIND), kind_version: count(frame, "tv", 1),
    payload: object(needed(frame, "pl"), "pl"),
  };
}

const FRAME: ReadonlySet<string> = new Set([
  "v", "t", "tv", "st", "log", "n", "p", "e", "bs", "l", "by", "at", "pl", "pc", "bl",
]);

function needed(frame: JsonObject, name: string): Json {
  const value = frame.get(name);
  if (value === undefined) throw new Refused("field_missing", { field: name });
  return value;
}

function word(frame: JsonObject, name: string, form: RegExp): string {
  const value = needed(frame, name);
  if (typeof value !== "string" || !form.test(value)) throw misshapen(name);
  return value;
}

function count(frame: JsonObject, name: string, least_: number): number {
  const value = needed(frame, name);
  if (typeof value !== "number" || value < least_) throw misshapen(name);
  return value;
}

function previous(frame: JsonObject): string | null {
  if (needed(frame, "n") !== 1) return word(frame, "p", DIGEST);
  if (needed(frame, "p") !== null) throw misshapen("p");
  return null;
}

function object(value: Json, name: string): JsonObject {
  if (!is_object(value)) throw misshapen(name);
  return value;
}

function commitments(value: Json | undefined): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  const held = object(value, "pc");
  return new Map([...held.keys()].map((name) => [name, word(held, name, DIGEST)]));
}

function blobs(value: Json | undefined): readonly BlobRef[] {
  if (value === undefined) return [];
  if (!is_list(value) || value.length > MOST_BLOBS) throw misshapen("bl");
  const refs = value.map((one) => typed(BlobRef, one));
  for (const ref of refs) {
    const named = SHA256_HEX.test(ref.sha256) && ROLE.test(ref.role);
    if (!named || !MEDIA_TYPE.test(ref.type) || ref.bytes < 1) throw misshapen("bl");
  }
  return refs;
}

function misshapen(field: string): Refused {
  return new Refused("field_misshapen", { field });
}

function shown(value: Json): string {
  return typeof value === "string" ? value : write_json(value);
}

/** These bytes, one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
