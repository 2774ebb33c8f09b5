// The languages that we speak, and which of them a reader wants.
//
// The twin of the table in `words/__init__.py`. May not enter: any sentence.

export const LANGUAGES = ["zh-CN", "zh-TW", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const TRADITIONAL = new Set(["zh-tw", "zh-hk", "zh-mo", "zh-hant"]);

/** Our language for a reader's language tag; null if we speak nothing that they read. */
export function language_for(tag: string): Language | null {
  const parts = tag.replaceAll("_", "-").toLowerCase().split("-");
  if (parts[0] === "zh") {
    return TRADITIONAL.has(parts.slice(0, 2).join("-")) ? "zh-TW" : "zh-CN";
  }
  return parts[0] === "en" ? "en" : null;
}
