// What a person chose for this tablet: map app, larger letters, sunlight.
//
// A convenience that may be lost at any time, so it lies in localStorage. May not enter:
// anything that was recorded.

import { effect, signal, type Signal } from "@preact/signals";

import { MAP_APPS, type MapApp } from "./maps.ts";

const PREFIX = "doorstep.setting.";

/** The map app that ➤ opens. */
export const map_app = chosen<MapApp>("map_app", MAP_APPS, "amap");

/** Black on white, for reading in the sun. */
export const sun = chosen("sun", ["on", "off"] as const, "off");

/** Do owners read larger letters from the start (长辈版)? */
export const elder_first = chosen("elder", ["on", "off"] as const, "off");

/** Whom to call for help; typed once. */
export const duty_phone = signal(localStorage.getItem(`${PREFIX}duty_phone`) ?? "");
effect(() => { localStorage.setItem(`${PREFIX}duty_phone`, duty_phone.value); });

function chosen<T extends string>(
  name: string, choices: readonly T[], usual: T,
): Signal<T> {
  const held = localStorage.getItem(PREFIX + name);
  const choice = signal<T>(choices.find((one) => one === held) ?? usual);
  effect(() => { localStorage.setItem(PREFIX + name, choice.value); });
  return choice;
}

effect(() => { document.documentElement.classList.toggle("sun", sun.value === "on"); });
