// When somebody is promised to be at an order's door, by the promises in force (P4).
//
// The rules are fetched after the list is on the screen; until then nothing is promised. May
// not enter: what a promise is (`sync/`), a clock.

import { effect, signal } from "@preact/signals";

import shipped from "../../../sync/exported/policy.json";
import { as_json, is_object, type JsonObject } from "../../../sync/json.ts";
import type { Order, Request } from "../../../sync/order.ts";
import { line, tablet } from "./state.ts";

type Rule = (request: Request) => number | null;

const rule = signal<Rule>(() => null);
let following = false;

/** The earliest instant by which the promise of arrival wants somebody there; null if none
 * does. */
export function arrival_due_ms({ request }: Order): number | null {
  return request === null ? null : rule.value(request);
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
  const [{ due, promise, read_promises }, { read_calendar }] = await Promise.all([
    import("../../../sync/promises.ts"), import("../../../sync/calendar.ts"),
  ]);
  const said = await policy();
  const promises = read_promises(said.get("promises") ?? null);
  const calendar = read_calendar(said.get("calendar") ?? null);
  rule.value = ({ registered_ms, registered_width_ms, priority }) => {
    const row = promise(promises, "arrival", registered_ms, calendar, priority);
    if (row === null) return null;
    const asked = { first_ms: registered_ms, end_ms: registered_ms + registered_width_ms };
    return due(row, asked, calendar)?.earliest_ms ?? null;
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
