// TypeScript folds what Python folded to the same order, whatever came first.

/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "../../sync/envelope.ts";
import { understand } from "../../sync/facts.ts";
import { fold, type Kept } from "../../sync/fold.ts";
import type { Json, JsonObject } from "../../sync/json.ts";
import { Moment } from "../../sync/moment.ts";
import { Order } from "../../sync/order.ts";
import { typed } from "../../sync/plain.ts";
import { any, each, file_of, perhaps, text } from "./held.ts";

const FOLDS = new Map([["folds", file_of("folds")]]);

for (const story of each(FOLDS, "folds")) {
  test(`golden facts add up to the same order: ${text(story, "story")}`, async () => {
    const told = await Promise.all(each(story, "facts").map(kept));
    assert.deepEqual(written(await fold(told)), any(story, "order"));
    assert.deepEqual(written(await fold([...told, ...told].reverse())), any(story, "order"));
  });
}

async function kept(held: JsonObject): Promise<Kept> {
  return {
    fact: understand(await read(text(held, "b"))),
    moment: typed(Moment, any(held, "moment")),
    position: perhaps(held, "position"),
    basis: perhaps(held, "basis"),
  };
}

function written(order: Order): Json {
  return Order.write(order);
}
