// 「出发」: a tap that nobody has to make. The desk sees that somebody is on the way, and the
// owner is told, if it is heard of in time.
//
// May not enter: what a notice says, an arrival.

import { on_the_way, type Departure } from "../../../../sync/order.ts";
import { me } from "../present.ts";
import { Button } from "../shared/controls.tsx";
import { _ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";
import { record_undoable } from "../telling.ts";
import { clock } from "./truth.tsx";

/** Whether this person is on the way there, and since when. */
export function own_departure({ order }: Sight): Departure | null {
  return on_the_way(order).find(({ by }) => by === me.value) ?? null;
}

/** The tap; once it is made, what it said. */
export function SetOff({ sight }: { readonly sight: Sight }) {
  const gone = own_departure(sight);
  const { stream } = sight.order;
  if (gone !== null) {
    const ms = gone.moment.claimed_ms ?? gone.moment.earliest_ms;
    return <span class="state">➤ {_("已出发")} {ms === null ? "" : clock(ms)}</span>;
  }
  return (
    <Button onPress={async () => { await record_undoable(stream, "visit.set_off", {}, _("已记录出发")); }}>
      {_("出发")}
    </Button>
  );
}
