// What a technician is held back from: each rule refuses, and lets pass (`guidance.py`).

import assert from "node:assert/strict";
import { test } from "node:test";

import { as_json } from "../../sync/json.ts";
import { Order } from "../../sync/order.ts";
import { typed } from "../../sync/plain.ts";
import { Refused } from "../../sync/problems.ts";
import {
  agreed_if_paid, all_passed, any_failed, completed, in_turn, known_item, open_receipt,
  photo_agreed, quoted_if_paid, type Check,
} from "../../field_client/web/src/guidance.ts";

const ITEM = { item: 1, trade: "水电", payer: "paid", fact: "i" };
const VISIT = { fact: "v", by: "li", moment: { grade: "D" } };
const inspected = (passed: boolean) => ({
  rounds: [{ inspections: [{ fact: "w", item: 1, passed }] }],
});

function order(held: object): Order {
  return typed(Order, as_json(held));
}

const RULES: ReadonlyArray<readonly [code: string, check: Check, no: object, yes: object]> = [
  ["item_unknown", known_item(1), {}, { items: [ITEM] }],
  ["agree_first", agreed_if_paid("paid"), { history: told("survey.quoted") },
    { history: told("survey.quoted", "survey.plan_agreed") }],
  ["quote_first", quoted_if_paid, { items: [ITEM] },
    { items: [ITEM], quote: { fact: "q", lines: [], price_list: "2026" } }],
  ["photo_not_agreed", photo_agreed, { visits: [VISIT] },
    { visits: [{ ...VISIT, photo_consent: true }] }],
  ["not_completed", completed, { stage: "agreed" }, { stage: "unsigned" }],
  ["inspect_first", all_passed, { items: [ITEM] }, { items: [ITEM], ...inspected(true) }],
  ["item_failed", all_passed, { items: [ITEM], ...inspected(false) },
    { items: [ITEM], ...inspected(true) }],
  ["nothing_failed", any_failed, inspected(true), inspected(false)],
  ["receipt_unknown", open_receipt("R1"), { taken_away: [{ fact: "t", receipt: "R2" }] }, { taken_away: [{ fact: "t", receipt: "R1" }] }],
];

for (const [code, check, no, yes] of RULES) {
  test(`refused where it would hurt, and nowhere else: ${code}`, () => {
    assert.throws(() => check({ order: order(no) }),
      (why) => why instanceof Refused && why.code === code);
    check({ order: order(yes) });
  });
}

test("a fact fits where its table says so", () => {
  const at_door = order({ stage: "on_site" });
  assert.deepEqual(
    [in_turn("visit.nobody_home", at_door), in_turn("acceptance.accepted", at_door)],
    [true, false]);
});

function told(...kinds: readonly string[]): readonly object[] {
  return kinds.map((kind, at) => ({
    id: `f${at}`, kind, by: "li", log: "li.1", n: at + 1, lamport: at + 1, basis: 0,
  }));
}
