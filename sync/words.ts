// What a person reads, in every language: the catalogues of `sync/words/`, as exported.
//
// Sentences are written in Chinese where they belong. Whoever speaks one language at a
// time fetches its catalogue alone. May not enter: which language a reader wants, before
// somebody has asked.

import english from "./exported/words.en.json" with { type: "json" };
import traditional from "./exported/words.zh-TW.json" with { type: "json" };
import type { Language } from "./languages.ts";

export { language_for, LANGUAGES, type Language } from "./languages.ts";

const CATALOGUES: ReadonlyMap<Language, ReadonlyMap<string, string>> = new Map([
  ["zh-TW", new Map(Object.entries(traditional))],
  ["en", new Map(Object.entries(english))],
]);

/** The sentence in this language; as it was written where there is no translation. */
export function said(sentence: string, language: Language): string {
  return CATALOGUES.get(language)?.get(sentence) ?? sentence;
}
