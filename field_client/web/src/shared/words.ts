// What a person reads, in the language that was chosen.
//
// Sentences stand in Chinese where they belong: `_("剩 {n} 分", { n })`. zh-CN is the
// source; the other languages are fetched when chosen. May not enter: anybody's sentences.

import { signal } from "@preact/signals";

import { LANGUAGES, language_for, type Language } from "../../../../sync/languages.ts";

export { LANGUAGES, type Language } from "../../../../sync/languages.ts";

export const NAMES: Readonly<Record<Language, string>> = {
  "zh-CN": "简体中文", "zh-TW": "繁體中文", en: "English",
};

const CHOSEN = "doorstep.setting.language"; // in localStorage: it may be lost

type Catalogue = ReadonlyMap<string, string>;
const SOURCE: Catalogue = new Map();

/** The language that is spoken now; screens that read it change with it. */
export const language = signal<Language>("zh-CN");
const catalogue = signal<Catalogue>(SOURCE);

/** Speak this language from now on. */
export async function speak(wanted: Language): Promise<void> {
  catalogue.value = await fetched(wanted);
  language.value = wanted;
  document.documentElement.lang = wanted;
}

/** The first of the reader's languages that we speak. */
export function preferred(tags: readonly string[] = navigator.languages): Language {
  return tags.map(language_for).find((one) => one !== null) ?? LANGUAGES[0];
}

/** The language that was chosen in this browser, else the browser's. */
export function chosen_language(): Language {
  const held = localStorage.getItem(CHOSEN);
  return LANGUAGES.find((one) => one === held) ?? preferred();
}

/** Speak this language from now on, also after the next start. */
export async function choose_language(wanted: Language): Promise<void> {
  await speak(wanted);
  localStorage.setItem(CHOSEN, language.value);
}

/** The sentence in the language that is spoken, with its places filled. */
export function _(sentence: string, places: Readonly<Record<string, unknown>> = {}): string {
  const said = catalogue.value.get(sentence) ?? sentence;
  return said.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in places ? String(places[name]) : whole);
}

/** Marks a sentence for the catalogues where it is only kept. */
export function N_(sentence: string): string {
  return sentence;
}

async function fetched(wanted: Language): Promise<Catalogue> {
  switch (wanted) {
    case "zh-CN": return SOURCE;
    case "zh-TW": return read(await import("../../../../sync/exported/words.zh-TW.json"));
    case "en": return read(await import("../../../../sync/exported/words.en.json"));
  }
}

function read(held: { readonly default: Readonly<Record<string, string>> }): Catalogue {
  return new Map(Object.entries(held.default));
}
