// Where in the console somebody is, and which screen that is: one hash, one screen, with the
// filters in its query. A link says all of it, so a colleague sees the same.
//
// May not enter: what a screen shows.

import { computed, signal } from "@preact/signals";
import type { ComponentType } from "preact";

import { N_ } from "#shared/words.ts";

export interface Place {
  readonly screen: string; // "board" if nothing is said
  readonly id: string | null;
  readonly query: URLSearchParams;
}

export interface ScreenProps {
  readonly place: Place;
}

type Fetch = () => Promise<ComponentType<ScreenProps>>;

interface Row {
  readonly screen: string; // what the hash begins with
  readonly words: string;
  readonly actions: readonly string[]; // who may do any of these, sees it; none: everybody
  readonly menu: boolean;
  readonly fetch: Fetch;
}

/** One row for each screen; the menu is these rows in this sequence. */
export const SCREENS: readonly Row[] = [
  { screen: "board", words: N_("看板"), actions: ["order.read"], menu: true,
    fetch: () => import("./board/board.tsx").then((one) => one.Board) },
  { screen: "timeline", words: N_("时间轴"), actions: ["order.read"], menu: true,
    fetch: () => import("./timeline/timeline.tsx").then((one) => one.Timeline) },
  { screen: "reviews", words: N_("核对"), actions: ["review.resolve", "audit.read"], menu: true,
    fetch: () => import("./screens/reviews.tsx").then((one) => one.Reviews) },
  { screen: "differences", words: N_("对账"), actions: ["difference.read"], menu: true,
    fetch: () => import("./screens/differences.tsx").then((one) => one.Differences) },
  { screen: "roster", words: N_("值班表"), actions: ["roster.read"], menu: true,
    fetch: () => import("./screens/roster.tsx").then((one) => one.Roster) },
  { screen: "statements", words: N_("结账"), actions: ["statement.read"], menu: true,
    fetch: () => import("./screens/statements.tsx").then((one) => one.Statements) },
  { screen: "people", words: N_("人员"), actions: ["people.read"], menu: true,
    fetch: () => import("./screens/people.tsx").then((one) => one.PeopleScreen) },
  { screen: "devices", words: N_("平板"), actions: ["device.read"], menu: true,
    fetch: () => import("./screens/devices.tsx").then((one) => one.Devices) },
  { screen: "notices", words: N_("通知"), actions: ["notice.read"], menu: true,
    fetch: () => import("./screens/notices.tsx").then((one) => one.Notices) },
  { screen: "orders", words: N_("工单"), actions: ["order.read"], menu: false,
    fetch: () => import("./screens/order.tsx").then((one) => one.OrderPage) },
  { screen: "projects", words: N_("项目"), actions: ["project.read"], menu: false,
    fetch: () => import("./screens/projects.tsx").then((one) => one.Projects) },
  { screen: "traces", words: N_("查阅记录"), actions: ["audit.read"], menu: false,
    fetch: () => import("./screens/traces.tsx").then((one) => one.Traces) },
  { screen: "qualifications", words: N_("资质证书"), actions: ["roster.read"], menu: false,
    fetch: () => import("./screens/qualifications.tsx").then((one) => one.Qualifications) },
  { screen: "settings", words: N_("设置"), actions: [], menu: false,
    fetch: () => import("./screens/settings.tsx").then((one) => one.Settings) },
];
export const FIRST = "board";
export const LOGIN = "login"; // where the server sends whoever its provider did not let in

const hash = signal(location.hash);
addEventListener("hashchange", () => { hash.value = location.hash; });

/** Where we are now. */
export const place = computed<Place>(() => {
  const [path = "", query = ""] = hash.value.replace(/^#\/?/, "").split("?");
  const [screen = "", id] = path.split("/");
  return {
    screen: screen || FIRST,
    id: id ? decodeURIComponent(id) : null,
    query: new URLSearchParams(query),
  };
});

/** The hash of a screen, of one thing on it, with filters. */
export function to(screen: string, id?: string | null, query?: URLSearchParams): string {
  const text = query?.toString() ?? "";
  const path = id ? `${screen}/${encodeURIComponent(id)}` : screen;
  return `#/${path}${text === "" ? "" : `?${text}`}`;
}

export function to_order(id: string): string {
  return to("orders", id);
}

/** Go there; back brings one here again. */
export function go(there: string): void {
  location.hash = there;
}

/** Go there in place of here: back leads to where one was before. */
export function go_instead(there: string): void {
  history.replaceState(history.state, "", there);
  hash.value = there;
}

/** Change one filter of this screen; an empty value takes it away. */
export function filter(name: string, value: string): void {
  const { screen, id, query } = place.value;
  const changed = new URLSearchParams(query);
  if (value === "") changed.delete(name);
  else changed.set(name, value);
  go_instead(to(screen, id, changed));
}
