// TypeScript says what is due when, and what was kept, as Python does.

/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add_working_minutes, day_name, hours, is_working, is_working_day, local, must_be_day,
  next_working_day_end, read_calendar,
} from "../../sync/calendar.ts";
import { read_json, type Json, type JsonObject } from "../../sync/json.ts";
import { Moment, span } from "../../sync/moment.ts";
import { Bill, Order } from "../../sync/order.ts";
import { optional, typed } from "../../sync/plain.ts";
import { Refused } from "../../sync/problems.ts";
import { due, due_ms, promise, read_promises } from "../../sync/promises.ts";
import { standing } from "../../sync/standing.ts";
import { judge, minutes_left, split, type Verdict } from "../../sync/verdicts.ts";
import { any, each, file_of, inside, items, number, text, vectors } from "./held.ts";

const PROMISES = vectors("promises");
const HISTORIES = each(new Map([["all", file_of("histories")]]), "all");
const POLICIES = each(PROMISES, "policies").map((one) => ({
  calendar: read_calendar(any(one, "calendar")), promises: read_promises(any(one, "promises")),
}));
const moments = optional(Moment);

test("golden days are worked alike", () => {
  for (const one of each(PROMISES, "days")) {
    const { calendar } = policy_of(one);
    const instant = number(one, "instant_ms");
    assert.equal(day_name(calendar, instant), text(one, "day"));
    assert.deepEqual(hours(calendar, local(calendar, instant)[0]), any(one, "hours"));
    const working = [is_working(calendar, instant), is_working_day(calendar, instant)];
    assert.deepEqual(working, any(one, "working"));
    const later = add_working_minutes(calendar, instant, number(one, "minutes"));
    assert.equal(later, number(one, "later_ms"));
    assert.equal(next_working_day_end(calendar, instant), number(one, "next_ms"));
  }
});

test("golden rows hold at the same time", () => {
  for (const one of each(PROMISES, "rows")) {
    const { calendar, promises } = policy_of(one);
    const priority = optional_text(any(one, "priority"));
    const at = number(one, "instant_ms");
    const found = promise(promises, text(one, "code"), at, calendar, priority);
    const place = found && promises.promises.indexOf(found);
    assert.equal(place, any(one, "row"));
  }
});

test("golden promises are due at the same time", () => {
  for (const one of each(PROMISES, "dues")) {
    const { calendar, promises } = policy_of(one);
    const row = promises.promises[number(one, "row")]!;
    const [first, end] = items(one, "start_ms").map(Number);
    const found = due(row, span(first!, end!), calendar);
    assert.deepEqual([found?.earliest_ms, found?.latest_ms], any(one, "due_ms"));
    assert.equal(due_ms(row, first!, calendar), number(one, "instant_ms"));
  }
});

test("golden promises stop alike while an order is on hold", () => {
  for (const one of each(PROMISES, "stopped")) {
    const { calendar, promises } = policy_of(one);
    const runs_on = any(one, "runs_on") === true;
    const row = { ...promises.promises[number(one, "row")]!, runs_on };
    const [first, end] = items(one, "start_ms").map(Number);
    const stops = items(one, "stops").map((held) => {
      const [from, until] = Array.isArray(held) ? held.map(Number) : [];
      return span(from!, until!);
    });
    const found = due(row, span(first!, end!), calendar, stops);
    assert.deepEqual([found?.earliest_ms, found?.latest_ms], any(one, "due_ms"));
  }
});

test("golden promises were kept alike", () => {
  for (const one of each(PROMISES, "verdicts")) {
    const { calendar, promises } = policy_of(one);
    const row = promises.promises[number(one, "row")]!;
    const [start, done] = ["start", "done"].map((name) => moments.read(any(one, name), name));
    const told = judge(row, start!, done!, calendar, promises.worth);
    assert.deepEqual(plain(told), any(one, "verdict"));
    assert.equal(minutes_left(told, number(one, "now_ms")), any(one, "left"));
  }
});

test("golden time went the same ways", () => {
  for (const one of each(PROMISES, "splits")) {
    const [registered, assigned, seen, arrived, set_off] = items(one, "moments")
      .map((held) => moments.read(held, "moments"));
    const shares = split(registered!, assigned!, seen!, arrived!, set_off);
    assert.deepEqual(shares.map(plain), any(one, "shares"));
  }
});

const ORDERS = [...HISTORIES.map((one) => text(one, "order")), text(PROMISES, "mixed")];

for (const one of each(PROMISES, "standings")) {
  test(`a golden order stands alike: ${number(one, "order")}`, () => {
    const order = typed(Order, read_json(ORDERS[number(one, "order")]!, null));
    const found = standing(order, new Set(items(one, "held").map(String)), POLICIES[0]!);
    const { arrival, arrival_verdict, bill, ...figures } = found;
    const said = new Map<string, Json>([
      ...Object.entries(figures), ["bill", Bill.write(bill)],
      ["arrival", moments.write(arrival)],
      ["arrival_verdict", arrival_verdict && plain(arrival_verdict)],
    ]);
    assert.deepEqual(said, inside(one, "standing"));
  });
}

for (const one of each(PROMISES, "refused")) {
  const but = inside(one, "but");
  test(`what is no policy is refused alike: ${[...but.keys()].join()}`, () => {
    const part = text(one, "part");
    const data = new Map([...inside(each(PROMISES, "policies")[0]!, part), ...but]);
    const read = part === "calendar" ? read_calendar : read_promises;
    assert.throws(() => read(data), (error) => error instanceof Refused
      && `${error.code} ${error.facts["field"]}` === text(one, "field"));
  });
}

test("golden days are days", () => {
  for (const day of items(PROMISES, "days_that_are")) must_be_day(String(day), "day");
});

function policy_of(one: JsonObject) {
  return POLICIES[number(one, "policy")]!;
}

/** As Python writes it: what is not known is left out. */
function plain(said: Verdict | object): Json {
  return new Map(Object.entries(said).filter(([, held]) => held !== null));
}

function optional_text(value: Json): string | null {
  return typeof value === "string" ? value : null;
}
