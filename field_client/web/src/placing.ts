// The place of an arrival that was recorded without one, once the owner has agreed to it.
//
// Nobody waits for it, and nothing is said if it does not come (V2, V4a). May not enter: how
// it looks.

import { visit_under_way } from "./steps.ts";
import { sight_of } from "./state.ts";
import { record } from "./telling.ts";
import { looked_for } from "./whereabouts.ts";

/** Add where this person's visit is, if it may be known and is not. */
export async function place_visit(stream: string, me: string): Promise<void> {
  const order = sight_of(stream)?.order;
  const visit = order && visit_under_way(order, me);
  if (!visit || visit.place !== null || visit.place_consent !== true) return;
  const found = await looked_for();
  if (!("place" in found)) return;
  const says = { arrival: visit.fact };
  await record(stream, "visit.placed", says, { words: { place: found.place } });
}
