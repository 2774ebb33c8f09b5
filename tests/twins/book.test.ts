// What a tablet in a browser makes of its server's heads and keys: the same cases as its
// twin (`tests/field_client/test_checking_log.py`), from `tests/vectors/heads.json`.

import assert from "node:assert/strict";
import { test } from "node:test";

import { check_log } from "../../field_client/web/src/exchange/checking_log.ts";
import { Report, type Exchanging } from "../../field_client/web/src/exchange/contact.ts";
import { follow_keys } from "../../field_client/web/src/exchange/server_keys.ts";
import { keep_heads, known_heads } from "../../field_client/web/src/store/heads.ts";
import { bytes_of } from "../../sync/envelope.ts";
import { lineage_of, Opened } from "../../sync/epochs.ts";
import { KeyWord, LogHead } from "../../sync/heads.ts";
import { write_json, type JsonObject } from "../../sync/json.ts";
import { typed } from "../../sync/plain.ts";
import { Refused } from "../../sync/problems.ts";
import type { Jwk } from "../../sync/signing.ts";
import { any, each, inside, items, number, text, vectors } from "./held.ts";

const HEADS = vectors("heads");
const LINEAGE = lineage_of([typed(Opened, any(HEADS, "opened"))]);
const kept = new Map<string, string>();
Object.assign(globalThis, { localStorage: {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
} });

function pinned(): Jwk {
  const [first] = each(HEADS, "keys");
  const key = inside(first ?? new Map(), "key");
  return { crv: text(key, "crv"), kty: text(key, "kty"), x: text(key, "x"), y: text(key, "y") };
}

function head(one: JsonObject, name: string): LogHead | null {
  const held = any(one, name);
  return held === null ? null : typed(LogHead, held);
}

function knows(one: JsonObject): void {
  const keys = items(one, "keys").map((word) => typed(KeyWord, word));
  keep_heads({ head: any(one, "held") === null ? null : head(one, "held"), keys, evidence: [] });
}

/** A contact in which the server shows this head and proves it so. */
function exchange(one: JsonObject): Exchanging {
  return {
    head: head(one, "shown"), report: new Report(),
    store: { vouchers: { epochs: () => Promise.resolve(LINEAGE) } },
    door: {
      who: { server_key: pinned() },
      ask_json: () => Promise.resolve(new Map([["path", items(one, "path")]])),
    },
  } as unknown as Exchanging;
}

async function taken(one: JsonObject): Promise<boolean> {
  knows(one);
  try {
    await check_log(exchange(one));
    return true;
  } catch (why) {
    assert.ok(why instanceof Refused && why.code === "another_history", String(why));
    return false;
  }
}

for (const one of each(HEADS, "shown")) {
  const goes_on = one.get("taken") === true;
  test(`a head ${text(one, "what")} is ${goes_on ? "taken" : "refused"}`, async () => {
    assert.equal(await taken(one), goes_on);
    const { head: held, evidence } = known_heads();
    assert.deepEqual(held, head(one, goes_on ? "shown" : "held"));
    assert.deepEqual(evidence.map(({ shown }) => shown), goes_on ? [] : [head(one, "shown")]);
  });
}

for (const one of each(HEADS, "offered")) {
  test(`keys: ${text(one, "what")}`, async () => {
    knows(one);
    const body = bytes_of(write_json(new Map([["keys", items(one, "offered")]])));
    const reply = { status: 200, headers: new Map<string, string>(), body };
    const followed = await follow_keys(() => Promise.resolve(reply), pinned());
    assert.equal(followed, one.get("taken"));
    assert.equal(known_heads().keys.length, number(one, "known"));
  });
}
