// TypeScript meets the vectors that Python wrote down (invariant 37).

/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bytes_of, commitment, committed, fact_id, matches, read,
} from "../../sync/envelope.ts";
import { basis_in, lineage_of, Opened, opened_text, shared } from "../../sync/epochs.ts";
import {
  in_custody, Lane, Limits, Outcomes, receipts_for, wait_ms, type Waiting,
} from "../../sync/exchange.ts";
import { understand } from "../../sync/facts.ts";
import { is_object, type Json, type JsonObject } from "../../sync/json.ts";
import {
  goes_on, is_head, KeyWord, line_of_keys, LogHead,
} from "../../sync/heads.ts";
import { consistent, included, root_of } from "../../sync/log.ts";
import { Line, Order, order_id } from "../../sync/order.ts";
import { list, typed } from "../../sync/plain.ts";
import { bill, Bill, list_in_force, PriceList, total_fen } from "../../sync/prices.ts";
import { Refused } from "../../sync/problems.ts";
import { covers, draw_up, short_code, shown_hash } from "../../sync/sheet.ts";
import { read_jwk, thumbprint, verifies } from "../../sync/signing.ts";
import { minute_of, Moment } from "../../sync/moment.ts";
import {
  assess, hello_anchor, own_witness, read_clocks, Reading, token_anchor,
  type Anchor, type Witness,
} from "../../sync/timing.ts";
import { any, each, file_of, inside, items, number, perhaps, text, vectors } from "./held.ts";

const ENVELOPES = vectors("envelopes");
const EPOCHS = vectors("epochs");
const EXCHANGE = vectors("exchange");
const HEADS = vectors("heads");
const FOLDS = new Map([["folds", file_of("folds")]]);
const PRICES = vectors("prices");
const SIGNATURES = vectors("signatures");
const TIMING = vectors("timing");

test("golden facts are read for ever and keep their names", async () => {
  for (const one of each(ENVELOPES, "facts")) {
    assert.equal(understand(await read(text(one, "b"))).envelope.id, text(one, "id"));
    assert.equal(await fact_id(text(one, "b")), text(one, "id"));
  }
});

test("golden commitments keep their values", async () => {
  for (const one of each(ENVELOPES, "commitments")) {
    const [name, salt, value] = [text(one, "name"), text(one, "salt"), text(one, "value")];
    const promised = text(one, "commitment");
    assert.equal(await commitment(name, salt, value), promised);
    assert.equal((await committed(new Map([[name, [salt, value]]]))).get(name), promised);
    assert.equal(await matches(name, [salt, value], promised), true);
    assert.equal(await matches(name, [salt, `${value}!`], promised), false);
  }
});

test("what was cut in the middle of a character is not committed to", async () => {
  const cut = "赵女士 👩".slice(0, -1);
  const unreadable = (error: unknown) =>
    error instanceof Refused && error.code === "body_unreadable";
  await assert.rejects(commitment("owner", "A".repeat(22), cut), unreadable);
  await assert.rejects(fact_id(cut), unreadable);
});

for (const [name, one] of inside(ENVELOPES, "refused")) {
  test(`what is no fact is refused with the same code: ${name}`, async () => {
    assert.ok(is_object(one));
    await assert.rejects(
      async () => understand(await read(text(one, "b"))),
      (error) => error instanceof Refused && error.code === text(one, "code"),
    );
  });
}

for (const trace of each(EXCHANGE, "traces")) {
  test(`golden traces of the planner are the same: ${text(trace, "server")}`, () => {
    const limits = typed(Limits, any(trace, "limits"));
    let waiting: readonly Waiting[] = text(trace, "waiting").split(" ").map((one) => {
      const [id, bytes] = one.split(":");
      return [id ?? "", Number(bytes)];
    });
    let lane = new Lane();
    for (const step of each(trace, "steps")) {
      const batch = lane.batch(waiting, limits);
      assert.equal(batch.join(" "), text(step, "batch"));
      const said = text(step, "said");
      lane = after(lane, said, batch);
      if (said === "well") waiting = waiting.filter(([id]) => !batch.includes(id));
      assert.deepEqual(
        [lane.most, lane.failures, lane.healthy, lane.aside.join(" ")],
        ["most", "failures", "healthy", "aside"].map((name) => any(step, name)),
      );
      assert.equal([...lane.shelf].sort().join(" "), text(step, "shelf"));
    }
  });
}

function after(lane: Lane, said: string, batch: readonly string[]): Lane {
  if (said === "well") return lane.went_well(batch);
  return said === "lost" ? lane.lost(batch) : lane.failed(batch, said === "large");
}

