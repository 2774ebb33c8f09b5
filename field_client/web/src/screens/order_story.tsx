// What happened to an order, entry by entry, with times that can be defended.
//
// May not enter: storage, network.

import { KINDS } from "../../../../sync/facts.ts";
import type { Entry } from "../../../../sync/order.ts";
import { TruthMark } from "../parts/truth.tsx";
import { owing } from "../present.ts";
import { truth_of } from "../owing.ts";
import type { Sight } from "../tablet/sight.ts";
import { moment_text } from "../view.ts";
import { _ } from "../words.ts";

/** The whole story, newest first. */
export function Story({ sight }: { readonly sight: Sight }) {
  const told = [...sight.order.history].reverse();
  return (
    <details class="card folded">
      <summary>{_("经过（{n} 条）", { n: told.length })}</summary>
      <ol class="story">{told.map((one) => <Told key={one.id} entry={one} sight={sight} />)}</ol>
    </details>
  );
}

function Told({ entry, sight }: { readonly entry: Entry; readonly sight: Sight }) {
  const own = owing.value.get(sight.order.stream)?.facts.find((one) => one.id === entry.id);
  const label = KINDS.get(entry.kind)?.label ?? entry.kind;
  return (
    <li>
      <span class={entry.replaced_by ? "undone" : ""}>{_(label)}</span>
      <span class="muted small">
        {entry.moment === null ? "—" : moment_text(entry.moment)} · {entry.by}
        {entry.replaced_by ? ` · ${_("已更正或撤回")}` : ""}
      </span>
      {own && <span><TruthMark truth={truth_of([own])} /></span>}
    </li>
  );
}
