// After the server went back in time: show it what the lost history had decided, and ask
// which facts it still has. The twin of `looking_back.py`.
//
// What it lacks is handed in as always (F17). Originals and facts are kept until
// `durable_through`, so there is something to hand in. May not enter: deciding anything.

import { bytes_of } from "../../../../sync/envelope.ts";
import { shared } from "../../../../sync/epochs.ts";
import { in_custody, type Receipt } from "../../../../sync/exchange.ts";
import { is_object, type Json, type JsonObject } from "../../../../sync/json.ts";
import type { Owned } from "../store/owed.ts";
import type { Former } from "../store/projection.ts";
import { read_receipts } from "./answers.ts";
import type { Exchanging } from "./contact.ts";

const AT_ONCE = 200; // facts in one question
const MOST_BYTES = 128 * 1024; // of documents in one request
const NOTHING: ReadonlyArray<readonly [string, Json]> = [["logs", []], ["blobs", []]];

/** Documents first: what people must know must not wait for the rest. */
export async function look_back(exchange: Exchanging): Promise<void> {
  await show_again(exchange);
  await ask_receipts(exchange);
}

async function show_again(exchange: Exchanging): Promise<void> {
  const { store, projection, epoch, door } = exchange;
  const lineage = await store.vouchers.epochs();
  const former = await projection.former(epoch);
  /** Does it speak of what came after the two histories parted? */
  const may_be_lost = (one: Former): boolean =>
    one.gone !== null || one.rev > shared(one.epoch, epoch, lineage);
  await projection.shown_again(former.filter((one) => !may_be_lost(one)), epoch);
  for (const some of portions(former.filter(may_be_lost))) {
    await door.ask_json("POST", "/v1/sync/have", new Map<string, Json>([
      ...NOTHING,
      ["documents", some.map(document_of)],
      ["gone", some.flatMap((one) => (is_marked(one.gone) ? [one.gone] : []))],
    ]));
    await projection.shown_again(some, epoch);
  }
}

/** The document, as it is handed back. */
function document_of({ stream, rev, epoch, text, mac }: Former): JsonObject {
  return new Map<string, Json>(Object.entries({ stream, rev, epoch, text, mac }));
}

function is_marked(gone: Json): gone is JsonObject {
  return is_object(gone) && Boolean(gone.get("mac"));
}

function portions(documents: readonly Former[]): readonly (readonly Former[])[] {
  const found: Former[][] = [];
  let room = 0;
  for (const one of documents) {
    const weight = bytes_of(one.text).length;
    if (weight > room || !found.length) {
      found.push([]);
      room = MOST_BYTES;
    }
    found.at(-1)?.push(one);
    room -= weight;
  }
  return found;
}

/** Facts that the server still has need not travel again. */
async function ask_receipts({ store, epoch, door }: Exchanging): Promise<void> {
  const outdated = await store.outbox.outdated();
  for (let first = 0; first < outdated.length; first += AT_ONCE) {
    const some = outdated.slice(first, first + AT_ONCE);
    const question = new Map<string, Json>([...NOTHING, ["facts", by_log(some)]]);
    const answer = await door.ask_json("POST", "/v1/sync/have", question);
    const held = new Map(some.map((one) => [one.id, one.receipt]));
    const known = read_receipts(answer).flatMap((now): Receipt[] => {
      const was = held.get(now.id);
      if (!was || !in_custody(now)) return [];
      return [{ ...was, position: now.position, received_ms: now.received_ms }];
    });
    await store.outbox.settle(known, epoch);
  }
}

/** Numbers and ids by log. */
function by_log(facts: readonly Owned[]): JsonObject {
  const logs = new Map<string, Json[]>();
  for (const one of [...facts].sort((a, b) => a.n - b.n)) {
    logs.set(one.log, [...(logs.get(one.log) ?? []), [one.n, one.id]]);
  }
  return logs;
}
