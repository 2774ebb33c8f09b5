// Chips that the policy offers under a name; a trade's own list comes first.
//
// May not enter: what choosing one does.

import { policy } from "./present.ts";
import type { Choice } from "./shared/controls.tsx";
import { _ } from "./shared/words.ts";

/** What may be chosen under this name, for this trade. */
export function choices_of(name: string, trade = ""): readonly Choice<string>[] {
  const { choices } = policy.value;
  const own = trade === "" ? [] : choices.get(`${name}:${trade}`) ?? [];
  const all = [...new Set([...own, ...choices.get(name) ?? []])];
  return all.map((value) => ({ value, words: _(value) }));
}
