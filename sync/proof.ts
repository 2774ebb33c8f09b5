// What was recorded about one order, checked without the server.
//
// The twin of `proof.py`, which says how a proof is laid out; both find the same in the
// same files (tests/web/test_verifier.py). May not enter: files, PDF, heads remembered
// elsewhere (a tablet compares those itself).

import {
  bytes_of, commitment, digest, fact_id, hex, read, sha256, type Head,
} from "./envelope.ts";
import { opened_text } from "./epochs.ts";
import findings from "./exported/findings.json" with { type: "json" };
import { Proof, type ProvenFact } from "./exported/proven.ts";
import { hash, head_text, line_of_keys, type Trusted } from "./heads.ts";
import { is_list, read_json, write_json, type Json, type JsonObject } from "./json.ts";
import { included, leaf_hash, root_of } from "./log.ts";
import { typed } from "./plain.ts";
import { Refused, type Facts } from "./problems.ts";
import { push_text, read_jwk, thumbprint, verifies, type Jwk } from "./signing.ts";
import { text_in } from "./stored_zip.ts";

export { Proof, type ProvenFact } from "./exported/proven.ts";

type Bytes = Uint8Array<ArrayBuffer>;
export type Blobs = ReadonlyMap<string, Bytes>;

export const FORM = "doorstep proof 1";
export const OWN_LOG = "server."; // what the desk decides is signed by no device
const SHEET = "application/vnd.doorstep.sheet+json";

export const FINDINGS: Readonly<Record<string, string>> = findings.findings;

/** Something that does not hold. `position`: where, if it is about one place. */
export interface Finding {
  readonly code: string;
  readonly position: number | null;
  readonly facts: Facts;
}

/** What a check found; as in Python. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly proof: Proof | null;
  readonly key: string;
  readonly unseen: readonly string[];
  readonly missing: readonly string[];
}

export const NOTHING: Report = {
  findings: [], proof: null, key: "", unseen: [], missing: [],
};

export function finding(
  code: string, position: number | null = null, facts: Facts = {},
): Finding {
  return { code, position, facts };
}

/** The first bad position; null if nothing bad has one. */
export function first_of(some: readonly Finding[]): number | null {
  const places = some.flatMap(({ position }) => (position ? [position] : []));
  return places.length ? Math.min(...places) : null;
}

/** What the server signs: this and nothing else is what it holds of the order. */
export async function list_text(proof: Proof): Promise<Bytes> {
  const facts: Json[] = [];
  for (const one of proof.facts) {
    facts.push([one.position, one.received_ms, await fact_id(one.b)]);
  }
  const devices: Json[] = [];
  for (const name of [...proof.devices.keys()].sort()) {
    devices.push([name, await thumbprint(jwk_of(proof.devices.get(name)))]);
  }
  const said = write_json([
    FORM, proof.stream, proof.number, proof.head.root, proof.head.size, facts,
    proof.bytes.map((one) => [one.position, one.received_ms, one.sha256, one.stream]),
    proof.pushes.map((one) => [one.device, one.log, one.ids, one.signature]),
    devices,
  ]);
  return bytes_of(`doorstep proof\n${await digest(bytes_of(said))}`);
}

/** The object in a file; refuses what is not read in one way alone. */
export function read_file(data: Bytes): JsonObject {
  const text = text_in(data);
  if (text === null) throw new Refused("body_unreadable", { why: "UTF-8" });
  return read_json(text, null);
}

/** Everything that does not hold in this proof; `known`: thumbprint of a key of the server,
 * from elsewhere. */
export async function check(
  data: Bytes, blobs: Blobs = new Map(), known: string | null = null,
): Promise<Report> {
  let proof: Proof;
  try {
    proof = typed(Proof, read_file(data));
  } catch (error) {
    if (error instanceof Refused) return unreadable(error.code);
    throw error;
  }
  if (proof.form !== FORM) return unreadable(proof.form);
  const looked = new Looking(proof, blobs, await line_of_keys(proof.keys,
    known ?? proof.head.key));
  const found: Finding[] = [];
  for await (const one of looked.at_all()) found.push(one);
  found.sort((one, other) => (one.position ?? 0) - (other.position ?? 0)
    || (one.code < other.code ? -1 : Number(one.code > other.code)));
  const { missing, unseen } = looked;
  return { findings: found, proof, key: proof.head.key, missing, unseen };
}

