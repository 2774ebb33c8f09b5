// Signed heads: how far the server's book has come, in words that it cannot take back.
//
// The twin of `heads.py`; both meet tests/vectors/heads.json. May not enter: where heads are
// kept, transport.

import { bytes_of } from "./envelope.ts";
import { shared, type Lineage } from "./epochs.ts";
import type { KeyWord, LogHead } from "./exported/records.ts";
import { consistent } from "./log.ts";
import { Refused } from "./problems.ts";
import { read_jwk, thumbprint, verifies, type Jwk } from "./signing.ts";

export { KeyWord, LogHead } from "./exported/records.ts";

export const ANOTHER_HISTORY = "another_history"; // the code under which a tablet objects
const MOST_KEYS = 100; // in one line of keys
const HASH = /^[0-9a-f]{64}$/;

/** Keys of one server, by thumbprint, oldest first. */
export type Trusted = ReadonlyMap<string, Jwk>;

/** What the server signs as a head. */
export function head_text(one: LogHead): Uint8Array<ArrayBuffer> {
  return bytes_of(
    ["doorstep head", one.epoch, one.size, one.root, one.at_ms, one.key].join("\n"));
}

/** What both keys sign when one follows the other. */
export async function key_text(one: KeyWord): Promise<Uint8Array<ArrayBuffer>> {
  const name = await thumbprint(jwk_of(one));
  return bytes_of(["doorstep key", name, one.before ?? "-", one.since_ms].join("\n"));
}

/** Is it a head of this server? */
export async function is_head(trusted: Trusted, one: LogHead): Promise<boolean> {
  const jwk = trusted.get(one.key);
  return jwk !== undefined && verifies(await read_jwk(jwk), head_text(one), one.signature);
}

/** The keys of a server of which one is known, as far as an unbroken line of pairs of
 * signatures leads from that one, to either side. */
export async function line_of_keys(
  words: readonly KeyWord[], known: string,
): Promise<Trusted> {
  const line = words.slice(0, MOST_KEYS);
  const names = await Promise.all(line.map((one) => thumbprint(jwk_of(one))));
  let first = names.indexOf(known);
  if (first < 0) return new Map();
  let last = first;
  while (first > 0 && await follows(line[first - 1], line[first])) first--;
  while (last + 1 < line.length && await follows(line[last], line[last + 1])) last++;
  return new Map(line.slice(first, last + 1)
    .map((one, at) => [names[first + at] ?? "", jwk_of(one)]));
}

/** Does the history under the new head begin with the one under the old? Where the old head
 * lies beyond a fork that the server owned up to, the two part, and everybody knows it. */
export async function goes_on(
  old: LogHead, shown: LogHead, path: readonly string[], lineage: Lineage,
): Promise<boolean> {
  const parted = old.epoch !== shown.epoch
    && old.size > shared(old.epoch, shown.epoch, lineage);
  if (parted) return lineage.has(shown.epoch);
  const [before, after] = [hash(old.root), hash(shown.root)];
  return consistent(old.size, before, shown.size, after, path.map(hash));
}

/** A hash as it travels, in hex; what is none proves nothing. */
export function hash(text: string): Uint8Array<ArrayBuffer> {
  if (!HASH.test(text)) return new Uint8Array();
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function jwk_of({ key }: KeyWord): Jwk {
  const part = (name: string): string => String(key.get(name) ?? "");
  return { crv: part("crv"), kty: part("kty"), x: part("x"), y: part("y") };
}

async function follows(
  before: KeyWord | undefined, after: KeyWord | undefined,
): Promise<boolean> {
  if (before === undefined || after === undefined) return false;
  const text = await key_text(after);
  try {
    const [old, fresh] = [await read_jwk(jwk_of(before)), await read_jwk(jwk_of(after))];
    return after.before === await thumbprint(jwk_of(before))
      && await verifies(old, text, after.signature)
      && await verifies(fresh, text, after.answer);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
