// What the server said afterwards stays on the screen until a person has seen it.
//
// What was seen is kept with what that person began; nothing else is changed by it. May not
// enter: what a verdict means.

import { signal } from "@preact/signals";

import { tablet } from "./state.ts";

const NAME = "seen-verdicts";
const MOST = 2_000;

/** Names of verdicts that whoever is in has seen. */
export const seen = signal<ReadonlySet<string>>(new Set());

/** Fetch what whoever is in has seen before; nothing while nobody is. */
export async function recall_seen(): Promise<void> {
  if (await tablet().people.present() === null) return;
  seen.value = new Set(await tablet().draft<readonly string[]>(NAME));
}

/** These have been seen. */
export async function mark_seen(names: readonly string[]): Promise<void> {
  const all = [...new Set([...seen.value, ...names])].slice(-MOST);
  await tablet().keep_draft(NAME, all);
  seen.value = new Set(all);
}
