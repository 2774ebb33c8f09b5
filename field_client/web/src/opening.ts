// The tablet is opened: its stores, its client, what exchanges by itself, and the signals
// that follow them. Once, before anything is shown.
//
// May not enter: how something looks, what an exchange does.

import { Runner } from "./exchange/runner.ts";
import type { Call } from "./exchange/transport.ts";
import { keep_gate } from "./locking.ts";
import { follow } from "./present.ts";
import { renew } from "./renewing.ts";
import { recall_seen } from "./seen.ts";
import { line, now_ms, set_tablet } from "./state.ts";
import { Store } from "./store/store.ts";
import { Client } from "./tablet/client.ts";

const TICK_MS = 60_000;
const READ_CLOCKS_EVERY_MS = 10 * 60_000; // while online, for the evidence of time

let exchanges: Runner | null = null;

/** What exchanges by itself; opened long before anybody asks. */
export function runner(): Runner {
  if (exchanges === null) throw new Error("the tablet is not open yet");
  return exchanges;
}

/** Open it; `Refused` if the outbox is gone or a newer version has written it. */
export async function open_tablet(): Promise<void> {
  await open_with(new Client(await Store.open()));
}

/** Open the tablet that this client is. `call` reaches the server; without it, HTTP does. */
export async function open_with(client: Client, call?: Call): Promise<void> {
  const { store, clocks } = client;
  set_tablet(client);
  exchanges = new Runner({ store, clocks, ...call && { call } });
  client.told = () => { runner().wrote(); };
  exchanges.follow((said, changed) => {
    line.value = said;
    if (changed) void renew();
  });
  await recall_seen();
  await Promise.all([renew(), keep_gate(), client.note_reading("start")]);
  follow();
  keep_time(client);
  await exchanges.start();
}

/** Countdowns move with the minute, and when somebody looks again; while there is a line
 * the clocks are read now and then. */
function keep_time(client: Client): void {
  const look = () => { now_ms.value = client.clocks.wall_ms(); };
  look();
  setInterval(look, TICK_MS);
  document.addEventListener("visibilitychange", look);
  setInterval(() => {
    if (line.value.online) void client.note_reading("online");
  }, READ_CLOCKS_EVERY_MS);
}
