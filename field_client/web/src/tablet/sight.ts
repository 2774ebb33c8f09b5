// An order as its technician sees it: the server's document with the tablet's own facts on
// top, and the private values beside it.
//
// The twin of `sight.py`. May not enter: databases, clocks, screens.

import { read } from "../../../../sync/envelope.ts";
import { basis_in, type Lineage } from "../../../../sync/epochs.ts";
import { understand, type Fact } from "../../../../sync/facts.ts";
import { fold, type Kept } from "../../../../sync/fold.ts";
import { number_of, Order } from "../../../../sync/order.ts";
import { typed } from "../../../../sync/plain.ts";
import { Refused } from "../../../../sync/problems.ts";
import { with_settled } from "../../../../sync/settled.ts";
import { assess, own_witness, type Anchor } from "../../../../sync/timing.ts";
import { read_document } from "../exchange/answers.ts";
import type { Owned } from "../store/owed.ts";
import type { Held } from "../store/projection.ts";

export const NOWHERE_PARTED: Lineage = new Map();
export type Anchors = (token: string | null) => Promise<Anchor | null>;

/** What is seen, and as of when: `rev` is the basis of what a person does next. */
export class Sight {
  readonly order: Order;
  readonly rev: number;
  readonly epoch: string;
  readonly values: ReadonlyMap<string, string>; // by commitment
  readonly held: ReadonlySet<string>; // originals whose bytes the server has
  readonly flaws: ReadonlyMap<string, string>;
  readonly gone: string | null; // why the order is no longer this technician's
  readonly own: readonly Owned[]; // this tablet's facts about it, with their receipts

  constructor(seen: Omit<Sight, "text" | "name">) {
    this.order = seen.order;
    this.rev = seen.rev;
    this.epoch = seen.epoch;
    this.values = seen.values;
    this.held = seen.held;
    this.flaws = seen.flaws;
    this.gone = seen.gone;
    this.own = seen.own;
  }

  /** A private value by its name; empty if it was not given or is erased. */
  text(held: ReadonlyMap<string, string>, name: string): string {
    return this.values.get(held.get(name) ?? "") ?? "";
  }

  /** What people call the order. */
  get name(): string {
    return number_of(this.order) ?? this.order.stream.replace("order:", "").slice(0, 8);
  }
}

/** The document with the own facts that it does not include yet.
 *
 * `anchor` gives the contact behind a time token; `lineage` says how far the basis of a fact
 * from another epoch counts beside this document (invariant 20). Refuses a document of a
 * version that this tablet cannot read; nothing about it is lost. */
export async function look(
  held: Held, own: readonly Owned[], anchor: Anchors, lineage: Lineage = NOWHERE_PARTED,
): Promise<Sight> {
  const [document, order] = understood(held);
  const included = new Set(order.history.map((entry) => entry.id));
  const above = own.filter((one) => is_above(one, held, included));
  const kept = await Promise.all(above.map((one) => kept_of(one, anchor, held, lineage)));
  const fresh = kept.filter((one) => one !== null);
  const values = new Map([...document.private].map(
    ([name, [, value]]): [string, string] => [name, value ?? ""]));
  for (const [name, value] of await own_values(own)) values.set(name, value);
  const folded = fresh.length ? await fold(fresh, order) : order;
  return new Sight({
    order: with_settled(folded, held.gone?.settled ?? []),
    rev: held.rev,
    epoch: held.epoch,
    values,
    held: new Set(document.held),
    flaws: document.flaws,
    gone: held.gone?.reason ?? null,
    own,
  });
}

function understood(held: Held): readonly [ReturnType<typeof read_document>, Order] {
  try {
    const document = read_document(held.document);
    return [document, typed(Order, document.order)];
  } catch (why) {
    if (!(why instanceof Error)) throw why;
    throw new Refused("document_unreadable", { why: why.message });
  }
}

/** Whether the tablet still has to show this fact itself, so that nothing flickers between
 * the receipt and the document that includes it. */
function is_above(one: Owned, held: Held, included: ReadonlySet<string>): boolean {
  if (included.has(one.id)) return false;
  const { receipt } = one;
  if (receipt === null || receipt.position === null || one.epoch !== held.epoch) return true;
  return receipt.outcome === "deferred" || receipt.position > held.rev;
}

/** An own fact to be shown on top; null for one of a kind that only a newer version knows: it
 * stays in the outbox and hides nothing else. */
async function kept_of(
  one: Owned, anchor: Anchors, held: Held, lineage: Lineage,
): Promise<Kept | null> {
  let fact: Fact;
  try {
    fact = understand(await read(one.b));
  } catch (why) {
    if (why instanceof Refused) return null;
    throw why;
  }
  const witness = own_witness(await anchor(fact.reading.token));
  const said = fact.envelope.head;
  const other = lineage.size > 0 && said.epoch !== held.epoch;
  const basis = other ? basis_in(held.epoch, said.epoch, said.basis, lineage) : null;
  return { fact, moment: assess(fact.reading, witness), basis };
}

/** Own private values by their commitments. */
async function own_values(own: readonly Owned[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const one of own) {
    if (one.x.size === 0) continue;
    const promised = (await read(one.b)).head.private;
    for (const [name, [, value]] of one.x) {
      const commitment = promised.get(name);
      if (commitment !== undefined) found.set(commitment, value);
    }
  }
  return found;
}

/** What an own fact says. */
export async function describe(one: Owned): Promise<Fact> {
  return understand(await read(one.b));
}
