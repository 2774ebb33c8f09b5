// What takes the place of what, and what stands beside it.
//
// The twin of `registers.py`. Said again by somebody who had read it, a thing takes the
// place of what was said; said by two who could not know of each other, both stand until a
// person says it once more. Nothing leaves the history. May not enter: clocks, who is right.

import type { Beside, Entry, Order } from "./exported/records.ts";
import type { Fact } from "./facts.ts";
import { puts_right } from "./facts/effects.ts";
import { knew } from "./order.ts";

export const REGISTERS = [
  "survey", "items", "quote", "records", "photos", "parts",
] as const satisfies readonly (keyof Beside)[];
export const WITHDRAWN = [ // by name alone
  ...REGISTERS, "departures", "visits", "agreements", "taken_away",
] as const satisfies readonly (keyof Order)[];

type Name = (typeof WITHDRAWN)[number];
interface Value {
  readonly fact: string;
}

/** The order in which this fact, which comes next, finds its place empty: what its author
 * knew of is replaced, the rest stands beside it. */
export function make_room(order: Order, fact: Fact, entry: Entry): Order {
  if (!entry.about) return order;
  const named = puts_right(fact.what);
  const met = order.history.filter((one) => one.about === entry.about || one.id === named);
  if (!met.length) return order;
  const standing = standing_in(order);
  const taken = met.filter((one) => one.id === named || knew(entry, one));
  const known = new Set(taken.map((one) => one.id).filter((id) => standing.has(id)));
  const unknown = new Set(met.map((one) => one.id).filter((id) => !known.has(id)));
  return replaced(order, known, unknown, entry.id);
}

/** What has become of each fact (invariant 27): it `counts`, it is `replaced`, or it stands
 * `beside` another that neither knew of. */
export function classes(
  order: Order,
): ReadonlyMap<string, "counts" | "replaced" | "beside"> {
  const beside = set_aside(order);
  return new Map(order.history.map(({ id, replaced_by }) => [
    id, replaced_by ? "replaced" : beside.has(id) ? "beside" : "counts",
  ]));
}

function set_aside(order: Order): Set<string> {
  return new Set(REGISTERS.flatMap((name) => order.beside[name].map((one) => one.fact)));
}

/** The facts that a value of the document rests on. */
function standing_in(order: Order): ReadonlySet<string> {
  const shown = WITHDRAWN.flatMap((name) => values(order, name).map((one) => one.fact));
  return new Set([...shown, ...set_aside(order)]);
}

function values(order: Order, name: Name): readonly Value[] {
  const held: readonly Value[] | Value | null = order[name];
  if (held === null) return [];
  return is_several(held) ? held : [held];
}

function is_several(held: readonly Value[] | Value): held is readonly Value[] {
  return Array.isArray(held);
}

function replaced(
  order: Order, known: ReadonlySet<string>, unknown: ReadonlySet<string>, by: string,
): Order {
  const shown = WITHDRAWN.map((name) => {
    const stays = values(order, name).filter(
      ({ fact }) => !known.has(fact) && !unknown.has(fact),
    );
    return [name, Array.isArray(order[name]) ? stays : stays[0] ?? null] as const;
  });
  const beside = REGISTERS.map((name) => {
    const moves = values(order, name).filter(({ fact }) => unknown.has(fact));
    const held: readonly Value[] = order.beside[name];
    return [name, [...held, ...moves].filter(({ fact }) => !known.has(fact))] as const;
  });
  const history = order.history.map((one) =>
    known.has(one.id) ? { ...one, replaced_by: by } : one);
  return {
    ...order, history,
    ...Object.fromEntries(shown) as unknown as Pick<Order, Name>,
    beside: Object.fromEntries(beside) as unknown as Beside,
  };
}
