// What the server finds for a text that stands on no card: phones, names, closed orders.
//
// May not enter: how it is drawn.

import { effect, signal } from "@preact/signals";

import { get } from "../api.ts";
import { place } from "../routes.ts";
import type { Card, CardPage } from "../shapes.ts";

const PAUSE_MS = 250; // of whoever types
const LEAST = 2; // letters
const MOST = 50;

/** What was found for the text in the address. */
export const found = signal<readonly Card[]>([]);

/** Look whenever the text changes; ends what it began. */
export function follow_search(): () => void {
  let timer = 0;
  const stop = effect(() => {
    const text = place.value.query.get("q") ?? "";
    window.clearTimeout(timer);
    if (text.length < LEAST) {
      found.value = [];
      return;
    }
    timer = window.setTimeout(() => void look(text), PAUSE_MS);
  });
  return () => { stop(); window.clearTimeout(timer); };
}

async function look(text: string): Promise<void> {
  try {
    const page = await get<CardPage>("/v1/orders", { q: text, limit: MOST });
    if (place.value.query.get("q") === text) found.value = page.orders;
  } catch {
    found.value = []; // the board itself is searched all the same
  }
}
