// A rescue bundle: what is unsent, in one file that only the server can open.
//
// The twin of `field_client/bundle.py`; `sync/bundle.py` has the format. It can be handed
// in by anybody, for the device's own signatures are inside. Loaded only when somebody wants
// one. May not enter: reading a bundle.

import { b64, bytes_of, joined } from "../../../../sync/envelope.ts";
import { Claim } from "../../../../sync/exchange.ts";
import { write_json, type Json } from "../../../../sync/json.ts";
import { root_of } from "../../../../sync/log.ts";
import { list } from "../../../../sync/plain.ts";
import { Refused } from "../../../../sync/problems.ts";
import { Reading } from "../../../../sync/reading.ts";
import { public_jwk, push_text, sign, thumbprint, type Jwk } from "../../../../sync/signing.ts";
import type { Enrolment, Original, Owned } from "../store/owed.ts";
import { tar_end, tar_fill, tar_head } from "../store/tar.ts";
import type { Client } from "./client.ts";
import { CHANCE } from "./keys.ts";

export const MAGIC = "doorstep-bundle 1\n";
export const INFO = "doorstep bundle 1";
export const FRAME_BYTES = 1 << 20;
export const BATCH = 100; // facts under one signature
const SALT_BYTES = 16;
const P256 = { name: "ECDH", namedCurve: "P-256" } as const;

type Bytes = Uint8Array<ArrayBuffer>;

/** The file, and how much is in it. */
export interface Bundle {
  readonly file: Blob;
  readonly facts: number;
  readonly originals: number;
}

/** Whose name stands on it: somebody who was in. */
async function sender({ store }: Client): Promise<readonly [Enrolment, CryptoKeyPair]> {
  const [person, key] = await Promise.all([store.persons.last(), store.outbox.held_key()]);
  if (person === null || key === null) throw new Refused("not_enrolled");
  return [person.enrolment, key];
}

/** Seal up what is unsent; with `everything`, all that is not backed up. Nothing on the
 * tablet is changed by it. */
export async function export_bundle(
  client: Client, { everything = false } = {},
): Promise<Bundle> {
  const [who, key] = await sender(client);
  const { outbox } = client.store;
  const facts = (await outbox.facts()).filter(
    (one) => one.waiting || one.refused || (everything && !one.safe));
  const originals = (await outbox.originals()).filter(
    (one) => one.here && (one.waiting || (everything && !one.safe)));
  const sealed = await Sealed.to(who.server_key);
  await sealed.add("device.json", bytes_of(write_json(await device(client, who, key, originals))));
  await sealed.add("evidence.json", bytes_of(write_json(await evidence(facts, key))));
  await sealed.add("facts.jsonl", bytes_of(
    facts.map((one) => `${write_json(one.wire)}\n`).join("")));
  for (const one of originals) await add_original(client, sealed, one);
  return { file: await sealed.finish(), facts: facts.length, originals: originals.length };
}

async function device(
  client: Client, who: Enrolment, key: CryptoKeyPair, originals: readonly Original[],
): Promise<Json> {
  const at = Reading.wire(client.clocks.reading());
  const claims = await client.store.outbox.claims(at);
  const jwk = await public_jwk(key.publicKey);
  const { server_key, ...rest } = who;
  return new Map<string, Json>([
    ["enrolment", new Map<string, Json>(
      [...Object.entries(rest), ["server_key", members(server_key)]])],
    ["key", members(jwk)],
    ["claims", list(Claim).write(claims)],
    ["originals", originals.map(({ sha256, type, size }) => new Map<string, Json>([
      ["sha256", sha256], ["type", type], ["bytes", size],
    ]))],
  ]);
}