test("golden waits are the same", () => {
  for (const one of each(EXCHANGE, "waits")) {
    const asked = perhaps(one, "retry_after_ms");
    const waited = wait_ms(number(one, "failures"), number(one, "chance"), asked);
    assert.equal(waited, number(one, "wait_ms"));
  }
});

test("golden answers are believed alike", () => {
  for (const one of each(EXCHANGE, "receipts")) {
    const sent = items(one, "sent").map(String);
    const found = receipts_for(sent, typed(Outcomes, any(one, "answer")));
    const believed = each(one, "believed");
    assert.deepEqual([...found.keys()], believed.map((said) => text(said, "id")));
    assert.deepEqual(
      [...found.values()].map((said) => [said.position, in_custody(said)]),
      believed.map((said) => [any(said, "position"), any(said, "in_custody")]),
    );
  }
});

test("golden books part at the same position", () => {
  for (const one of each(EPOCHS, "lineages")) {
    const opened = list(Opened).read(any(one, "opened"), "opened");
    const texts = opened.map((held) => new TextDecoder().decode(opened_text(held)));
    assert.deepEqual(texts, any(one, "texts"));
    for (const [pair, position] of inside(one, "shared")) {
      const [left, right] = pair.split(" ");
      const lineage = lineage_of(opened);
      assert.equal(shared(left ?? "", right ?? "", lineage), position, pair);
      assert.equal(basis_in(left ?? "", right ?? "", 9, lineage), Math.min(9, Number(position)));
    }
  }
});

test("golden moments are the same", () => {
  for (const one of each(TIMING, "assessments")) {
    const reading = Reading.parse(any(one, "reading"));
    const found = assess(reading, witness_in(inside(one, "witness")));
    assert.deepEqual(Moment.write(found), any(one, "moment"));
  }
});

test("golden contacts are the same", () => {
  for (const one of each(TIMING, "contacts")) {
    const clocks = inside(one, "clocks");
    const wall_ms = number(clocks, "wall_ms");
    const newest = anchor_in(any(one, "newest"));
    const reading = read_clocks(newest, name_in(one, "token"), {
      wall_ms, offset_minutes: number(clocks, "offset_minutes"),
      boot_ms: perhaps(clocks, "boot_ms"), boot: name_in(clocks, "boot"),
    });
    assert.deepEqual(Reading.wire(reading), any(one, "reading"));
    const [before, after] = [any(one, "token_anchor"), any(one, "hello_anchor")];
    assert.deepEqual(token_anchor(reading, wall_ms - 500), anchor_in(before));
    assert.deepEqual(hello_anchor(reading, wall_ms + 500), anchor_in(after));
    assert.deepEqual(Moment.write(assess(reading, own_witness(newest))), any(one, "own"));
  }
});

test("golden minutes are the same", () => {
  for (const one of each(TIMING, "minutes")) {
    assert.equal(minute_of(number(one, "instant_ms")).first_ms, number(one, "first_ms"));
  }
});

test("golden lists are in force at the same time", () => {
  const lists = list(PriceList).read(any(PRICES, "lists"), "lists");
  for (const one of each(PRICES, "in_force")) {
    assert.equal(list_in_force(lists, number(one, "at_ms"))?.name ?? null, any(one, "name"));
  }
});

test("golden lines add up to the same", () => {
  for (const one of each(PRICES, "totals")) {
    const lines = list(Line).read(any(one, "lines"), "lines");
    assert.equal(total_fen(lines), number(one, "total_fen"));
  }
});

test("golden orders keep their names", async () => {
  for (const one of each(PRICES, "orders")) {
    assert.equal(await order_id(text(one, "number")), text(one, "id"));
  }
});

for (const story of each(FOLDS, "folds")) {
  test(`golden orders give the same sheet: ${text(story, "story")}`, async () => {
    const sheet = inside(story, "sheet");
    const order = typed(Order, any(story, "order"));
    assert.deepEqual(Order.write(order), any(story, "order"));
    await same_page(order, sheet, []);
    assert.deepEqual(covers(order), any(sheet, "covers"));
  });
}

for (const sheet of each(PRICES, "sheets")) {
  test(`golden goods stand on the same page: ${text(sheet, "language")}`, async () => {
    const order = typed(Order, any(sheet, "order"));
    await same_page(order, sheet, list(PriceList).read(any(PRICES, "lists"), "lists"));
    assert.deepEqual(Bill.write(bill(order)), any(sheet, "bill"));
    assert.equal(short_code(text(sheet, "sha256")), text(sheet, "short"));
  });
}

async function same_page(order: Order, sheet: JsonObject, lists: readonly PriceList[]) {
  const page = draw_up(
    order, number(sheet, "round"), text(sheet, "language"), text(sheet, "consent"), lists,
  );
  assert.equal(new TextDecoder().decode(page), text(sheet, "text"));
  assert.equal(await shown_hash(page), text(sheet, "sha256"));
}

