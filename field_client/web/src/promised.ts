// When somebody is promised to be at an order's door, by the promises in force (P4).
//
// The rules are fetched after the list is on the screen; until then nothing is promised. May
// not enter: what a promise is (`sync/`), a clock.

import { effect, signal } from "@preact/signals";

import shipped from "../../../sync/exported/policy.json";
import { as_json, is_object, type JsonObject } from "../../../sync/json.ts";
import { is_held, type Order } from "../../../sync/order.ts";
import { line, tablet } from "./state.ts";

type Rule = (order: Order) => number | null;

const rule = signal<Rule>(() => null);
let following = false;

/** The earliest instant by which the promise of arrival wants somebody there; null if none
 * does, or while the order is on hold and it does not count on. */
export function arrival_due_ms(order: Order): number | null {
  return order.request === null ? null : rule.value(order);
}

/** From now on, know the promises that were taken home last. Once is enough. */
export function follow_promises(): void {
  if (following) return;
  following = true;
  effect(() => {
    void line.value.reached_ms;
    void learn();
  });
}

async function learn(): Promise<void> {
  const [{ due, promise, read_promises }, { read_calendar }, { stops }] = await Promise.all([
    import("../../../sync/promises.ts"), import("../../../sync/calendar.ts"),
    import("../../../sync/standing.ts"),
  ]);
  const said = await policy();
  const promises = read_promises(said.get("promises") ?? null);
  const calendar = read_calendar(said.get("calendar") ?? null);
  rule.value = (order) => {
    if (order.request === null) return null;
    const { registered_ms, registered_width_ms, priority } = order.request;
    const row = promise(promises, "arrival", registered_ms, calendar, priority);
    if (row === null || (is_held(order) && !row.runs_on)) return null;
    const asked = { first_ms: registered_ms, end_ms: registered_ms + registered_width_ms };
    return due(row, asked, calendar, stops(order, null))?.earliest_ms ?? null;
  };
}

/** What was taken home; what ships where that says nothing of promises. */
async function policy(): Promise<JsonObject> {
  const held = await tablet().store.projection.note("policy");
  const said = is_object(held) ? held.get("policy") : null;
  const ours = as_json(shipped);
  return new Map([
    ...is_object(ours) ? ours : [], ...is_object(said) ? said : [],
  ]);
}
