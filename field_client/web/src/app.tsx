// Which screen is shown for where somebody is. Everything but today's list is fetched when
// it is first needed; the service worker has it by then.
//
// May not enter: what a screen shows.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { place, type Place } from "./routes.ts";
import { Today } from "./screens/today.tsx";

export interface ScreenProps {
  readonly place: Place;
}

type Fetch = () => Promise<ComponentType<ScreenProps>>;

// One row for each screen; a step of an order is a screen of its own.
const SCREENS: Readonly<Record<string, Fetch>> = {};

/** The whole app. */
export function App() {
  const here = place.value;
  const name = here.step === null ? here.screen : `${here.screen}/${here.step}`;
  const fetch = SCREENS[name];
  return fetch === undefined ? <Today place={here} /> : <Later key={name} fetch={fetch} place={here} />;
}

function Later({ fetch, place: here }: { readonly fetch: Fetch; readonly place: Place }) {
  const [Shown, show] = useState<ComponentType<ScreenProps> | null>(null);
  useEffect(() => { void fetch().then((found) => show(() => found)); }, [fetch]);
  return Shown === null ? null : <Shown place={here} />;
}
