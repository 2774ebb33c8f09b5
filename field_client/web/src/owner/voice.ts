// Reading aloud, where the device has a voice of its own for the language that is spoken.
// A voice that lives on somebody's server is none: it would be told what stands on a sheet.
//
// May not enter: what is read.

import { computed, signal } from "@preact/signals";

import { language } from "../shared/words.ts";

const heard: SpeechSynthesis | undefined = globalThis.speechSynthesis;
const voices = signal<readonly SpeechSynthesisVoice[]>(heard?.getVoices() ?? []);
heard?.addEventListener("voiceschanged", () => { voices.value = heard.getVoices(); });

/** The voice for the language of the screen; null where the device has none. */
export const voice = computed(() => {
  const own = voices.value.filter((one) => one.localService);
  const tag = language.value.toLowerCase();
  return own.find((one) => one.lang.replace("_", "-").toLowerCase() === tag) ??
    own.find((one) => one.lang.slice(0, 2).toLowerCase() === tag.slice(0, 2)) ?? null;
});

/** Is something being read? */
export const is_reading = signal(false);

/** Read these lines, a little slower than one speaks; what was being read stops. */
export function read_aloud(lines: readonly string[]): void {
  hush();
  if (heard === undefined || voice.value === null) return;
  is_reading.value = true;
  for (const line of lines) {
    const said = new SpeechSynthesisUtterance(line);
    said.voice = voice.value;
    said.lang = voice.value.lang;
    said.rate = 0.9;
    heard.speak(said);
    said.onend = () => { is_reading.value = heard.pending || heard.speaking; };
  }
}

/** Be quiet. */
export function hush(): void {
  is_reading.value = false;
  heard?.cancel();
}