function unreadable(why: string): Report {
  return { ...NOTHING, findings: [finding("proof_unreadable", null, { why })] };
}

/** Did this key of theirs sign this text? */
export async function signed(
  trusted: Trusted, key: string, text: Bytes, signature: string,
): Promise<boolean> {
  const jwk = trusted.get(key);
  return jwk !== undefined && fits(jwk, text, signature);
}

interface Read {
  readonly one: ProvenFact;
  readonly id: string;
  readonly said: Head | null;
}

/** One proof under examination. */
class Looking {
  missing: readonly string[] = [];
  unseen: readonly string[] = [];
  private facts: readonly Read[] = [];
  private spoken = new Map<string, string>(); // digest -> media type
  private readonly proof: Proof;
  private readonly blobs: Blobs;
  private readonly trusted: Trusted;

  constructor(proof: Proof, blobs: Blobs, trusted: Trusted) {
    this.proof = proof;
    this.blobs = blobs;
    this.trusted = trusted;
  }

  async *at_all(): AsyncIterable<Finding> {
    await this.read();
    yield* this.signatures();
    yield* this.places();
    yield* this.all_facts();
    yield* this.chains();
    yield* this.receipts();
    yield* this.originals();
    yield* this.sheets();
    yield* this.pushes();
  }

  private async read(): Promise<void> {
    const facts: Read[] = [];
    for (const one of this.proof.facts) {
      facts.push({ one, id: await fact_id(one.b), said: await head_of(one.b) });
    }
    this.facts = facts;
    for (const { said } of facts) {
      for (const ref of said?.blobs ?? []) this.spoken.set(ref.sha256, ref.type);
    }
    const arrived = new Set(this.proof.bytes.map((one) => one.sha256));
    const away = [...this.spoken.keys()].sort().filter((name) => !this.blobs.has(name));
    this.missing = away.filter((name) => !arrived.has(name));
    this.unseen = away.filter((name) => arrived.has(name));
  }

  private async *signatures(): AsyncIterable<Finding> {
    const { proof, trusted } = this;
    const { head } = proof;
    if (!trusted.has(head.key)) {
      yield finding("key_unknown", null, { key: head.key });
    } else if (!await signed(trusted, head.key, head_text(head), head.signature)) {
      yield finding("head_unsigned");
    }
    if (!await this.says(await list_text(proof), proof.signature)) {
      yield finding("list_unsigned");
    }
    for (const one of proof.epochs) {
      if (one.parent && !await this.says(opened_text(one), one.signature)) {
        yield finding("epoch_unsigned", null, { name: one.epoch });
      }
    }
  }

  private async says(text: Bytes, signature: string): Promise<boolean> {
    for (const key of this.trusted.keys()) {
      if (await signed(this.trusted, key, text, signature)) return true;
    }
    return false;
  }

  private *places(): Iterable<Finding> {
    let before = 0;
    for (const { position } of this.proof.facts) {
      if (position <= before) yield finding("fact_moved", position);
      before = Math.max(before, position);
    }
  }

  private async *all_facts(): AsyncIterable<Finding> {
    for (const { one, id, said } of this.facts) {
      const { position } = one;
      const leaf = await leaf_hash(bytes_of(`fact\n${id}\n${one.received_ms}`));
      if (!await this.lies(leaf, position, one.path)) {
        yield finding("fact_altered", position);
      }
      if (said === null) {
        yield finding("fact_unreadable", position);
        continue;
      }
      if (said.stream !== this.proof.stream) yield finding("fact_foreign", position);
      for (const [name, held] of one.x) {
        if (!await commits(name, held, said.private.get(name))) {
          yield finding("private_altered", position, { name });
        }
      }
    }
  }

