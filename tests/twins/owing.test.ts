// What the outbox may say of a fact and of a day, from stored receipts alone (U05, U16).

import assert from "node:assert/strict";
import { test } from "node:test";

import { Receipt, type Outcome } from "../../sync/exchange.ts";
import { day_sum, is_over } from "../../field_client/web/src/day_end.ts";
import { owing_of, truth_of, type Owing } from "../../field_client/web/src/owing.ts";
import {
  original, Owned, type BlobRow, type FactRow, type ServerRow,
} from "../../field_client/web/src/store/owed.ts";
import { write_json } from "../../sync/json.ts";

const SERVER: ServerRow = { epoch: "e1", durable_through: 5, voucher: null, epochs: null };
const PHOTO = "ab".repeat(32);
const BODY = `{"t":"work.photographed","bl":[{"sha256":"${PHOTO}"}]}`;

function fact(outcome: Outcome | null, position: number | null = 9): Owned {
  const receipt = outcome && write_json(Receipt.write(Receipt.make({ id: "f", outcome })));
  const row: FactRow = {
    id: "f", log: "li.1", n: 1, stream: "order:1", b: BODY, x: "{}",
    epoch: outcome && "e1", receipt, position,
  };
  return new Owned(row, SERVER);
}

function owing(one: Owned, bytes: "waiting" | "kept" | "flawed" = "kept"): Owing {
  const row: BlobRow = {
    seq: 1, sha256: PHOTO, type: "image/jpeg", role: "photo", size: 1_000, upload: null,
    epoch: bytes === "waiting" ? null : "e1", position: 9,
    receipt: bytes === "waiting" ? null : bytes === "flawed" ? '{"flaw":"not_a_picture"}' : "{}",
  };
  const found = owing_of([one], [original(row, SERVER, true)], new Set()).get("order:1");
  assert.ok(found);
  return found;
}

test("each truth is told by its receipt and by nothing else", () => {
  const truths = [fact(null), fact("stored"), fact("stored", 5), fact("refused", null)]
    .map((one) => truth_of([one]));
  assert.deepEqual(truths, ["saved", "handed_over", "backed_up", "saved"]);
});

test("a day is over only with a receipt in custody for every fact and all bytes", () => {
  const days = [
    owing(fact("stored")), owing(fact("review")), owing(fact("quarantined")),
    owing(fact("refused", null)), owing(fact(null)), owing(fact("stored"), "waiting"),
  ].map((one) => is_over([one]));
  assert.deepEqual(days, [true, true, true, false, false, false]);
});

test("bytes belong to the order whose fact names them, and are weighed while they wait", () => {
  const { pieces, bytes_waiting } = owing(fact("stored"), "waiting");
  assert.deepEqual([pieces.length, bytes_waiting], [1, 1_000]);
  assert.deepEqual(day_sum([owing(fact("stored"))]), { orders: 1, photos: 1, signatures: 0 });
});

test("a damaged picture needs a person, however well it was handed over", () => {
  assert.equal(owing(fact("stored"), "flawed").truth, "attention");
});