/** For each log, the device's word on its facts as they stand here, a batch at a time. */
async function evidence(facts: readonly Owned[], key: CryptoKeyPair): Promise<Json> {
  const said = new Map<string, readonly string[]>();
  for (const log of new Set(facts.map((one) => one.log))) {
    const ids = facts.filter((one) => one.log === log).map((one) => one.id);
    const words: string[] = [];
    for (let at = 0; at < ids.length; at += BATCH) {
      const root = await root_of(ids.slice(at, at + BATCH));
      words.push(await sign(key.privateKey, push_text(log, root)));
    }
    said.set(log, words);
  }
  return said;
}

async function add_original(client: Client, sealed: Sealed, one: Original): Promise<void> {
  const bytes = await client.store.outbox.original(one.seq);
  if (bytes === null) return; // let go a moment ago, because it was backed up
  await sealed.open(`blobs/${one.sha256}`, bytes.size);
  for (let at = 0; at < bytes.size; at += FRAME_BYTES) {
    const piece = await bytes.slice(at, at + FRAME_BYTES).arrayBuffer();
    await sealed.write(new Uint8Array(piece));
  }
  await sealed.write(tar_fill(bytes.size));
}

function members({ crv, kty, x, y }: Jwk): Json {
  return new Map([["crv", crv], ["kty", kty], ["x", x], ["y", y]]);
}

/** A stream whose plaintext goes into a file frame by frame. */
class Sealed {
  private readonly key: CryptoKey;
  private readonly header: Bytes;
  private readonly file: Blob[];
  private held: Bytes = new Uint8Array();
  private number = 0;

  private constructor(key: CryptoKey, header: Bytes) {
    this.key = key;
    this.header = header;
    this.file = [new Blob([header])];
  }

  /** One that only the holder of this key can open. */
  static async to(server: Jwk): Promise<Sealed> {
    const own = await crypto.subtle.generateKey(P256, false, ["deriveBits"]);
    const salt = CHANCE(SALT_BYTES);
    const opening = new Map<string, Json>([
      ["server", await thumbprint(server)],
      ["ephemeral", members(await public_jwk(own.publicKey))],
      ["salt", b64(salt)],
    ]);
    const header = bytes_of(`${MAGIC}${write_json(opening)}\n`);
    const { crv, kty, x, y } = server;
    const theirs = await crypto.subtle.importKey("jwk", { crv, kty, x, y }, P256, false, []);
    const secret = await crypto.subtle.deriveBits(
      { name: "ECDH", public: theirs }, own.privateKey, 256);
    return new Sealed(await derive(secret, salt), header);
  }

  async add(name: string, data: Bytes): Promise<void> {
    await this.open(name, data.length);
    await this.write(data);
    await this.write(tar_fill(data.length));
  }

  async open(name: string, size: number): Promise<void> {
    await this.write(tar_head(name, size));
  }

  /** Take plaintext; full frames go out, the last one waits for `finish`. */
  async write(data: Bytes): Promise<void> {
    this.held = joined(this.held, data);
    while (this.held.length > FRAME_BYTES) {
      await this.frame(this.held.slice(0, FRAME_BYTES), 0);
      this.held = this.held.slice(FRAME_BYTES);
    }
  }

  /** The whole file; without its last frame a bundle is known to be cut short. */
  async finish(): Promise<Blob> {
    await this.write(tar_end());
    await this.frame(this.held, 1);
    return new Blob(this.file, { type: "application/octet-stream" });
  }

  private async frame(plaintext: Bytes, last: 0 | 1): Promise<void> {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, this.number++); // eleven bytes, big endian
    iv[11] = last;
    const form = { name: "AES-GCM", iv, additionalData: this.header };
    const frame = await crypto.subtle.encrypt(form, this.key, plaintext);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, frame.byteLength);
    this.file.push(new Blob([length, frame])); // the browser may put it on its disk
  }
}

/** The bundle's key from the ECDH secret. */
async function derive(secret: ArrayBuffer, salt: Bytes): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const form = { name: "HKDF", hash: "SHA-256", salt, info: bytes_of(INFO) };
  return crypto.subtle.deriveKey(
    form, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
}