  private lies(leaf: Bytes, position: number, path: readonly string[]): Promise<boolean> {
    const { size, root } = this.proof.head;
    return included(leaf, position - 1, size, path.map(hash), hash(root));
  }

  private *chains(): Iterable<Finding> {
    const names = new Map<string, Set<string>>();
    const at = (log: string, n: number): string => `${log} ${n}`;
    for (const { id, said } of this.facts) {
      if (said === null) continue;
      const there = names.get(at(said.log, said.n)) ?? new Set();
      names.set(at(said.log, said.n), there.add(id));
    }
    for (const { one, said } of this.facts) {
      const before = said && names.get(at(said.log, said.n - 1));
      if (said && before && !before.has(said.prev ?? "")) {
        yield finding("chain_broken", one.position);
      }
    }
  }

  private async *receipts(): AsyncIterable<Finding> {
    for (const one of this.proof.bytes) {
      const said = `blob\n${one.sha256}\n${one.stream || "-"}\n${one.received_ms}`;
      if (!await this.lies(await leaf_hash(bytes_of(said)), one.position, one.path)) {
        yield finding("bytes_unplaced", one.position, { name: one.sha256.slice(0, 8) });
      }
    }
  }

  private async *originals(): AsyncIterable<Finding> {
    const speaks = new Map<string, number>();
    for (const { one, said } of this.facts) {
      for (const ref of said?.blobs ?? []) speaks.set(ref.sha256, one.position);
    }
    for (const [name, held] of this.blobs) {
      const facts = { name: name.slice(0, 8) };
      if (!this.spoken.has(name)) yield finding("bytes_foreign", null, facts);
      else if (hex(await sha256(held)) !== name) {
        yield finding("bytes_altered", speaks.get(name) ?? null, facts);
      }
    }
  }

  private async *sheets(): AsyncIterable<Finding> {
    const here = new Set(this.facts.map(({ id }) => id.slice(0, 8)));
    for (const [name, type] of this.spoken) {
      const held = this.blobs.get(name) ?? new Uint8Array();
      if (type !== SHEET || hex(await sha256(held)) !== name) continue;
      for (const covered of covers(held)) {
        if (!here.has(covered)) yield finding("fact_left_out", null, { name: covered });
      }
    }
  }

  private async *pushes(): AsyncIterable<Finding> {
    const places = new Map(this.facts.map(({ id, one }) => [id, one.position]));
    for (const one of this.proof.pushes) {
      const at = one.ids.flatMap((name) => places.get(name) ?? []);
      const text = push_text(one.log, await root_of(one.ids));
      const jwk = jwk_of(this.proof.devices.get(one.device));
      if (!await fits(jwk, text, one.signature)) {
        const place = at.length ? Math.min(...at) : null;
        yield finding("push_unsigned", place, { name: one.device });
      }
    }
  }
}

function jwk_of(key: ReadonlyMap<string, string> | undefined): Jwk {
  const part = (name: string): string => key?.get(name) ?? "";
  return { crv: part("crv"), kty: part("kty"), x: part("x"), y: part("y") };
}

async function fits(jwk: Jwk, text: Bytes, signature: string): Promise<boolean> {
  try {
    return await verifies(await read_jwk(jwk), text, signature);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

async function head_of(body: string): Promise<Head | null> {
  try {
    return (await read(body)).head;
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

async function commits(
  name: string, held: readonly string[], promised: string | undefined,
): Promise<boolean> {
  const [salt, value] = held;
  if (promised === undefined || salt === undefined || value === undefined) return false;
  try {
    return await commitment(name, salt, value) === promised;
  } catch {
    return false; // a salt that is none
  }
}

/** The facts that a sheet names; none, if it is not what a sheet should be. */
function covers(sheet: Bytes): readonly string[] {
  try {
    const said = read_file(sheet).get("covers");
    return is_list(said) ? said.map(String) : [];
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}