test("golden signatures fit, and no other text", async () => {
  const jwk = inside(SIGNATURES, "jwk");
  const members = {
    crv: text(jwk, "crv"), kty: text(jwk, "kty"), x: text(jwk, "x"), y: text(jwk, "y"),
  };
  const key = await read_jwk(members);
  assert.equal(await thumbprint(members), text(SIGNATURES, "thumbprint"));
  for (const one of inside(SIGNATURES, "signed").values()) {
    assert.ok(is_object(one));
    const [said, signature] = [text(one, "text"), text(one, "signature")];
    assert.equal(await verifies(key, bytes_of(said), signature), true);
    assert.equal(await verifies(key, bytes_of(`${said} `), signature), false);
    assert.equal(await verifies(key, bytes_of(said), `${signature}=`), false);
    assert.equal(await verifies(key, bytes_of(said), ""), false);
  }
});

test("a key that is no point on the curve is refused", async () => {
  const x = text(inside(SIGNATURES, "jwk"), "x");
  const off_the_curve = { kty: "EC", crv: "P-256", x, y: x };
  for (const jwk of [{}, off_the_curve, { ...off_the_curve, kty: "RSA" }]) {
    await assert.rejects(read_jwk(jwk), (error) =>
      error instanceof Refused && error.code === "key_unreadable");
  }
});

test("golden roots are the same", async () => {
  for (const one of each(SIGNATURES, "roots")) {
    assert.equal(await root_of(items(one, "ids").map(String)), text(one, "root"));
  }
});

function witness_in(held: JsonObject): Witness {
  return {
    not_before_ms: perhaps(held, "not_before_ms"),
    not_after_ms: perhaps(held, "not_after_ms"),
    before: anchor_in(any(held, "before")),
    after: anchor_in(any(held, "after")),
  };
}

function anchor_in(held: Json): Anchor | null {
  if (!is_object(held)) return null;
  return {
    server_ms: number(held, "server_ms"), wall_ms: number(held, "wall_ms"),
    boot_ms: perhaps(held, "boot_ms"), boot: name_in(held, "boot"),
    rtt_ms: perhaps(held, "rtt_ms"),
  };
}

function name_in(held: JsonObject, name: string): string | null {
  return held.get(name) == null ? null : text(held, name);
}

function hashes(held: JsonObject, name: string): Uint8Array<ArrayBuffer>[] {
  return items(held, name).map((one) => hash(String(one)));
}

function hash(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

test("what lies in the book is shown to lie there, and nowhere else", async () => {
  for (const one of each(HEADS, "included")) {
    const [at, size, path] = [number(one, "at"), number(one, "size"), hashes(one, "path")];
    const [leaf, root] = [hash(text(one, "leaf")), hash(text(one, "root"))];
    assert.equal(await included(leaf, at, size, path, root), true);
    assert.equal(await included(leaf, at + 1, size, path, root), false);
    assert.equal(await included(root, at, size, [...path, leaf], root), false);
  }
});

test("a longer book is shown to begin with the shorter one", async () => {
  for (const one of each(HEADS, "consistent")) {
    const [old, size, path] = [number(one, "old"), number(one, "new"), hashes(one, "path")];
    const [before, root] = [hash(text(one, "old_root")), hash(text(one, "root"))];
    assert.equal(await consistent(old, before, size, root, path), true);
    if (old === 0) continue;
    const wrong = before.map((byte) => byte ^ 1);
    assert.equal(await consistent(old, wrong, size, root, path), false);
  }
});

test("a key counts that the one before let in", async () => {
  const words = items(HEADS, "keys").map((one) => typed(KeyWord, one));
  const names = items(HEADS, "names").map(String);
  for (const known of names.slice(0, 3)) {
    const line = await line_of_keys(words, known);
    assert.deepEqual([...line.keys()], names.slice(0, 3));
    assert.equal(await is_head(line, typed(LogHead, any(HEADS, "head"))), true);
  }
  assert.deepEqual([...(await line_of_keys(words, names[3] ?? "")).keys()], names.slice(3));
});

test("a history goes on, or its server has owned up to a restore", async () => {
  const lineage = lineage_of([typed(Opened, any(HEADS, "opened"))]);
  for (const one of each(HEADS, "steps")) {
    const [old, shown] = [typed(LogHead, any(one, "old")), typed(LogHead, any(one, "new"))];
    const path = items(one, "path").map(String);
    assert.equal(await goes_on(old, shown, path, lineage), one.get("goes_on"));
  }
});
