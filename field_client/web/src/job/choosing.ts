// Which answers are offered, and in which sequence: the company's chips, those first that
// were used here before. Plain counts of what lies on this tablet, nothing learned elsewhere.
//
// May not enter: how a chip looks.

import type { Choice } from "../shared/controls.tsx";
import { _ } from "../shared/words.ts";
import type { Policy } from "../tablet/policy.ts";
import type { Sight } from "../tablet/sight.ts";
import { flat } from "../view.ts";


/** The company's answers to this question, a trade's own before the general ones. */
export function answers(policy: Policy, name: string, trade = ""): readonly string[] {
  const { choices } = policy;
  const own = trade === "" ? undefined : choices.get(`${name}:${trade}`);
  return [...new Set([...own ?? [], ...choices.get(name) ?? []])];
}

/** What was written down before in a question's place, as often as it was. */
export type Before = (sight: Sight) => readonly string[];

export const CAUSES: Before = ({ order }) =>
  [order.survey?.cause, ...order.records.map(({ cause }) => cause)].filter(Boolean) as string[];
export const METHODS: Before = ({ order }) => order.survey ? [order.survey.method] : [];
export const REMEDIES: Before = ({ order }) => order.records.map(({ remedy }) => remedy);
export const GOODS: Before = ({ order }) => order.parts.map(({ line }) => line.code);

/** How often each was used in other orders of the same trade; in the same home it counts
 * for five. */
export function used(
  before: Before, sights: Iterable<Sight>, here: Sight,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const sight of sights) {
    if (sight.order.stream === here.order.stream) continue;
    const weight = same_home(sight, here) ? 5 : same_trade(sight, here) ? 1 : 0;
    if (weight === 0) continue;
    for (const one of before(sight)) counts.set(one, (counts.get(one) ?? 0) + weight);
  }
  return counts;
}

/** The same answers, those used most often first, otherwise as they were. */
export function most_used_first(
  answers: readonly string[], counts: ReadonlyMap<string, number>,
): readonly string[] {
  const often = (one: string): number => counts.get(one) ?? 0;
  return [...answers].sort((one, other) => often(other) - often(one));
}

/** Chips of these answers, in the reader's language; what was chosen before and is not
 * among them stands first. */
export function chips(
  answers: readonly string[], chosen: readonly string[] = [],
): readonly Choice<string>[] {
  const more = chosen.filter((one) => one !== "" && !answers.includes(one));
  return [...more, ...answers].map((value) => ({ value, words: _(value) }));
}

function same_trade(one: Sight, other: Sight): boolean {
  return one.order.request?.trade === other.order.request?.trade;
}

function same_home(one: Sight, other: Sight): boolean {
  const [here, there] = [place_of(one), place_of(other)];
  return here !== "" && here === there;
}

/** Site and flat; empty where the flat is not known, for then it may be any home. */
function place_of(sight: Sight): string {
  const { request } = sight.order;
  return request?.private.size ? `${request.site} ${flat(sight)}` : "";
}
