// What each order still owes the server, told from stored receipts alone.
//
// A photo, a signature, a sheet belong to the order whose fact names them. May not enter:
// storage, requests, words.

import { is_list, is_object, read_json } from "../../../sync/json.ts";
import type { Truth } from "./state.ts";
import type { Original, Owned } from "./store/owed.ts";

/** One original and the fact that speaks of it. */
export interface Piece {
  readonly fact: string;
  readonly original: Original;
}

/** What is known of one order's facts and originals. */
export interface Owing {
  readonly stream: string;
  readonly facts: readonly Owned[];
  readonly pieces: readonly Piece[];
  readonly truth: Truth;
  readonly bytes_waiting: number;
  readonly troubled: readonly string[]; // ids of facts and originals that need a person
}

type Rows = readonly [facts: Owned[], pieces: Piece[]];

/** What every order owes, by stream. `shelved`: what failed again and again. */
export function owing_of(
  facts: readonly Owned[], originals: readonly Original[], shelved: ReadonlySet<string>,
): ReadonlyMap<string, Owing> {
  const named = new Map(originals.map((one) => [one.sha256, one]));
  const rows = new Map<string, Rows>();
  for (const fact of facts) {
    const [own, pieces] = rows.get(fact.stream) ?? [[], []];
    own.push(fact);
    for (const sha256 of blobs_of(fact)) {
      const original = named.get(sha256);
      if (original !== undefined) pieces.push({ fact: fact.id, original });
    }
    rows.set(fact.stream, [own, pieces]);
  }
  return new Map([...rows].map(([stream, [own, pieces]]) =>
    [stream, summed(stream, own, pieces, shelved)]));
}

function summed(
  stream: string, facts: readonly Owned[], pieces: readonly Piece[],
  shelved: ReadonlySet<string>,
): Owing {
  const troubled = [
    ...facts.filter((one) => fact_trouble(one, shelved) !== null).map((one) => one.id),
    ...pieces.filter(({ original: one }) => piece_trouble(one, shelved) !== null)
      .map(({ original: one }) => one.sha256),
  ];
  const originals = pieces.map((one) => one.original);
  return {
    stream, facts, pieces, troubled,
    truth: troubled.length ? "attention" : truth_of([...facts, ...originals]),
    bytes_waiting: waiting_bytes(facts, originals),
  };
}

/** Why a fact needs a person, as a code; null if it does not. */
export function fact_trouble(one: Owned, shelved: ReadonlySet<string>): string | null {
  if (one.refused) return "refused";
  if (one.waiting && shelved.has(one.id)) return "shelved";
  const outcome = one.receipt?.outcome;
  return outcome === "quarantined" || outcome === "review" ? outcome : null;
}

/** Why an original needs a person, as a code; null if it does not. */
export function piece_trouble(one: Original, shelved: ReadonlySet<string>): string | null {
  if (one.flaw !== null) return one.flaw;
  return one.waiting && shelved.has(one.sha256) ? "shelved" : null;
}

type Kept = Pick<Owned, "waiting" | "safe"> & { readonly refused?: boolean };

/** Is it on this tablet alone: not receipted, or refused? */
export function is_only_here(one: Kept): boolean {
  return one.waiting || one.refused === true;
}

/** The least that is true of all of these. */
export function truth_of(all: readonly Kept[]): Truth {
  if (all.some(is_only_here)) return "saved";
  return all.every((one) => one.safe) ? "backed_up" : "handed_over";
}

function waiting_bytes(facts: readonly Owned[], originals: readonly Original[]): number {
  const texts = facts.filter((one) => one.waiting).reduce((sum, one) => sum + one.b.length, 0);
  return originals.filter((one) => one.waiting).reduce((sum, one) => sum + one.size, texts);
}

/** The bytes that a fact speaks of, by digest; also of a kind that is not known here. */
function blobs_of(fact: Owned): readonly string[] {
  const named = read_json(fact.b, null).get("bl");
  if (!is_list(named)) return [];
  return named.flatMap((one) => {
    const sha256 = is_object(one) ? one.get("sha256") : null;
    return typeof sha256 === "string" ? [sha256] : [];
  });
}
