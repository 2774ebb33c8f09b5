// Merkle trees over fact ids, as RFC 6962 makes them; the twin of `log.py`.
//
// A device signs the root of each push, so that one fact can be shown to be its own
// without showing the others. May not enter: where facts lie, who signs.

import { bytes_of, hex, joined, sha256 } from "./envelope.ts";

type Hash = Uint8Array<ArrayBuffer>;

/** The hash of a leaf (RFC 6962, 2.1). */
export function leaf_hash(data: Hash): Promise<Hash> {
  return sha256(joined(Uint8Array.of(0), data));
}

/** The root over these leaf hashes; of no leaves, the hash of nothing. */
export async function tree_hash(leaves: readonly Hash[]): Promise<Hash> {
  const [first] = leaves;
  if (first === undefined) return sha256(new Uint8Array());
  if (leaves.length === 1) return first;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const left = await tree_hash(leaves.slice(0, split));
  const right = await tree_hash(leaves.slice(split));
  return sha256(joined(Uint8Array.of(1), left, right));
}

/** The root over fact ids in the sequence in which they were handed in, as hex. */
export async function root_of(ids: readonly string[]): Promise<string> {
  const leaves = await Promise.all(ids.map((one) => leaf_hash(bytes_of(one))));
  return hex(await tree_hash(leaves));
}
