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

/** The hash over two subtrees (RFC 6962, 2.1). */
export function node_hash(left: Hash, right: Hash): Promise<Hash> {
  return sha256(joined(Uint8Array.of(1), left, right));
}

/** Is this leaf at this index of the tree with this root? (RFC 9162, 2.1.3.2) */
export async function included(
  leaf: Hash, at: number, size: number, path: readonly Hash[], root: Hash,
): Promise<boolean> {
  if (at < 0 || at >= size) return false;
  let [place, last, found] = [at, size - 1, leaf];
  for (const one of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      found = await node_hash(one, found);
      while (place > 0 && place % 2 === 0) [place, last] = [half(place), half(last)];
    } else {
      found = await node_hash(found, one);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(found, root);
}

/** Does the new tree begin with the old one? (RFC 9162, 2.1.4.2) */
export async function consistent(
  old: number, old_root: Hash, size: number, root: Hash, path: readonly Hash[],
): Promise<boolean> {
  if (old < 0 || old > size) return false;
  if (old === size) return path.length === 0 && same(old_root, root);
  if (old === 0) return path.length === 0 && same(old_root, await tree_hash([]));
  const whole = Number.isInteger(Math.log2(old));
  const [first, ...rest] = whole ? [old_root, ...path] : path;
  if (first === undefined) return false;
  let [place, last] = [old - 1, size - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let [before, after] = [first, first];
  for (const one of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      before = await node_hash(one, before);
      after = await node_hash(one, after);
      while (place > 0 && place % 2 === 0) [place, last] = [half(place), half(last)];
    } else {
      after = await node_hash(after, one);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(before, old_root) && same(after, root);
}

function half(one: number): number {
  return Math.floor(one / 2);
}

function same(one: Hash, other: Hash): boolean {
  return hex(one) === hex(other);
}
