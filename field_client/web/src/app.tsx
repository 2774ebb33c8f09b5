// Which screen is shown for where somebody is. Everything but today's list is fetched when
// it is first needed; the service worker has it by then.
//
// May not enter: what a screen shows.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { gate } from "./locking.ts";
import { in_hand } from "./owner/lock.ts";
import { place, type Place } from "./routes.ts";
import { Today } from "./screens/today.tsx";

export interface ScreenProps {
  readonly place: Place;
}

type Fetch = () => Promise<ComponentType<ScreenProps>>;

// One row for each screen; a step of an order is a screen of its own.
const SCREENS: Readonly<Record<string, Fetch>> = {
  order: () => import("./screens/order.tsx").then((one) => one.OrderPage),
  "order/door": () => import("./screens/door.tsx").then((one) => one.Door),
  "order/before": () => import("./screens/camera.tsx").then((one) => one.Camera),
  "order/during": () => import("./screens/camera.tsx").then((one) => one.Camera),
  "order/after": () => import("./screens/camera.tsx").then((one) => one.Camera),
  "order/survey": () => import("./screens/survey.tsx").then((one) => one.Survey),
  "order/quote": () => import("./screens/quote.tsx").then((one) => one.Quote),
  "order/work": () => import("./screens/work.tsx").then((one) => one.Work),
  "order/hand-over": () => import("./screens/handover.tsx").then((one) => one.Handover),
  "order/more": () => import("./screens/more.tsx").then((one) => one.More),
  found: () => import("./screens/found.tsx").then((one) => one.Found),
  "going-out": () => import("./screens/going_out.tsx").then((one) => one.GoingOut),
  outbox: () => import("./screens/outbox.tsx").then((one) => one.Outbox),
  "day-end": () => import("./screens/day_end.tsx").then((one) => one.DayEnd),
  settings: () => import("./screens/settings.tsx").then((one) => one.Settings),
  enrol: () => import("./screens/enrol.tsx").then((one) => one.Enrol),
  lock: () => import("./screens/lock.tsx").then((one) => one.LockScreen),
  people: () => import("./screens/people.tsx").then((one) => one.PeopleScreen),
  "order/refuse": () => import("./screens/refuse.tsx").then((one) => one.Refuse),
  "order/unsigned": () => import("./screens/refuse.tsx").then((one) => one.Unsigned),
  "order/rework": () => import("./screens/rework.tsx").then((one) => one.Rework),
};

// Nothing else is shown while an owner holds the tablet.
const OWNERS: Fetch = () => import("./owner/hall.tsx").then((one) => one.OwnersHall);

/** The whole app. */
export function App() {
  const here = place.value;
  if (in_hand.value !== null) return <Later key="owner" fetch={OWNERS} place={here} />;
  const step = here.step === null ? here.screen : `${here.screen}/${here.step}`;
  const name = gate.value ?? step;
  const fetch = SCREENS[name];
  if (fetch === undefined) return <Today place={here} />;
  return <Later key={name} fetch={fetch} place={here} />;
}

function Later({ fetch, place: here }: { readonly fetch: Fetch; readonly place: Place }) {
  const [Shown, show] = useState<ComponentType<ScreenProps> | null>(null);
  useEffect(() => { void fetch().then((found) => show(() => found)); }, [fetch]);
  return Shown === null ? null : <Shown place={here} />;
}
