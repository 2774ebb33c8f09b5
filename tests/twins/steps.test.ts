// Which step comes next for somebody at an order: the table, row by row (U18).

import assert from "node:assert/strict";
import { test } from "node:test";

import { Order, type Stage } from "../../sync/order.ts";
import { typed } from "../../sync/plain.ts";
import { as_json } from "../../sync/json.ts";
import { standing, type Step } from "../../field_client/web/src/steps.ts";

const WHEN = { grade: "D" };
const CONSENTS = { photo_consent: true, place_consent: true, start_consent: true };
const VISIT = { fact: "arrived", by: "li", moment: WHEN };
const IN = { ...VISIT, ...CONSENTS };
const BLOB = { sha256: "0".repeat(64), bytes: 1, type: "image/jpeg", role: "photo" };
const BEFORE = { fact: "before", blob: BLOB, moment: "before" };
const AFTER = { fact: "after", blob: BLOB, moment: "after" };
const SURVEY = { fact: "survey", cause: "角阀老化", method: "更换" };
const YES = { fact: "yes", relation: "owner", total_fen: 0 };
const ITEM = { item: 1, trade: "水电", payer: "A", fact: "item" };
const RECORD = {
  fact: "record", item: 1, cause: "老化", remedy: "更换", labour_minutes: 30, labour_fen: 0,
};

type Rest = Readonly<Record<string, unknown>>;

function order(stage: Stage, held: Rest, told: readonly string[] = []): Order {
  const history = told.map((id, at) => ({
    id, kind: KINDS[id] ?? "work.photographed", by: "li", log: "li.1", n: at + 1,
    lamport: at + 1, basis: 0,
  }));
  return typed(Order, as_json({ stage, history, ...held }));
}

const KINDS: Readonly<Record<string, string>> = {
  quote: "survey.quoted", yes: "survey.plan_agreed", no: "acceptance.rejected",
};

const SURVEYED = { visits: [IN], photos: [BEFORE], survey: SURVEY, items: [ITEM] };
const AGREED = { ...SURVEYED, agreements: [YES] };
const RECORDED = { ...AGREED, records: [RECORD] };
const DONE = { ...RECORDED, photos: [BEFORE, AFTER] };
const SENT_BACK = {
  fact: "no", answer: "rejected", sheet: "", covers: [], responsible: "li", due_ms: 1,
};

const ROWS: ReadonlyArray<readonly [said: string, order: Order, next: Step | null]> = [
  ["nobody came yet", order("dispatched", {}), "arrive"],
  ["in the home", order("on_site", { visits: [VISIT] }), "door"],
  ["the card is told", order("on_site", { visits: [IN] }), "before"],
  ["the owner wants no photos",
    order("on_site", { visits: [{ ...IN, photo_consent: false }] }), "survey"],
  ["the owner wants no start",
    order("on_site", { visits: [{ ...IN, start_consent: false }] }), "leave"],
  ["photographed", order("on_site", { visits: [IN], photos: [BEFORE] }), "survey"],
  ["surveyed, not agreed", order("surveyed", SURVEYED), "survey"],
  ["agreed", order("agreed", AGREED), "work"],
  ["recorded", order("agreed", RECORDED), "after"],
  ["photographed again", order("agreed", DONE), "hand-over"],
  ["done, not answered", order("completed", DONE), "hand-over"],
  ["accepted", order("accepted", DONE), "leave"],
  ["the owner will not sign", order("unsigned", DONE), "leave"],
  ["accepted, and left",
    order("accepted", { ...DONE, visits: [{ ...IN, left: WHEN }] }), null],
  ["nobody was home",
    order("dispatched", { visits: [{ ...VISIT, outcome: "nobody_home" }] }), "arrive"],
  ["cancelled before anybody came",
    order("dispatched", { cancelled: { reason: "", fact: "c" } }), null],
  ["cancelled while in the home",
    order("on_site", { visits: [IN], cancelled: { reason: "", fact: "c" } }), "leave"],
  ["another time was agreed at the door",
    order("on_site", {
      visits: [IN], appointments: [{ fact: "later", by: "li", start_ms: 1, end_ms: 2 }],
    }, ["arrived", "later"]), "leave"],
  ["the desk had agreed on this time before",
    order("on_site", {
      visits: [IN], appointments: [{ fact: "later", by: "li", start_ms: 1, end_ms: 2 }],
    }, ["later", "arrived"]), "before"],
  ["above the limit, and waiting",
    order("surveyed", {
      ...SURVEYED, holds: [{ fact: "h", estimate_fen: 2, limit_fen: 1, owner_told: true }],
    }), "leave"],
  ["sent back",
    order("rework", { ...DONE, rounds: [{ verdicts: [SENT_BACK] }] },
      ["before", "record", "after", "no"]), "work"],
  ["sent back, and repaired again",
    order("rework", { ...DONE, rounds: [{ verdicts: [SENT_BACK] }] },
      ["before", "after", "no", "record"]), "after"],
  ["sent back, repaired and photographed again",
    order("rework", { ...DONE, rounds: [{ verdicts: [SENT_BACK] }] },
      ["before", "no", "record", "after"]), "hand-over"],
];

for (const [said, given, next] of ROWS) {
  test(`what comes next: ${said}`, () => {
    assert.equal(standing(given, "li").next, next);
  });
}

test("paid work waits for a yes after the newest quotation", () => {
  const paid = { ...AGREED, items: [{ ...ITEM, payer: "paid" }] };
  const asked = order("surveyed", paid, ["yes", "quote"]);
  const agreed = order("agreed", paid, ["quote", "yes"]);
  assert.deepEqual([asked, agreed].map((one) => standing(one, "li").next), ["survey", "work"]);
});

test("another technician's visit is not one's own", () => {
  assert.equal(standing(order("on_site", { visits: [IN] }), "wang").next, "arrive");
});

test("whoever no longer has the order has nothing to do but to leave", () => {
  const gone = (visits: readonly Rest[]): Step | null =>
    standing(order("on_site", { visits }), "li", true).next;
  assert.deepEqual([gone([]), gone([IN])], [null, "leave"]);
});
