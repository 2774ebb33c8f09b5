// Single keys for everything that is done all day, and the list of them for ? (help).
//
// Whoever dictates or uses switches can turn them off (WCAG 2.1.4). May not enter: what a
// key does.

import { effect, signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** A key, what it does in words, and what it does. */
export interface Key {
  readonly key: string;
  readonly words: string;
  readonly run: (event: KeyboardEvent) => void;
}

const KEPT = "doorstep.console.keys";

/** Do single keys do anything? */
export const keys_on = signal(localStorage.getItem(KEPT) !== "off");
effect(() => { localStorage.setItem(KEPT, keys_on.value ? "on" : "off"); });

const sets = signal<readonly (readonly Key[])[]>([]);

/** The keys that do something here, the newest screen's first. */
export function keys_here(): readonly Key[] {
  return [...sets.value].reverse().flat();
}

/** These keys do something as long as this is on the screen: from the frame on that shows
 * it, or a quick key would still mean what stood there before. */
export function useKeys(make: () => readonly Key[], inputs: readonly unknown[] = []): void {
  useLayoutEffect(() => {
    const set = make();
    sets.value = [...sets.peek(), set];
    return () => { sets.value = sets.peek().filter((one) => one !== set); };
  }, inputs);
}

addEventListener("keydown", (event) => {
  if (!keys_on.value || event.defaultPrevented || is_typed(event)) return;
  const found = keys_here().find(({ key }) => key === event.key);
  if (found === undefined) return;
  event.preventDefault();
  found.run(event);
});

/** Is this key part of a text, a chord, or meant for a dialog on top? */
function is_typed(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  if (document.querySelector("dialog[open]") !== null) return true;
  const on = event.target;
  return on instanceof HTMLElement
    && (on.isContentEditable || on.matches("input, select, textarea"));
}
