// Hand in facts until none waits: the first lane. The twin of `handing_in.py`.
//
// Batches are halved when they fail, a single fact that still fails goes to a shelf where
// people see it, and the rest goes on (F20). A fact is handed over by its receipt in a
// sealed answer and by nothing else. May not enter: documents, photos.

import { bytes_of } from "../../../../sync/envelope.ts";
import { Claim, in_custody, Lane, MOST_FACTS, receipts_for } from "../../../../sync/exchange.ts";
import { write_json, type Json } from "../../../../sync/json.ts";
import { root_of } from "../../../../sync/log.ts";
import { Reading } from "../../../../sync/reading.ts";
import { push_text, sign } from "../../../../sync/signing.ts";
import type { Owned } from "../store/owed.ts";
import { new_log } from "../tablet/keys.ts";
import { read_outcomes } from "./answers.ts";
import type { Exchanging } from "./contact.ts";
import { JSON_, json_of } from "./door.ts";
import { Answered, NoAnswer, type Bytes, type Headers_ } from "./transport.ts";

export const LANE = "facts";
const FRAME_BYTES = 4096; // what a push weighs without its facts
const MOST_FAILURES = 24; // in one exchange, without any success between
const MOST_SHELF_FAILURES = 3;
const NOT_THE_BATCH: ReadonlySet<number> = new Set([401, 403, 429, 503, 507]);

/** Push until nothing waits but the shelf. */
export async function hand_in(exchange: Exchanging): Promise<void> {
  const { projection, store: { outbox } } = exchange;
  let lane = await projection.lane(LANE);
  let waiting = await outbox.waiting();
  let failures = 0;
  const total = waiting.length;
  const answered = new Set<string>();
  for (;;) {
    const batch = next(exchange, lane, waiting);
    if (failures >= MOST_FAILURES || !batch.length) break;
    const ids = batch.map((one) => one.id);
    try {
      await push(exchange, batch);
      ids.forEach((id) => answered.add(id));
      const before = waiting.length;
      waiting = await outbox.waiting();
      exchange.watch(LANE, Math.max(0, total - waiting.length), total);
      lane = lane.went_well(ids);
      // An answer that settles nothing is not asked for again.
      failures = waiting.length < before ? 0 : MOST_FAILURES;
    } catch (error) {
      const too_large = is_too_large(error);
      if (!is_the_batch(error)) {
        await projection.keep_lane(LANE, lane.lost(ids));
        throw error;
      }
      failures += 1;
      lane = lane.failed(ids, too_large);
    }
    await projection.keep_lane(LANE, lane);
  }
  await exchange.note_unreceipted(
    LANE, waiting.map((one) => one.id).filter((id) => answered.has(id)),
  );
  if (failures < MOST_FAILURES) lane = await try_shelf(exchange, lane);
  await report_shelf(exchange, lane);
}

/** Said of this batch, maybe by something in between: it takes no custody either. */
function is_the_batch(error: unknown): boolean {
  if (error instanceof Answered) return !NOT_THE_BATCH.has(error.status);
  return is_too_large(error);
}

function is_too_large(error: unknown): boolean {
  return (error instanceof Answered || error instanceof NoAnswer) && error.status === 413;
}

/** Once everything else is in: each fact on the shelf once more, alone. What only the
 * weather put there is in at once, and no fact waits for a person to ask (M6). */
async function try_shelf(exchange: Exchanging, held: Lane): Promise<Lane> {
  const waiting = new Map((await exchange.store.outbox.waiting()).map((one) => [one.id, one]));
  let lane = held;
  let failures = 0;
  for (const name of [...held.shelf].sort()) {
    if (failures === MOST_SHELF_FAILURES) break;
    const one = waiting.get(name);
    try {
      if (one) await push(exchange, [one]);
      lane = new Lane({ ...lane, shelf: without(lane.shelf, name) });
      await exchange.projection.keep_lane(LANE, lane);
    } catch (error) {
      if (!is_the_batch(error)) throw error;
      failures += 1;
    }
  }
  return lane;
}

function without(shelf: ReadonlySet<string>, name: string): ReadonlySet<string> {
  return new Set([...shelf].filter((one) => one !== name));
}

/** The next facts, all of one log. */
function next(
  { limits }: Exchanging, lane: Lane, waiting: readonly Owned[],
): readonly Owned[] {
  const free = waiting.filter((one) => !lane.shelf.has(one.id));
  const of_one_log = free.filter((one) => one.log === free[0]?.log);
  const batch = of_one_log.slice(0, MOST_FACTS + lane.aside.length); // more is not weighed
  const room = { ...limits, bytes: limits.bytes - FRAME_BYTES };
  const chosen = new Set(
    lane.batch(batch.map((one): [string, number] => [one.id, weight(one)]), room),
  );
  return batch.filter((one) => chosen.has(one.id));
}

function weight(one: Owned): number {
  return bytes_of(write_json(one.wire)).length + 2;
}

/** Hand in one batch and keep what the server said of each fact. */
async function push(exchange: Exchanging, batch: readonly Owned[]): Promise<void> {
  const { door, store, report } = exchange;
  const log = batch[0]?.log ?? "";
  const ids = batch.map((one) => one.id);
  const claim = await store.outbox.claim(log, Reading.wire(exchange.clocks.reading()));
  const signature = await sign(door.key.privateKey, push_text(log, await root_of(ids)));
  const offer = new Map<string, Json>([
    ["claim", Claim.write(claim)], ["facts", batch.map((one) => one.wire)],
    ["signature", signature],
  ]);
  const [body, headers] = await packed(bytes_of(write_json(offer)));
  const reply = await door.ask("POST", "/v1/sync/push", body, headers);
  const answer = read_outcomes(json_of(reply));
  await store.outbox.meet(answer.epoch, answer.durable_through);
  const receipts = [...receipts_for(ids, answer).values()];
  await store.outbox.settle(receipts, answer.epoch);
  exchange.saw(answer.head);
  await store.vouchers.keep(answer.voucher, answer.epoch, claim);
  if (answer.new_instance) await store.outbox.open_log(log, new_log(door.who.device));
  report.facts += receipts.filter(in_custody).length;
}

/** The body as it travels: packed where the browser can pack. */
async function packed(text: Bytes): Promise<readonly [Bytes, Headers_]> {
  if (!("CompressionStream" in globalThis)) return [text, JSON_];
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  return [body, { ...JSON_, "Content-Encoding": "gzip" }];
}

async function report_shelf({ store, report }: Exchanging, lane: Lane): Promise<void> {
  const waiting = await store.outbox.waiting();
  const shelved = waiting.filter((one) => lane.shelf.has(one.id));
  if (shelved.length) report.trouble(LANE, "shelved", String(shelved.length));
}
