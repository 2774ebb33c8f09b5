// What is signed, and how: ES256 (ECDSA P-256 with SHA-256, RFC 7518) throughout.
//
// The twin of `signing.py`; both meet tests/vectors/signatures.json. A browser keeps its
// key so that it cannot be taken out, and makes r and s side by side by itself. May not
// enter: transport, storage, where keys come from.

import { b64, bytes_of, digest, joined, unb64 } from "./envelope.ts";
import { Refused } from "./problems.ts";

export { b64, unb64 } from "./envelope.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const ES256 = { name: "ECDSA", hash: "SHA-256" } as const;
const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const WIDTH = 32;

/** The members that RFC 7638 hashes, in its sequence. */
export interface Jwk {
  readonly crv: string;
  readonly kty: string;
  readonly x: string;
  readonly y: string;
}

/** What a device signs to ask something: this request, from this person, after the contact
 * whose time token is `nonce` (X5). */
export async function request_text(
  method: string, target: string, nonce: string, actor: string, body: Bytes,
): Promise<Bytes> {
  const lines = [
    "doorstep request", method.toUpperCase(), target, nonce, actor, await digest(body),
  ];
  return bytes_of(lines.join("\n"));
}

/** What the server seals: this answer, to that request and no other. */
export async function answer_text(
  request_signature: string, status: number, body: Bytes,
): Promise<Bytes> {
  return bytes_of(`doorstep answer\n${request_signature}\n${status}\n${await digest(body)}`);
}

/** What a device signs as evidence that it handed in these facts. */
export function push_text(log: string, root: string): Bytes {
  return bytes_of(`doorstep push\n${log}\n${root}`);
}

/** A signature as raw r||s, which browsers make by themselves. */
export async function sign(key: CryptoKey, text: Bytes): Promise<string> {
  return b64(new Uint8Array(await crypto.subtle.sign(ES256, key, text)));
}

/** Does this signature fit? Anything malformed does not. */
export async function verifies(
  key: CryptoKey, text: Bytes, signature: string,
): Promise<boolean> {
  const raw = bytes_or_none(signature);
  if (raw === null || raw.length !== 2 * WIDTH) return false;
  return crypto.subtle.verify(ES256, key, raw, text);
}

/** The members of a public key. */
export async function public_jwk(key: CryptoKey): Promise<Jwk> {
  const { x, y } = await crypto.subtle.exportKey("jwk", key);
  return { crv: "P-256", kty: "EC", x: x ?? "", y: y ?? "" };
}

/** The key in a JWK; refuses anything but a point on P-256. */
export async function read_jwk(jwk: Partial<Jwk>): Promise<CryptoKey> {
  const { kty, crv, x, y } = jwk;
  const numbers = [x, y].map((one) => bytes_or_none(one ?? ""));
  const [left, right] = numbers;
  if (kty !== "EC" || crv !== "P-256" || left?.length !== WIDTH || right?.length !== WIDTH) {
    throw new Refused("key_unreadable");
  }
  const point = joined(Uint8Array.of(4), left, right);
  try {
    return await crypto.subtle.importKey("raw", point, P256, true, ["verify"]);
  } catch {
    throw new Refused("key_unreadable");
  }
}

/** The name of a key (RFC 7638). */
export async function thumbprint({ crv, kty, x, y }: Jwk): Promise<string> {
  return digest(bytes_of(JSON.stringify({ crv, kty, x, y })));
}

function bytes_or_none(text: string): Bytes | null {
  try {
    return unb64(text);
  } catch {
    return null;
  }
}
