// A tablet with canned data, for whoever works on a screen: `/tablet/?canned=NAME#/…`.
//
// The documents were folded by Python (`infra/canned.py`), what the tablet itself recorded is
// told here by the real client, on scratch databases that are made anew each time; nobody is
// reached. Never part of the first load. May not enter: the tablet's own databases.

import { deleteDB } from "idb";

import { in_custody, Page, Receipt } from "../../../../sync/exchange.ts";
import type { What } from "../../../../sync/facts.ts";
import { as_json, is_object, type Json, type JsonObject } from "../../../../sync/json.ts";
import { typed } from "../../../../sync/plain.ts";
import { NoAnswer, type Call } from "../exchange/transport.ts";
import { open_with } from "../opening.ts";
import { droppable, frozen } from "../store/database.ts";
import { OUTBOX, PROJECTION, PROJECTION_VERSION, VERSION } from "../store/layout.ts";
import { Outbox, type OutboxSchema } from "../store/outbox.ts";
import { Persons } from "../store/persons.ts";
import { Projection, type ProjectionSchema } from "../store/projection.ts";
import { Room } from "../store/room.ts";
import type { Store } from "../store/store.ts";
import { Vouchers } from "../store/vouchers.ts";
import { Client, type Handed } from "../tablet/client.ts";
import { Clocks } from "../tablet/clocks.ts";
import { CHANCE } from "../tablet/keys.ts";
import { understood } from "./understood.ts";

const OUTBOX_NAME = "doorstep-canned-outbox";
const PROJECTION_NAME = "doorstep-canned-projection";

/** What `infra/canned.py` writes down. */
interface Canned {
  readonly now_ms: number;
  readonly actor: string;
  readonly page: object; // as the server answers a pull
  readonly policy: object;
  readonly told: readonly Told[];
}

/** One fact of this tablet, and what came of it. */
interface Told {
  readonly stream: string;
  readonly kind: string;
  readonly says: object;
  readonly words?: Readonly<Record<string, string>>;
  readonly photo?: string; // its colour
  readonly outcome?: string; // of its receipt; without one it waits
  readonly reviews?: readonly string[];
  readonly photo_outcome?: "kept" | "flawed";
}

const DATA = import.meta.glob<{ readonly default: Canned }>("./*.json");

/** Open the tablet on these data. */
export async function open_canned(name: string): Promise<void> {
  const fetch = DATA[`./${name}.json`];
  if (fetch === undefined) throw new Error(`canned: ${Object.keys(DATA).join(" ")}`);
  const canned = (await fetch()).default;
  await Promise.all([deleteDB(OUTBOX_NAME), deleteDB(PROJECTION_NAME)]);
  const store = await scratch();
  const clocks = clocks_at(canned.now_ms);
  const client = new Client(store, clocks, CHANCE, nobody);
  await fill(client, canned);
  await open_with(client, nobody);
}

const nobody: Call = () => Promise.reject(new NoAnswer("canned"));

async function scratch(): Promise<Store> {
  const held = frozen<OutboxSchema>(OUTBOX_NAME, VERSION, OUTBOX, () => {});
  await held.open();
  const kept = droppable<ProjectionSchema>(PROJECTION_NAME, PROJECTION_VERSION, PROJECTION);
  await kept.open();
  const outbox = new Outbox(held);
  return {
    outbox, vouchers: new Vouchers(held), persons: new Persons(held),
    projection: new Projection(kept, ""), room: new Room(),
    close: async () => { await held.close(); await kept.close(); },
    exchanging: (work) => work(),
    remember: () => {},
  };
}

/** A clock that showed this when the page was opened. */
function clocks_at(now_ms: number): Clocks {
  const begun = performance.now();
  return new Clocks({
    wall_ms: () => Math.floor(now_ms + performance.now() - begun),
    ticks_ms: () => Math.floor(performance.now()), name: () => "page-canned",
  });
}

async function fill(client: Client, canned: Canned): Promise<void> {
  const { store } = client;
  const { actor, now_ms } = canned;
  const page = typed(Page, as_json(canned.page));
  await store.persons.enrol({
    device: "li-tablet", actor, role: "technician", server: location.origin,
    server_key: {} as never, certificate: "",
  }, "li-tablet.can1");
  store.projection.person = actor;
  await store.projection.keep_note("policy", object_of({ name: "canned", policy: canned.policy }));
  await store.projection.take_home(page, new Set());
  await store.outbox.meet(page.epoch, page.durable_through);
  const { boot_ms, boot, wall_ms } = client.clocks.look();
  await store.projection.keep_contact({
    token: "canned", poll_ms: 60_000, limits: new Map(),
    anchor: { server_ms: now_ms, wall_ms, boot_ms, boot, rtt_ms: 40 },
  });
  let position = 1000;
  for (const one of canned.told) await tell(client, one, page.epoch, position++);
}

async function tell(client: Client, one: Told, epoch: string, position: number): Promise<void> {
  const blobs: Record<string, Handed> = one.photo === undefined
    ? {} : { photo: await coloured(one.photo) };
  const what: What = understood(one.kind, as_json(one.says));
  const fact = await client.tell(one.stream, what, one.words ?? {}, blobs);
  const { id, head } = fact.envelope;
  if (one.outcome !== undefined) {
    const receipt = typed(Receipt, object_of({
      id, outcome: one.outcome, position, received_ms: client.clocks.wall_ms(),
      reviews: one.reviews ?? [],
    }));
    await client.store.outbox.settle([receipt], epoch);
    if (!in_custody(receipt)) return;
  }
  if (one.photo_outcome === undefined) return;
  const said = object_of(one.photo_outcome === "flawed" ? { flaw: "not_a_picture" } : {});
  for (const { sha256 } of head.blobs) {
    await client.store.outbox.settle_original(sha256, epoch, position, said);
  }
}

/** A picture of one colour: nobody's home. */
async function coloured(colour: string): Promise<Handed> {
  const canvas = new OffscreenCanvas(640, 480);
  const pen = canvas.getContext("2d");
  if (pen !== null) {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 640, 480);
  }
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
  return [new Uint8Array(await blob.arrayBuffer()), "image/jpeg"];
}

function object_of(said: object): JsonObject {
  const value: Json = as_json(said);
  if (!is_object(value)) throw new TypeError("canned");
  return value;
}
