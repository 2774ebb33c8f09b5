// On to whatever comes next at an order, in place of the step that is done: "back" leads to
// the order's page.
//
// May not enter: what is done in a step.

import { me } from "../present.ts";
import { go_instead, to_order } from "../routes.ts";
import { sight_of } from "../state.ts";
import { standing, type Step } from "../steps.ts";

const IN_TURN: readonly Step[] = ["before", "survey", "work", "after", "hand-over"];
const OF_THE_ORDER: ReadonlySet<Step> = new Set(["arrive", "door", "leave"]);

/** Show the next step. `from`: the step that somebody leaves, maybe without having done it
 * (an owner may not want photos). */
export function onward(stream: string, from: Step): void {
  const sight = sight_of(stream);
  if (sight === undefined) return;
  const { next } = standing(sight.order, me.value, sight.gone !== null);
  const to = next === from ? IN_TURN[IN_TURN.indexOf(from) + 1] ?? null : next;
  const page = to === null || OF_THE_ORDER.has(to);
  go_instead(page ? to_order(stream) : to_order(stream, to));
}
