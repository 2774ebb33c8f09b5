// The tablet's store and client in a page without screens, as one tablet of the simulation:
// its clocks, its chance and the air around it are given to it.
//
// May not enter: anything that the app does not do in the same way.

import { PAYLOADS } from "../../../sync/exported/payloads.ts";
import { b64, unb64 } from "../../../sync/envelope.ts";
import { write_json, type Json, type JsonObject } from "../../../sync/json.ts";
import { Order } from "../../../sync/order.ts";
import { Refused } from "../../../sync/problems.ts";
import type { What } from "../../../sync/facts.ts";
import { Answered, NoAnswer, type Call } from "../../../field_client/web/src/exchange/transport.ts";
import type { Enrolment } from "../../../field_client/web/src/store/owed.ts";
import { Store } from "../../../field_client/web/src/store/store.ts";
import { Client, type Handed, type Words } from "../../../field_client/web/src/tablet/client.ts";
import { Clocks } from "../../../field_client/web/src/tablet/clocks.ts";

interface Time { readonly wall_ms: number; readonly ticks_ms: number }
interface Came {
  readonly time: Time;
  readonly status: number | null; // null: nothing that could be believed
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
type Air = (method: string, target: string, headers: object, body: string) => Promise<Came>;
interface Act {
  readonly time: Time;
  readonly chance: string; // as much as it may need
}
interface Telling extends Act {
  readonly stream: string;
  readonly kind: What["kind"];
  readonly says: object;
  readonly words: Words;
  readonly blobs: Readonly<Record<string, readonly [string, string]>>;
}

let time: Time = { wall_ms: 0, ticks_ms: 0 };
let chance = new Uint8Array();
let drawn = 0;
let runs = 0;

/** The next bytes of what this act was given. */
function draw(count: number): Uint8Array<ArrayBuffer> {
  drawn += count;
  if (drawn > chance.length) throw new Error("more chance than was given");
  return chance.slice(drawn - count, drawn);
}

const call: Call = async (method, target, headers, body) => {
  const bytes = body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body;
  const { air } = globalThis as unknown as { readonly air: Air };
  const came = await air(method, target, headers, b64(bytes));
  time = came.time;
  if (came.status === null) throw new NoAnswer(came.body);
  return {
    status: came.status, headers: new Map(Object.entries(came.headers)),
    body: unb64(came.body),
  };
};

const store = await Store.open();
let client: Client | null = null;

/** Whoever acts now does so at this time and with this chance. */
function at(given: Act): Client {
  time = given.time;
  [chance, drawn] = [unb64(given.chance), 0];
  client ??= new Client(store, new Clocks({
    wall_ms: () => time.wall_ms, ticks_ms: () => time.ticks_ms,
    name: () => `${performance.timeOrigin}-${++runs}`,
  }), draw, call);
  return client;
}

/** What an act came to: a refusal is an answer, too. */
async function came_of<T>(work: () => Promise<T>): Promise<unknown> {
  try {
    return { found: await work() };
  } catch (why) {
    if (why instanceof Refused) return { refused: why.code, facts: why.facts };
    if (why instanceof NoAnswer || why instanceof Answered) return { lost: why.message };
    throw why;
  }
}

/** The key and the papers of a tablet that was enrolled elsewhere. */
async function become(
  [secret, open]: readonly [JsonWebKey, JsonWebKey], enrolment: Enrolment, log: string,
): Promise<void> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey("jwk", secret, curve, false, ["sign"]),
    crypto.subtle.importKey("jwk", open, curve, true, ["verify"]),
  ]);
  await store.outbox.key(() => Promise.resolve({ privateKey, publicKey }));
  await store.persons.enrol(enrolment, log);
  store.projection.person = enrolment.actor;
}

function what({ kind, says }: Telling): What {
  const { make } = PAYLOADS[kind] as { make(given: object): object };
  return { kind, says: make(says) } as What;
}

const tell = (given: Telling): Promise<unknown> => came_of(async () => {
  const blobs = Object.fromEntries(Object.entries(given.blobs).map(
    ([role, [data, type]]): [string, Handed] => [role, [unb64(data), type]]));
  const made = await at(given).tell(given.stream, what(given), given.words, blobs);
  return made.envelope.id;
});

const show_sheet = (given: Act, stream: string, language: string, consent: string) =>
  came_of(async () => void await at(given).show_sheet(stream, language, consent));

const tell_on_sheet = (given: Telling, strokes: string) => came_of(async () => {
  const tablet = at(given);
  const shown = await tablet.shown(given.stream);
  const made = await tablet.tell_on_sheet(shown, what(given), given.words, unb64(strokes));
  return made.envelope.id;
});

const exchange = (given: Act, again: boolean) => came_of(async () => {
  const report = await at(given).exchange_once(undefined, { again });
  return { complete: report.complete, troubles: report.troubles.length };
});

/** What is on the screen. */
const order = (given: Act, stream: string) => came_of(async () => {
  const sight = await at(given).order(stream);
  return { order: write_json(Order.write(sight.order)), rev: sight.rev, epoch: sight.epoch };
});

/** Everything that lies in both databases, bytes as text. */
async function everything(): Promise<Readonly<Record<string, unknown[]>>> {
  const found: Record<string, unknown[]> = {};
  for (const database of [store.outbox.db, store.projection.db]) {
    const db = await database.open();
    for (const name of db.objectStoreNames) {
      const tx = db.transaction(name);
      const [keys, rows] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
      found[name] = await Promise.all(
        rows.map(async (row, nth) => [keys[nth], await plain(row as unknown)]));
    }
  }
  return found;
}

async function plain(row: unknown): Promise<unknown> {
  if (row instanceof Blob) return b64(new Uint8Array(await row.arrayBuffer()));
  if (row instanceof Uint8Array) return b64(row as Uint8Array<ArrayBuffer>);
  if (row instanceof Map) return write_json(row as JsonObject & Map<string, Json>);
  if (typeof row !== "object" || row === null || "privateKey" in row) return row;
  const fields = Object.entries(row).map(async ([name, held]) => [name, await plain(held)]);
  return Object.fromEntries(await Promise.all(fields) as [string, unknown][]);
}

Object.assign(globalThis, { become, tell, show_sheet, tell_on_sheet, exchange, order, everything });
document.title = "ready";
