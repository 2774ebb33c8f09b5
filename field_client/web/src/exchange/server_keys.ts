// The server's keys: the one met when enrolling, and those that it let in since.
//
// Nobody has to be believed for that: who is asked for keys may be anybody (X5). May not
// enter: what is signed.

import { KeyWord, line_of_keys, type Trusted } from "../../../../sync/heads.ts";
import { is_list, read_json } from "../../../../sync/json.ts";
import { typed } from "../../../../sync/plain.ts";
import { Refused } from "../../../../sync/problems.ts";
import { thumbprint, type Jwk } from "../../../../sync/signing.ts";
import { keep_heads, known_heads } from "../store/heads.ts";
import type { Call } from "./transport.ts";

/** The keys that follow from the one met when enrolling. */
export async function trusted_keys(
  words: readonly KeyWord[], pinned: Jwk,
): Promise<Trusted> {
  const name = await thumbprint(pinned);
  return words.length ? line_of_keys(words, name) : new Map([[name, pinned]]);
}

/** The newest of them, which seals answers. */
export async function newest_key(pinned: Jwk): Promise<Jwk> {
  return [...(await trusted_keys(known_heads().keys, pinned)).values()].at(-1) ?? pinned;
}

/** Does the server have a new key that the old one let in? Then it is taken over. */
export async function follow_keys(call: Call, pinned: Jwk): Promise<boolean> {
  const reply = await call("GET", "/v1/log/keys", {}, new Uint8Array());
  const known = known_heads();
  const words = words_in(new TextDecoder().decode(reply.body));
  const line = await line_of_keys(words, await thumbprint(pinned));
  if (line.size <= Math.max(1, known.keys.length)) return false;
  const names = await Promise.all(words.map(({ key }) => thumbprint(jwk_of(key))));
  keep_heads({ ...known, keys: words.filter((_word, at) => line.has(names[at] ?? "")) });
  return true;
}

function words_in(text: string): readonly KeyWord[] {
  try {
    const keys = read_json(text, null).get("keys");
    return keys !== undefined && is_list(keys) ? keys.map((one) => typed(KeyWord, one)) : [];
  } catch (why) {
    if (why instanceof Refused) return [];
    throw why;
  }
}

function jwk_of(key: KeyWord["key"]): Jwk {
  const part = (name: string): string => String(key.get(name) ?? "");
  return { crv: part("crv"), kty: part("kty"), x: part("x"), y: part("y") };
}
