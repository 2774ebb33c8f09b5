// What the page says, in three languages; all of them lie in it.
//
// May not enter: what is checked.

import words from "../../../sync/exported/words.verifier.json" with { type: "json" };
import { LANGUAGES, language_for, type Language } from "../../../sync/languages.ts";
import { fill, type Facts } from "../../../sync/problems.ts";

export { LANGUAGES, type Language } from "../../../sync/languages.ts";

export const NAMES: Readonly<Record<Language, string>> = {
  "zh-CN": "简体中文", "zh-TW": "繁體中文", en: "English",
};

const CATALOGUES: Readonly<Record<string, Readonly<Record<string, string>>>> = words;
let spoken: Language = preferred();

function preferred(): Language {
  return navigator.languages.map(language_for).find((one) => one !== null) ?? LANGUAGES[0];
}

export function language(): Language {
  return spoken;
}

/** Speak this language from now on. */
export function speak(one: Language): void {
  spoken = one;
  document.documentElement.lang = one;
}

/** A sentence, translated and filled. */
export function _(sentence: string, facts: Facts = {}): string {
  return fill(CATALOGUES[spoken]?.[sentence] ?? sentence, facts);
}

/** Mark a sentence for the catalogues. */
export function N_(sentence: string): string {
  return sentence;
}
