// Who calls: by phone, room or name, with what was done in that home.
//
// May not enter: how it is drawn.

import { signal } from "@preact/signals";

import { get } from "../api.ts";
import type { Lookup } from "../shapes.ts";

const PAUSE_MS = 120; // of whoever types
const LEAST = 2;

export const NOTHING: Lookup = { homes: [], duplicates: [], repeats: [] };

/** What was found for what was typed last; null while it is being looked for. */
export const looked_up = signal<Lookup | null>(NOTHING);

let timer = 0;
let under_way: Promise<void> = Promise.resolve();
let wanted = "";

/** Look for this, a moment after the last letter. */
export function look_up(text: string): void {
  wanted = text.trim();
  window.clearTimeout(timer);
  if (wanted.length < LEAST) {
    looked_up.value = NOTHING;
    return;
  }
  looked_up.value = null;
  under_way = new Promise((done) => {
    timer = window.setTimeout(() => void ask(wanted).then(done, done), PAUSE_MS);
  });
}

/** What is found once it has been looked for: Enter does not wait for eyes. */
export async function when_looked_up(): Promise<Lookup> {
  await under_way;
  return looked_up.value ?? NOTHING;
}

async function ask(text: string): Promise<void> {
  try {
    const said = await get<Lookup>("/v1/intake/lookup", { q: text });
    if (text === wanted) looked_up.value = said;
  } catch {
    if (text === wanted) looked_up.value = NOTHING; // it can be written down all the same
  }
}
