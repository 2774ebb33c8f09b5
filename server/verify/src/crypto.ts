// Digests and signatures where the browser lends none to a page from a disk.
//
// Everything asks for `crypto.subtle`; some browsers have it only for pages that came over
// HTTPS. Then this stands in, for what checking needs and nothing else. May not enter:
// keys that sign.

import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";

type Bytes = Uint8Array<ArrayBuffer>;

const IN_SCRIPT = {
  digest: (_name: string, data: Bytes): Promise<ArrayBuffer> =>
    Promise.resolve(Uint8Array.from(sha256(data)).buffer),

  async importKey(_form: string, point: Bytes): Promise<Bytes> {
    p256.Point.fromBytes(point).assertValidity();
    return point;
  },

  verify: (_how: object, key: Bytes, signature: Bytes, text: Bytes): Promise<boolean> =>
    Promise.resolve(p256.verify(signature, text, key, { lowS: false })),
};

/** Does the browser lend its own? */
export function is_lent(): boolean {
  return Boolean(globalThis.crypto?.subtle);
}

/** From here on everybody finds a `crypto.subtle`. */
export function provide(): void {
  if (is_lent()) return;
  if (!globalThis.crypto) Object.defineProperty(globalThis, "crypto", { value: {} });
  Object.defineProperty(globalThis.crypto, "subtle", { value: IN_SCRIPT });
}
