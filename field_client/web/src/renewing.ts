// Look at what the tablet holds, and let every screen know: after a fact, after an exchange,
// when another tab wrote.
//
// May not enter: requests, how something looks.

import { signal } from "@preact/signals";

import { is_object, read_json } from "../../../sync/json.ts";
import { unreceipted } from "./exchange/contact.ts";
import { fact_trouble, is_only_here, piece_trouble } from "./owing.ts";
import { seen } from "./seen.ts";
import { holding, sights, tablet, type Holding } from "./state.ts";
import type { Original, Owned } from "./store/owed.ts";
import type { Sight } from "./tablet/sight.ts";

const LANES = ["facts", "signatures", "photos"] as const;

/** Facts and originals that failed again and again, by name. */
export const shelved = signal<ReadonlySet<string>>(new Set());

let turn: Promise<void> = Promise.resolve();

/** Read both stores anew into `sights` and `holding`. One at a time: the last one shows what
 * was written last. */
export function renew(): Promise<void> {
  turn = turn.then(look_again, look_again);
  return turn;
}

async function look_again(): Promise<void> {
  const { store } = tablet();
  const [facts, originals, shelf] = await Promise.all([
    store.outbox.facts(), store.outbox.originals(), shelves(),
  ]);
  shelved.value = shelf;
  const found = await tablet().sights();
  sights.value = new Map([...found].filter(
    (pair): pair is [string, Sight] => pair[1] !== null));
  holding.value = held(facts, originals, shelf);
}

/** What failed again and again, or was answered without a receipt, of facts and originals:
 * it waits, and a person should know (U06, U07). */
export async function shelves(): Promise<ReadonlySet<string>> {
  const { projection } = tablet().store;
  const [unproven, ...lanes] = await Promise.all([
    unreceipted(projection), ...LANES.map((name) => projection.lane(name)),
  ]);
  return new Set([...unproven, ...lanes.flatMap((lane) => [...lane.shelf])]);
}

function held(
  facts: readonly Owned[], originals: readonly Original[], shelf: ReadonlySet<string>,
): Holding {
  const open = facts.filter(is_only_here);
  const bytes = originals.filter((one) => one.waiting);
  const all = [...facts, ...originals];
  return {
    facts_waiting: open.length,
    originals_waiting: bytes.length,
    bytes_waiting: bytes.reduce((sum, one) => sum + one.size, 0) +
      open.reduce((sum, one) => sum + one.b.length, 0),
    oldest_ms: oldest(open),
    kept: all.filter((one) => !is_only_here(one) && !one.safe).length,
    attention: facts.filter((one) => is_news(fact_trouble(one, shelf), one.id)).length +
      originals.filter((one) => is_news(piece_trouble(one, shelf), one.sha256)).length,
  };
}

const NOT_YET: ReadonlySet<string> = new Set(["refused", "shelved"]); // until it is mended

/** Must a person look at it still? What the server merely says stays until it was seen. */
function is_news(why: string | null, name: string): boolean {
  return why !== null && (NOT_YET.has(why) || !seen.value.has(name));
}

/** The wall clock of the oldest fact that waits; by this tablet's own clock. */
function oldest(open: readonly Owned[]): number | null {
  const times = open.flatMap((one) => {
    const at = read_json(one.b, null).get("at");
    const wall = is_object(at) ? at.get("w") : null;
    return typeof wall === "number" ? [wall] : [];
  });
  return times.length ? Math.min(...times) : null;
}
