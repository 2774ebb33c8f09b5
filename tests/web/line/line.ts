// The tablet's exchange in a page without screens: what tests may call.
//
// With `#runs` it exchanges by itself, as the app does; without, when it is told to. May not
// enter: anything that the app does not do in the same way.

import { order_stream } from "../../../sync/order.ts";
import { Refused } from "../../../sync/problems.ts";
import { unreceipted } from "../../../field_client/web/src/exchange/contact.ts";
import type { Line } from "../../../field_client/web/src/exchange/line.ts";
import { Runner } from "../../../field_client/web/src/exchange/runner.ts";
import { read_page } from "../../../field_client/web/src/exchange/answers.ts";
import { http_call, NoAnswer } from "../../../field_client/web/src/exchange/transport.ts";
import { wait_after } from "../../../field_client/web/src/exchange/waiting.ts";
import { keep_for_wifi } from "../../../field_client/web/src/exchange/wifi.ts";
import { Store } from "../../../field_client/web/src/store/store.ts";
import { Client, type Handed } from "../../../field_client/web/src/tablet/client.ts";

const SILENCE_MS = 8_000; // tests have no forty seconds to spare
const NOISE = 65_536; // bytes that the browser draws at once

const store = await Store.open();
const client = new Client(store);
const call = http_call(location.origin, SILENCE_MS);
const runner = new Runner({ store, clocks: client.clocks, call });
client.told = () => runner.wrote();
const said: Line[] = []; // whatever screens would have shown
runner.follow((line) => said.push(line));

/** Somebody opened an order. */
async function see(number: string): Promise<string> {
  const stream = await order_stream(number);
  const fact = await client.tell(stream, { kind: "dispatch.seen", says: {} });
  return fact.envelope.id;
}

/** A photo of so many bytes, of the noise that a camera sees in the dark. */
async function photograph(number: string, length: number): Promise<string> {
  const data = new Uint8Array(length);
  for (let at = 0; at < length; at += NOISE) {
    crypto.getRandomValues(data.subarray(at, Math.min(at + NOISE, length)));
  }
  const photo: Handed = [data, "image/jpeg"];
  const says = { moment: "before", item: null, corrects: null, source: "camera" };
  const fact = await client.tell(
    await order_stream(number), { kind: "work.photographed", says }, {}, { photo },
  );
  return fact.envelope.head.blobs[0]?.sha256 ?? "";
}

/** What is owed and what the screens would know of it. */
async function owed(): Promise<unknown> {
  const { outbox, projection } = store;
  const [facts, originals] = await Promise.all([outbox.facts(), outbox.originals()]);
  return {
    facts: facts.map(({ id, n, log, stream, kind, waiting, safe, receipt }) =>
      ({ id, n, log, stream, kind, waiting, safe, outcome: receipt?.outcome ?? null })),
    originals: originals.map(({ sha256, size, waiting, safe, upload }) =>
      ({ sha256, size, waiting, safe, upload })),
    unreceipted: [...await unreceipted(projection)],
    orders: await client.streams(),
    line: runner.line,
  };
}

Object.assign(globalThis, {
  store, client, runner, said, see, photograph, owed, keep_for_wifi, read_page, NoAnswer,
  Refused, wait_after,
});
if (location.hash === "#runs") await runner.start();
document.title = "ready";
