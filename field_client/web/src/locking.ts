// Who may use the tablet now: nobody before it was enrolled, whoever knows the PIN after it
// lay idle, the owner while it is in the owner's hands.
//
// A PIN keeps a colleague out, not a thief with tools; the exchange goes on behind it. May
// not enter: how a PIN is known, what the screens show.

import { computed, signal } from "@preact/signals";

import { in_hand, keep_owners_word, recall } from "./owner/lock.ts";
import { place } from "./routes.ts";
import { tablet } from "./state.ts";

export const IDLE_MS = 5 * 60_000;
const LOOKS = ["pointerdown", "keydown", "scroll"] as const;

type Gate = "open" | "enrol" | "lock";

const shut = signal<Gate>("open");
let touched_ms = 0;
let timer = 0;

/** The screen that stands in the way of all others; null when none does. */
export const gate = computed<"enrol" | "lock" | null>(() => {
  if (shut.value === "open") return null;
  return place.value.screen === "enrol" ? "enrol" : shut.value;
});

/** Find out who may come in, and watch from now on. Before anything is shown. */
export async function keep_gate(): Promise<void> {
  keep_owners_word();
  await look_at_gate();
  if (await tablet().people.present() !== null) await recall();
  for (const kind of LOOKS) addEventListener(kind, touch, { passive: true, capture: true });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && idle_ms() >= IDLE_MS) void lock();
  });
  touch();
}

/** Somebody has come in, was enrolled or has left. */
export async function look_at_gate(): Promise<void> {
  const { people } = tablet();
  const person = await people.present();
  if (person !== null) shut.value = person.lock === null ? "open" : locked_unless_fresh();
  else shut.value = (await people.all()).length ? "lock" : "enrol";
}

/** The one who was asked has come in. */
export function let_in(): void {
  touch();
  shut.value = "open";
}

/** Ask for the PIN, if there is one: not while an owner holds the tablet, nor while a
 * picture is taken. */
export async function lock(): Promise<void> {
  const person = await tablet().people.present();
  if (person === null) shut.value = "lock";
  else if (person.lock !== null && in_hand.value === null && !is_shooting()) {
    shut.value = "lock";
  }
}

/** Show who else uses this tablet, to change over. */
export function change_over(): void {
  shut.value = "lock";
}

function locked_unless_fresh(): Gate {
  return touched_ms > 0 && idle_ms() < IDLE_MS ? "open" : "lock";
}

function touch(): void {
  touched_ms = Date.now();
  window.clearTimeout(timer);
  timer = window.setTimeout(() => { void lock(); }, IDLE_MS);
}

/** Is a camera on the screen? */
function is_shooting(): boolean {
  return document.querySelector("video") !== null;
}

function idle_ms(): number {
  return Date.now() - touched_ms;
}
