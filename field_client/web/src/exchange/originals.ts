// Send originals: signatures and sheets in one lane, photos in another. The twin of
// `originals.py`.
//
// What the server says in `have` of exactly these bytes is the only receipt (V4); an upload
// that went through proves nothing yet. One photo that fails holds up no other. May not
// enter: how bytes travel (`sending.ts`).

import { Lane } from "../../../../sync/exchange.ts";
import { is_object, type Json, type JsonObject } from "../../../../sync/json.ts";
import type { Original } from "../store/owed.ts";
import { an_object } from "./answers.ts";
import type { Exchanging } from "./contact.ts";
import { send } from "./sending.ts";
import { Answered } from "./transport.ts";

const ASK_AT_ONCE = 100;
const URGENT: ReadonlySet<string> = new Set(["signature", "sheet"]);
const THROTTLED: ReadonlySet<number> = new Set([401, 429, 503, 507]);
const FINAL: ReadonlySet<number> = new Set([400, 413, 415, 422]);

type Belongs = (one: Original) => boolean;
const is_urgent: Belongs = (one) => URGENT.has(one.role);

/** What the owner signed, before any photo. */
export async function send_signatures(exchange: Exchanging): Promise<void> {
  await send_lane(exchange, "signatures", is_urgent);
}

/** Everything else. */
export async function send_photos(exchange: Exchanging): Promise<void> {
  await send_lane(exchange, "photos", (one) => !is_urgent(one));
}

async function send_lane(
  exchange: Exchanging, name: string, belongs: Belongs,
): Promise<void> {
  const { projection, store: { outbox } } = exchange;
  const waiting = async (): Promise<readonly Original[]> =>
    (await outbox.originals()).filter((one) => one.waiting && belongs(one));
  let lane = await projection.lane(name);
  await ask_receipts(exchange, await waiting());
  const todo = (await waiting()).filter((one) => !lane.shelf.has(one.sha256));
  const taken = new Set<string>();
  for (const [number, original] of todo.entries()) {
    exchange.watch(name, number, todo.length);
    const [after, went] = await try_one(exchange, name, lane, original);
    if (went) taken.add(original.sha256);
    lane = after;
    await projection.keep_lane(name, lane);
  }
  if (todo.length) {
    exchange.watch(name, todo.length, todo.length);
    await ask_receipts(exchange, todo);
  }
  const left = await waiting();
  await exchange.note_unreceipted(
    name, left.map((one) => one.sha256).filter((one) => taken.has(one)),
  );
  const shelved = left.filter((one) => lane.shelf.has(one.sha256));
  if (shelved.length) exchange.report.trouble(name, "shelved", String(shelved.length));
}

/** Send one, and say if it went; a no about these very bytes shelves them, other trouble does not. */
async function try_one(
  exchange: Exchanging, name: string, lane: Lane, original: Original,
): Promise<readonly [Lane, boolean]> {
  try {
    await send(exchange, original);
  } catch (no) {
    if (!(no instanceof Answered) || THROTTLED.has(no.status)) throw no;
    exchange.report.trouble(name, no.code || String(no.status), original.sha256.slice(0, 8));
    return [FINAL.has(no.status) ? lane.failed([original.sha256], true) : lane, false];
  }
  return [lane.went_well([original.sha256]), true];
}

/** Keep the server's receipts for those of these bytes that it has. */
async function ask_receipts(
  exchange: Exchanging, originals: readonly Original[],
): Promise<void> {
  for (let first = 0; first < originals.length; first += ASK_AT_ONCE) {
    const names = originals.slice(first, first + ASK_AT_ONCE).map((one) => one.sha256);
    const question = new Map<string, Json>([["logs", []], ["blobs", names]]);
    const answer = await exchange.door.ask_json("POST", "/v1/sync/have", question);
    const held = an_object(answer).get("blobs");
    for (const sha256 of names) {
      const receipt = is_object(held) ? held.get(sha256) : undefined;
      if (is_object(receipt)) await settle(exchange, sha256, receipt);
    }
  }
}

async function settle(
  exchange: Exchanging, sha256: string, receipt: JsonObject,
): Promise<void> {
  const position = receipt.get("position");
  if (typeof position !== "number") return;
  await exchange.store.outbox.settle_original(sha256, exchange.epoch, position, receipt);
  exchange.report.originals += 1;
  const flaw = receipt.get("flaw");
  if (typeof flaw === "string" && flaw) exchange.report.flaws.set(sha256, flaw);
}
