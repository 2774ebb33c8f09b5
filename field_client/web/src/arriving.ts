// 「我已到达」: written down at once, with the place only if it is known by then (V2, U20).
//
// May not enter: how it looks.

import { tell_person } from "./shared/notice.ts";
import { at } from "./shared/wording.ts";
import { _, N_ } from "./shared/words.ts";
import { tablet } from "./state.ts";
import type { Sight } from "./tablet/sight.ts";
import { record_undoable } from "./telling.ts";
import { at_the_tap, type Missing } from "./whereabouts.ts";

/** Why no place goes with it; nothing is said where nobody could have asked yet. */
const WHY: Readonly<Record<Missing, string>> = {
  not_asked: "", not_agreed: N_("业主不同意，未记位置"), denied: N_("定位被禁止，未记位置"),
  timeout: N_("定位超时，未记位置"), unavailable: N_("没有定位信号，未记位置"),
  looking: N_("还没有定到位，未记位置"),
};

/** Write down that this person has come. */
export async function arrive(sight: Sight): Promise<void> {
  const now = tablet().clocks.wall_ms();
  const known = at_the_tap(now);
  const words: Readonly<Record<string, string>> = "place" in known ? { place: known.place } : {};
  const { stream, cancelled } = sight.order;
  const said = [
    _("已记录到达 {at}", { at: at(now) }), "missing" in known ? _(WHY[known.missing]) : "",
  ].filter(Boolean).join(" · ");
  const done = await record_undoable(stream, "visit.arrived", {}, said, { words });
  if (!done) return;
  if ("missing" in known) await tablet().keep_draft(`no-place:${stream}`, known.missing);
  if (cancelled !== null) {
    tell_person({ words: _("注意：此工单已取消。照记，并请联系调度。"), grave: true });
  }
}
