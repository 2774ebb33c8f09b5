// Epochs: a server that went back in time counts positions anew from where it stands.
//
// The twin of `epochs.py`; both meet tests/vectors/epochs.json. A position means something
// only with its epoch (K8). Each epoch but the first has a parent, and up to its fork
// position its book is the parent's. May not enter: how a restore is noticed.

import { bytes_of, MAX_INTEGER } from "./envelope.ts";
import type { Opened } from "./exported/records.ts";

export { Opened } from "./exported/records.ts";

export type Lineage = ReadonlyMap<string, Opened>;

/** What the server signs when it opens an epoch. */
export function opened_text(one: Opened): Uint8Array<ArrayBuffer> {
  return bytes_of([
    "doorstep epoch", one.epoch, one.parent || "-", one.fork_position, one.opened_ms,
  ].join("\n"));
}

/** These epochs by name. */
export function lineage_of(opened: readonly Opened[]): Lineage {
  return new Map(opened.map((one) => [one.epoch, one]));
}

/** Up to this position the books of both epochs hold the same; 0 if nothing is known of
 * either. */
export function shared(one: string, other: string, lineage: Lineage): number {
  const mine = new Map(ancestors(one, lineage));
  const both = [...ancestors(other, lineage)].flatMap(([name, upto]) => {
    const held = mine.get(name);
    return held === undefined ? [] : [Math.min(held, upto)];
  });
  return both.length ? Math.max(...both) : 0;
}

/** How far a basis of this epoch counts in the present one: what an author had seen of a
 * history that was lost, nobody has seen here. */
export function basis_in(
  present: string, epoch: string, basis: number, lineage: Lineage,
): number {
  return Math.min(basis, shared(present, epoch, lineage));
}

/** The epoch and those before it, each with how far its book is theirs. */
function* ancestors(name: string, lineage: Lineage): Iterable<[string, number]> {
  const seen = new Set<string>();
  let at: string | null = name;
  let upto = MAX_INTEGER;
  while (at !== null && !seen.has(at)) {
    yield [at, upto];
    seen.add(at);
    const known: Opened | undefined = lineage.get(at);
    upto = known ? Math.min(upto, known.fork_position) : 0;
    at = known?.parent ?? null;
  }
}
