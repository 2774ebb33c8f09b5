// What can be said of the time right now, as of a fact that would be told this instant (V2).
//
// May not enter: how a time looks.

import type { Moment } from "../../../../sync/moment.ts";
import { assess, own_witness } from "../../../../sync/timing.ts";
import { tablet } from "../state.ts";

/** The present moment, with how far it may be off. */
export async function this_moment(): Promise<Moment> {
  const { clocks, store } = tablet();
  const seen = clocks.look();
  const contact = await store.projection.contact();
  const anchor = contact?.anchor ?? null;
  const reading = clocks.reading(anchor, contact?.token ?? null, seen);
  return assess(reading, own_witness(anchor));
}
