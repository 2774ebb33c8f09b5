// Where this tablet is, as far as it is known at the moment of a tap. Nothing waits for it.
//
// A place is looked for only where the owner agreed to it (V4a): before an arrival, if that was
// on an earlier visit; else after the door card, and told as a fact of its own, because an
// arrival does not change (V2). May not enter: writing.

import { signal } from "@preact/signals";

import type { Order } from "../../../sync/order.ts";

export const LONGEST_LOOK_MS = 8_000;
const FRESH_MS = 120_000;
const E7 = 10_000_000;

/** Why an arrival goes without a place. */
export type Missing = "not_asked" | "not_agreed" | "denied" | "timeout" | "unavailable" | "looking";

export type Whereabouts =
  | { readonly place: string; readonly found_ms: number }
  | { readonly missing: Missing };

/** What is known of where we are. */
export const whereabouts = signal<Whereabouts>({ missing: "not_asked" });

const WHY: Readonly<Record<number, Missing>> = { 1: "denied", 2: "unavailable", 3: "timeout" };

/** Did the owner of this home say yes to recording the place? null if nobody asked yet. */
export function place_agreed(order: Order): boolean | null {
  const said = order.visits.map((one) => one.place_consent).filter((one) => one !== null);
  return said.at(-1) ?? null;
}

/** Begin to look, if the owner agreed on an earlier visit. Answers at once. */
export function look_for_place(order: Order): void {
  const agreed = place_agreed(order);
  if (agreed !== true) {
    whereabouts.value = { missing: agreed === false ? "not_agreed" : "not_asked" };
    return;
  }
  whereabouts.value = { missing: "looking" };
  void looked_for().then((found) => { whereabouts.value = found; });
}

/** Where we are; says so, or why not, within a few seconds. */
export function looked_for(): Promise<Whereabouts> {
  if (!("geolocation" in navigator)) return Promise.resolve({ missing: "unavailable" });
  return new Promise((said) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => said({ place: written(coords), found_ms: Date.now() }),
      ({ code }) => said({ missing: WHY[code] ?? "unavailable" }),
      { enableHighAccuracy: true, timeout: LONGEST_LOOK_MS, maximumAge: FRESH_MS },
    );
  });
}

/** What goes into an arrival that is told now: the place if it is fresh, else why not. */
export function at_the_tap(now_ms: number): Whereabouts {
  const known = whereabouts.value;
  if ("missing" in known) return known;
  return now_ms - known.found_ms <= FRESH_MS ? known : { missing: "timeout" };
}

/** Latitude, longitude in degrees × 10^7, and metres of accuracy. */
function written({ latitude, longitude, accuracy }: GeolocationCoordinates): string {
  return [Math.round(latitude * E7), Math.round(longitude * E7), Math.round(accuracy)].join(",");
}
