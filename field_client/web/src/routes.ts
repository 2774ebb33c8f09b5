// Where in the app somebody is: one hash, one screen. Survives a reload as it stands.
//
// May not enter: what a screen shows.

import { computed, signal } from "@preact/signals";

export interface Place {
  readonly screen: string; // "" is today
  readonly order: string | null; // a stream
  readonly step: string | null;
}

const hash = signal(location.hash);
addEventListener("hashchange", () => { hash.value = location.hash; });

/** Where we are now. */
export const place = computed<Place>(() => {
  const [screen = "", id, step] = hash.value.replace(/^#\/?/, "").split("/");
  return {
    screen,
    order: id ? `order:${decodeURIComponent(id)}` : null,
    step: step ?? null,
  };
});

/** The hash of an order's page, or of one step of it. */
export function to_order(stream: string, step?: string): string {
  const id = stream.replace(/^order:/, "");
  return step ? `#/order/${id}/${step}` : `#/order/${id}`;
}

/** Go there; back brings one here again. */
export function go(to: string): void {
  location.hash = to;
}

/** Go there in place of here: back leads to where one was before. */
export function go_instead(to: string): void {
  history.replaceState(history.state, "", to);
  hash.value = to;
}
