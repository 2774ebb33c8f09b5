// The tablet's store and client in a page without screens: what tests may call.
//
// May not enter: anything that the app does not do in the same way.

import { openDB } from "idb";

import * as sheet from "../../../sync/sheet.ts";
import * as layout from "../../../field_client/web/src/store/layout.ts";
import { begin_anew, Store } from "../../../field_client/web/src/store/store.ts";
import { export_bundle } from "../../../field_client/web/src/tablet/bundle.ts";
import { Client } from "../../../field_client/web/src/tablet/client.ts";
import { hex, sha256 } from "../../../sync/envelope.ts";
import { PAYLOADS } from "../../../sync/exported/payloads.ts";
import { Refused } from "../../../sync/problems.ts";
import type { Fact, What } from "../../../sync/facts.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const NOISE = 65_536; // bytes that the browser draws at once

/** Bytes that nobody has drawn before. */
function noise(length: number): Bytes {
  const data = new Uint8Array(length);
  for (let at = 0; at < length; at += NOISE) {
    crypto.getRandomValues(data.subarray(at, Math.min(at + NOISE, length)));
  }
  return data;
}

/** Use up all that the browser grants, to the last kilobyte: as texts, for those it counts at
 * once, and bytes only after a while. */
async function fill(): Promise<void> {
  const db = await openDB("filler", 1, { upgrade: (made) => made.createObjectStore("texts") });
  for (const size of [1_000_000, 100_000, 10_000, 500]) {
    for (let at = 0; at < 1000; at++) {
      const text = Array.from(noise(size), (byte) => String.fromCharCode(48 + byte % 64));
      const put = db.put("texts", text.join(""), `${size} ${at}`);
      if (!(await put.then(() => true, () => false))) break;
    }
  }
  db.close();
}

/** Everything in the outbox that has a form in JSON; bytes as their digests. */
async function outbox(store: Store): Promise<unknown> {
  const [facts, originals, server] = await Promise.all([
    store.outbox.facts(), store.outbox.originals(), store.outbox.server(),
  ]);
  const claims = await store.outbox.claims(new Map());
  const held = await Promise.all(originals.map(async (one) => {
    const bytes = await store.outbox.original(one.seq);
    const data = new Uint8Array((await bytes?.arrayBuffer()) ?? new ArrayBuffer(0));
    return { ...one, found: bytes === null ? null : hex(await sha256(data)) };
  }));
  return {
    facts: facts.map(({ id, log, n, stream, b, waiting, safe, refused }) =>
      ({ id, log, n, stream, waiting, safe, refused, said: JSON.parse(b) as unknown })),
    originals: held,
    logs: claims.map(({ log, n, tip, unsent }) => ({ log, n, tip, unsent })),
    server,
  };
}

/** What a fact of this kind says, where only what is given differs from the usual. */
function what(kind: What["kind"], given: object = {}): What {
  const { make } = PAYLOADS[kind] as { make(given: object): object };
  return { kind, says: make(given) } as What;
}

/** Tell that a picture of so many bytes was taken; its fact and its digest. */
async function photograph(stream: string, length: number): Promise<[string, string]> {
  const data = noise(length);
  const fact: Fact = await (tablet as Client).tell(
    stream, what("work.photographed", { moment: "before" }), {},
    { photo: [data, "image/jpeg"] });
  return [fact.envelope.id, hex(await sha256(data))];
}

const store = await Store.open().catch((why: unknown) => why as Error);
const tablet = store instanceof Store ? new Client(store) : null;
Object.assign(globalThis, {
  store, tablet, begin_anew, layout, noise, fill, outbox, photograph, what, export_bundle, Refused, sheet, Client, Store,
});
document.body.dataset["ready"] = "";
