// The orders on the board, alive: fetched whole once, then whatever changed, by a cursor.
//
// What is shown is as old as the last answer, and says so. May not enter: filters, columns,
// how a card looks.

import { signal } from "@preact/signals";

import { get, Problem } from "../api.ts";
import type { Card, CardPage, Changes } from "../shapes.ts";
import { keep_time } from "../state.ts";

const PAGE = 500;
const POLL_MS = 4_000;
const HIDDEN_MS = 30_000; // nobody looks
const WORST_MS = 60_000; // between two attempts when the server does not answer
const WHOLE_MS = 180_000; // verdicts and silences come of time alone: look at all again

/** Every order that is open, or was done today; by id. */
export const cards = signal<ReadonlyMap<string, Card>>(new Map());

/** When each person's tablets were last heard of. */
export const contacts = signal<ReadonlyMap<string, number>>(new Map());

/** Is everything here that the server has? */
export const complete = signal(false);

/** What the server said when it was asked for the last time and did not give; "" if it did. */
export const trouble = signal("");

/** When anybody who has this order was last heard of. */
export function contact_of(card: Card): number | null {
  const heard = [card.technician ?? "", ...card.helpers].map((one) => contacts.value.get(one) ?? 0);
  return Math.max(...heard, card.known.contact_ms ?? 0) || null;
}

let cursor: string | null = null;
let followers = 0;
let timer = 0;
let failures = 0;
let whole_ms = 0; // when everything was looked at
let round = Promise.resolve();

/** Keep the board up to date for as long as somebody needs it; ends what it began. */
export function follow(): () => void {
  followers += 1;
  if (followers === 1) refresh();
  return () => {
    followers -= 1;
    if (followers === 0) window.clearTimeout(timer);
  };
}

/** Ask now, for instance because something was just decided; done when it is on the board. */
export function refresh(): Promise<void> {
  window.clearTimeout(timer);
  round = round.then(look_once);
  return round;
}

/** Begin anew: somebody else sits here, or the cursor is too old. */
export function forget(): void {
  cursor = null;
  complete.value = false;
  cards.value = new Map();
  contacts.value = new Map();
}

async function look_once(): Promise<void> {
  window.clearTimeout(timer);
  try {
    if (cursor === null || Date.now() - whole_ms > WHOLE_MS) await fetch_all();
    else await fetch_changes(cursor);
    failures = 0;
    trouble.value = "";
  } catch (why) {
    if (!(why instanceof Problem)) throw why;
    failures += 1;
    trouble.value = why.message;
    if (why.status === 410 || why.code === "cursor_unknown") cursor = null;
  }
  if (followers > 0) timer = window.setTimeout(refresh, pause_ms());
}

function pause_ms(): number {
  const usual = document.hidden ? HIDDEN_MS : POLL_MS;
  return Math.min(WORST_MS, usual * 2 ** Math.min(failures, 5));
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && followers > 0) void refresh();
});

/** Page by page, the worst first: what presses stands there before the rest has come. */
async function fetch_all(): Promise<void> {
  const found = new Map<string, Card>();
  let next: string | null = null;
  let from: string | null = null;
  do {
    const page: CardPage = await get("/v1/orders", {
      open: 1, order_by: "worst", limit: PAGE, cursor: next,
    });
    from ??= page.cursor; // what changes from the first page on comes as a change
    keep_time(page.as_of_ms);
    hear(page.contacts);
    for (const one of page.orders) found.set(one.id, one);
    if (!complete.value) cards.value = new Map(found);
    next = page.next;
  } while (next !== null);
  cards.value = found;
  cursor = from;
  whole_ms = Date.now();
  complete.value = true;
}

function hear(said: Readonly<Record<string, number>>): void {
  contacts.value = new Map(Object.entries(said));
}

async function fetch_changes(since: string): Promise<void> {
  const said: Changes = await get("/v1/orders/changes", { cursor: since });
  keep_time(said.as_of_ms);
  hear(said.contacts);
  cursor = said.cursor;
  if (said.orders.length === 0 && said.gone.length === 0) return;
  const found = new Map(cards.value);
  for (const one of said.orders) {
    if (one.open) found.set(one.id, one);
    else found.delete(one.id);
  }
  for (const id of said.gone) found.delete(id);
  cards.value = found;
  if (!said.complete) await fetch_changes(said.cursor);
}
