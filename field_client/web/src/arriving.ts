// 「我已到达」: written down at once, with the place only if it is known by then (V2, U20).
//
// May not enter: how it looks.

import { at_the_tap } from "./whereabouts.ts";
import { tablet, tell_person } from "./state.ts";
import type { Sight } from "./tablet/sight.ts";
import { record_undoable } from "./telling.ts";
import { at } from "./view.ts";
import { _ } from "./words.ts";

/** Write down that this person has come. */
export async function arrive(sight: Sight): Promise<void> {
  const now = tablet().clocks.wall_ms();
  const known = at_the_tap(now);
  const words: Readonly<Record<string, string>> = "place" in known ? { place: known.place } : {};
  const { stream, cancelled } = sight.order;
  const said = _("已记录到达 {at}", { at: at(now) });
  const done = await record_undoable(stream, "visit.arrived", {}, said, { words });
  if (!done) return;
  if ("missing" in known) await tablet().keep_draft(`no-place:${stream}`, known.missing);
  if (cancelled !== null) {
    tell_person({ words: _("注意：此工单已取消。照记，并请联系调度。"), grave: true });
  }
}
