// The console around its screens: who is here, the bar, the screen, what is said.
//
// May not enter: what a screen shows.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { Dialog, Toast } from "#shared/frame.tsx";
import { _ } from "#shared/words.ts";
import { Bar } from "./parts/bar.tsx";
import { Keyboard } from "./parts/keyboard.tsx";
import { go, place, SCREENS, to, type ScreenProps } from "./routes.ts";
import { Login } from "./screens/login.tsx";
import { NewPassword } from "./screens/password.tsx";
import { can, ended, may_open, session } from "./session.ts";
import { learn_people, open_dialog } from "./state.ts";
import { useKeys } from "./keys.ts";

/** The whole console. */
export function App() {
  if (place.value.screen === "password") return <NewPassword place={place.value} />;
  if (session.value === null && !ended.value) return <Login />;
  return <Desk key={session.value?.person ?? "away"} />;
}

function Desk() {
  const here = place.value;
  const row = row_of(here.screen);
  useEffect(() => { if (session.value !== null) void learn_people().catch(() => undefined); },
    [session.value?.person]);
  useDeskKeys();
  return (
    <div class="desk">
      <Bar />
      <Later key={row.screen} fetch={row.fetch} place={here} />
      <Dialogs />
      {session.value === null && <Login over />}
      <Toast />
    </div>
  );
}

/** The screen that was asked for; else the first that is open to whoever sits here. Who has
 * to log in again finds everything as it was. */
function row_of(wanted: string) {
  const row = SCREENS.find(({ screen }) => screen === wanted);
  if (row !== undefined && (session.value === null || may_open(row))) return row;
  return SCREENS.find(may_open) ?? SCREENS[0]!; // has rows
}

function useDeskKeys(): void {
  useKeys(() => [
    ...can("intake.write")
      ? [{ key: "n", words: _("接单"), run: () => { open_dialog.value = "intake"; } }] : [],
    { key: "?", words: _("键盘操作一览"), run: () => { open_dialog.value = "help"; } },
    ...can("order.read") ? [
      { key: "/", words: _("搜索电话、房号、单号"), run: to_search },
      { key: "b", words: _("看板"), run: () => go(to("board")) },
      { key: "t", words: _("时间轴"), run: () => go(to("timeline")) },
    ] : [],
  ]);
}

function to_search(): void {
  document.getElementById("search")?.focus();
}

type Opened = ComponentType<{ readonly onClose: () => void }>;
const INTAKE = (): Promise<Opened> => import("./intake/intake.tsx").then((one) => one.Intake);

function Dialogs() {
  const close = () => { open_dialog.value = null; };
  switch (open_dialog.value) {
    case "help": return <Keyboard onClose={close} />;
    case "intake": return <LaterDialog fetch={INTAKE} onClose={close} />;
    case null: return null;
  }
}

function LaterDialog({ fetch, onClose }: {
  readonly fetch: () => Promise<Opened>; readonly onClose: () => void;
}) {
  const Shown = useFetched(fetch);
  if (Shown === GONE) return <Dialog title={_("接单")} onClose={onClose}><Outdated /></Dialog>;
  return Shown === null ? null : <Shown onClose={onClose} />;
}

function Later({ fetch, place: here }: {
  readonly fetch: () => Promise<ComponentType<ScreenProps>>; readonly place: ScreenProps["place"];
}) {
  const Shown = useFetched(fetch);
  if (Shown === GONE) return <Outdated />;
  return Shown === null ? <main class="screen" aria-busy="true" /> : <Shown place={here} />;
}

/** What stands for a part of the console that could not be fetched. */
const GONE = Symbol("gone");

function useFetched<T>(fetch: () => Promise<T>): T | typeof GONE | null {
  const [found, find] = useState<T | typeof GONE | null>(null);
  useEffect(() => {
    void fetch().then((one) => find(() => one), () => find(GONE));
  }, [fetch]);
  return found;
}

/** The line is down, or the server hands out a newer console, with other files, since this
 * page was opened. */
function Outdated() {
  return (
    <main class="screen">
      <p role="alert">{_("这一页取不到：网络断了，或者调度台已经更新。")}</p>
      <p><Button kind="primary" onPress={() => { location.reload(); }}>{_("重新载入")}</Button></p>
    </main>
  );
}
