// A technician's device on RxDB: orders come down, facts go up, over any line.
//
//   node examples/rxdb/technician.js < credentials.json
//
// Credentials: {"url", "device", "actor", "jwk", "seen": how many orders to mark as seen}.
// It prints what it holds as JSON when nothing is left to send and the orders are current.

import { readFileSync } from "node:fs";
import { createRxDatabase } from "rxdb/plugins/core";
import { replicateRxCollection } from "rxdb/plugins/replication";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";

import { Doorstep, pullOrders, pushFacts, schemas, writeFact } from "./doorstep.js";

const given = JSON.parse(readFileSync(0, "utf8"));
const RETRY_MS = 50; // a line in daily life deserves more patience
const server = new Doorstep(given);

/** Do it until it works. */
const insist = async work => {
  for (;;) {
    try {
      return await work();
    } catch (why) {
      console.error(String(why));
      await new Promise(resolve => setTimeout(resolve, RETRY_MS));
    }
  }
};

const database = await createRxDatabase({ name: "doorstep", storage: getRxStorageMemory() });
const { orders, facts, receipts } = await database.addCollections({
  orders: { schema: schemas.orders },
  facts: { schema: schemas.facts },
  receipts: { schema: schemas.receipts },
});

await insist(() => server.greet());

const down = replicateRxCollection({
  collection: orders,
  replicationIdentifier: `${given.url} orders`,
  pull: { handler: pullOrders(server, () => orders), batchSize: 50 },
  retryTime: RETRY_MS,
});
const up = replicateRxCollection({
  collection: facts,
  replicationIdentifier: `${given.url} facts`,
  push: { handler: pushFacts(server, one => receipts.upsert(one)), batchSize: 100 },
  retryTime: RETRY_MS,
});
const troubles = { down: 0, up: 0 };
down.error$.subscribe(() => troubles.down++);
up.error$.subscribe(() => troubles.up++);

await down.awaitInitialReplication();
const log = { log: `${given.device}.${crypto.randomUUID().slice(0, 8)}`, n: 0, tip: null };
for (const order of (await orders.find().exec()).slice(0, given.seen ?? 0)) {
  await facts.insert(await writeFact(server, log, order, "dispatch.seen"));
}
await up.awaitInSync();
down.reSync(); // the documents now know of our facts
await down.awaitInSync();

const held = async collection =>
  (await collection.find().exec()).map(one => one.toMutableJSON());
const all = { orders: await held(orders), facts: await held(facts), receipts: await held(receipts) };
console.log(JSON.stringify({ ...all, troubles }));
await database.close();
