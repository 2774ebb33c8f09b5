// Clear what left this tablet's scope when its date has come, and state that. The twin of
// `purging.py`.
//
// Only the server's word that an order left, and the date in it by the server's time, lead
// here: what is merely absent is never cleared. Spared is whatever the server may not have
// yet, and work that somebody is in the middle of (invariant 36). May not enter: taking
// anything home.

import { unnamed, type Head } from "../../../../sync/envelope.ts";
import { ERASED, type Document } from "../../../../sync/exchange.ts";
import { MOST_ORDERS, write_fact } from "../../../../sync/facts.ts";
import { is_list, type Json } from "../../../../sync/json.ts";
import { Refused } from "../../../../sync/problems.ts";
import { Reading } from "../../../../sync/reading.ts";
import type { Owned, Place } from "../store/owed.ts";
import type { Held } from "../store/projection.ts";
import { look } from "../tablet/sight.ts";
import type { Exchanging } from "./contact.ts";

const MOST_LATE_MS = 30 * 86_400_000; // a visit that nobody ended is not under way for ever
const CLEARED = "cleared"; // the note of what is off this tablet and not yet stated

/** Clear what is due; let go of own facts that are backed up and of which no order is on
 * this tablet any more. */
export async function purge(exchange: Exchanging): Promise<void> {
  if (exchange.welcome === null) return;
  const due = await due_by(exchange, exchange.welcome.server_ms);
  await clear(exchange, due);
  await state(exchange);
  const left = exchange.report.complete ? await left_behind(exchange) : due;
  await exchange.store.outbox.let_go(left);
  await exchange.store.vouchers.let_go();
}

/** What was erased at an owner's wish goes here too, and that is stated. */
export async function forget(
  exchange: Exchanging, documents: readonly Document[],
): Promise<void> {
  const gone: string[] = [];
  for (const { stream, flaws } of documents) {
    const names = new Set([...flaws].flatMap(([name, flaw]) =>
      flaw === ERASED ? [name] : []));
    if (names.size && await exchange.store.outbox.forget(stream, names)) gone.push(stream);
  }
  for (let first = 0; first < gone.length; first += MOST_ORDERS) {
    await tell(exchange, gone.slice(first, first + MOST_ORDERS), "erasure.done");
  }
}

/** Orders that left, whose date has come, and that nothing holds back. */
async function due_by(exchange: Exchanging, server_ms: number): Promise<readonly string[]> {
  const { projection, store: { outbox } } = exchange;
  const originals = await outbox.originals();
  const pending = new Set(originals.filter((one) => !one.safe).map((one) => one.sha256));
  const found: string[] = [];
  for (const held of await projection.documents()) {
    const late_ms = held.gone ? server_ms - held.gone.purge_ms : -1;
    if (late_ms < 0) continue;
    const own = await outbox.facts(held.stream);
    if (is_owed(own, pending)) continue;
    if (late_ms > MOST_LATE_MS || !(await goes_on(exchange, held, own))) {
      found.push(held.stream);
    }
  }
  return found;
}

/** Is any of it, or of the bytes it speaks of, not yet safe with the server? */
function is_owed(own: readonly Owned[], pending: ReadonlySet<string>): boolean {
  return own.some((one) =>
    !one.safe || unnamed(one.b).head.blobs.some((ref) => pending.has(ref.sha256)));
}

/** Is the technician in the home, as far as anybody said, or can nobody tell? */
async function goes_on(
  { projection, door }: Exchanging, held: Held, own: readonly Owned[],
): Promise<boolean> {
  try {
    const { order } = await look(held, own, (token) => projection.anchor(token));
    return order.visits.some((visit) =>
      visit.by === door.who.actor && visit.left === null && visit.outcome === null);
  } catch (why) {
    if (why instanceof Refused) return true;
    throw why;
  }
}

/** Off the tablet. Noted first, so that no crash leaves a clearing unstated. */
async function clear({ projection }: Exchanging, due: readonly string[]): Promise<void> {
  for (const stream of due) {
    const noted = texts(await projection.note(CLEARED));
    await projection.keep_note(CLEARED, [...new Set([...noted, stream])].sort());
    await projection.drop(stream);
  }
}

/** State what was noted and is really off; a crash in between states it twice. */
async function state(exchange: Exchanging): Promise<void> {
  const { projection } = exchange;
  const noted = texts(await projection.note(CLEARED));
  const off: string[] = [];
  for (const stream of noted) {
    if ((await projection.document(stream)) === null) off.push(stream);
  }
  for (let first = 0; first < off.length; first += MOST_ORDERS) {
    await tell(exchange, off.slice(first, first + MOST_ORDERS));
  }
  if (noted.length) await projection.keep_note(CLEARED, []);
}

function texts(value: Json): readonly string[] {
  return is_list(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Write it into this device's own stream; it is handed in with the next contact. */
async function tell(
  exchange: Exchanging, orders: readonly string[],
  kind: "purge.done" | "erasure.done" = "purge.done",
): Promise<void> {
  const { door, store, projection, clocks, epoch } = exchange;
  const contact = await projection.contact();
  const at = Reading.wire(contact
    ? clocks.reading(contact.anchor, contact.token)
    : clocks.reading());
  await store.outbox.write(async (place: Place) => {
    const head: Head = {
      stream: `device:${door.who.device}`, log: place.log, n: place.n, prev: place.prev,
      epoch, basis: 0, lamport: place.n, by: door.who.actor, at, private: new Map(),
      blobs: [],
    };
    const fact = await write_fact({ kind, says: { orders } }, head);
    return [fact, new Map(), new Map()];
  });
}

/** Orders of own facts that are not on this tablet any more. */
async function left_behind({ store, projection }: Exchanging): Promise<readonly string[]> {
  const known = await projection.everyones();
  const own = new Set((await store.outbox.facts()).map((one) => one.stream));
  return [...own].filter((stream) => !known.has(stream));
}
