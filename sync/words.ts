// What a person reads, in every language: the catalogues of `sync/words/`, as exported.
//
// Sentences are written in Chinese where they belong. May not enter: which language a
// reader wants, before somebody has asked.

import words from "./exported/words.json" with { type: "json" };

export const LANGUAGES = ["zh-CN", "zh-TW", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES = new Map<string, ReadonlyMap<string, string>>(
  Object.entries(words).map(([language, held]) => [language, new Map(Object.entries(held))]),
);
const TRADITIONAL = new Set(["zh-tw", "zh-hk", "zh-mo", "zh-hant"]);

/** The sentence in this language; as it was written where there is no translation. */
export function said(sentence: string, language: Language): string {
  return CATALOGUES.get(language)?.get(sentence) ?? sentence;
}

/** Our language for a reader's language tag; null if we speak nothing that they read. */
export function language_for(tag: string): Language | null {
  const parts = tag.replaceAll("_", "-").toLowerCase().split("-");
  if (parts[0] === "zh") {
    return TRADITIONAL.has(parts.slice(0, 2).join("-")) ? "zh-TW" : "zh-CN";
  }
  return parts[0] === "en" ? "en" : null;
}
