// TypeScript folds what Python folded to the same order, whatever came first.

/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../sync/fold.ts";
import { read_json } from "../../sync/json.ts";
import { Order } from "../../sync/order.ts";
import { list, typed } from "../../sync/plain.ts";
import { Resolution, Review, Settled } from "../../sync/exported/records.ts";
import { with_settled } from "../../sync/settled.ts";
import { folded, kept } from "./folded.ts";
import { any, each, file_of, items, number, text } from "./held.ts";

const FOLDS = new Map([["folds", file_of("folds")]]);
const HISTORIES = each(new Map([["all", file_of("histories")]]), "all");

for (const story of each(FOLDS, "folds")) {
  test(`golden facts add up to the same order: ${text(story, "story")}`, async () => {
    const told = await Promise.all(each(story, "facts").map(kept));
    const order = await fold([...told, ...told].reverse());
    assert.deepEqual(Order.write(order), any(story, "order"));
  });
}

for (const [place, one] of HISTORIES.entries()) {
  test(`a golden history adds up to the same: ${place}`, async () => {
    const told = await Promise.all(each(one, "facts").map(kept));
    const order = Order.write(await fold(told.reverse()));
    assert.deepEqual(order, read_json(text(one, "order"), null));
  });

  test(`so it does on top of documents, to the letter: ${place}`, async () => {
    const said = await folded(each(one, "facts"), items(one, "cuts").map(Number));
    for (const [name, value] of said) assert.deepEqual(value, any(one, name), name);
  });
}

test("a document that facts are folded onto stays as it was", async () => {
  for (const one of HISTORIES) {
    const told = await Promise.all(each(one, "facts").map(kept));
    const document = await fold(told.slice(0, 20));
    const before = structuredClone(document);
    await fold(told, document);
    assert.deepEqual(document, before);
  }
});

test("what somebody saw asks for nothing: the stage stays unknown", async () => {
  const told = await Promise.all(HISTORIES.flatMap((one) => each(one, "facts")).map(kept));
  const seen = told.filter((one) => one.fact.what.kind === "dispatch.seen").slice(0, 1);
  assert.equal((await fold(seen)).stage, "unknown");
  assert.equal(seen.length, 1);
});

test("what was decided about somebody's own facts is told in the same words", () => {
  const settled = each(new Map([["all", file_of("settled")]]), "all");
  assert.notEqual(settled.length, 0);
  for (const one of settled) {
    const history = HISTORIES[number(one, "history")];
    assert.ok(history);
    const order = typed(Order, read_json(text(history, "order"), null));
    const reviews = [...order.reviews, ...order.resolved];
    const held = { ...order, reviews, resolved: [], resolutions: [] };
    const told = list(Settled).read(any(one, "told"), "told");
    const after = with_settled(held, told);
    assert.deepEqual(list(Review).write(after.reviews), any(one, "reviews"));
    assert.deepEqual(list(Review).write(after.resolved), any(one, "resolved"));
    assert.deepEqual(list(Resolution).write(after.resolutions), any(one, "resolutions"));
    assert.deepEqual(with_settled(after, told), after);
  }
});
