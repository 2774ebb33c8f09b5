// What happened to an order, entry by entry, with times that can be defended.
//
// May not enter: storage, network.

import { KINDS } from "../../../../sync/facts.ts";
import type { Entry } from "../../../../sync/order.ts";
import { truth_of } from "../owing.ts";
import { TruthMark } from "../parts/truth.tsx";
import { owing } from "../present.ts";
import { decision_words, review_label, settlement_words } from "../shared/settling.ts";
import { moment_text } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";

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

/** What the desk decided about something that waited, and in which words. */
function Decided({ fact, sight }: { readonly fact: string; readonly sight: Sight }) {
  const { resolutions, resolved } = sight.order;
  const end = resolutions.find((one) => one.fact === fact);
  const about = resolved.find(({ id }) => id === end?.review);
  if (end === undefined || about === undefined) return null;
  return (
    <span>
      {_(review_label(about.code))}：{_(decision_words(end.reason))} {sight.text(end.private, "words")}
    </span>
  );
}

function Settled({ fact, sight }: { readonly fact: string; readonly sight: Sight }) {
  const made = sight.order.settlements.find((one) => one.fact === fact);
  if (made === undefined) return null;
  return (
    <span class={made.undone === "" ? "" : "undone"}>
      {_(settlement_words(made.choice))} {sight.text(made.private, "words")}
    </span>
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
      {entry.kind === "review.resolved" && <Decided fact={entry.id} sight={sight} />}
      {entry.kind === "reconcile.settled" && <Settled fact={entry.id} sight={sight} />}
      {own && <span><TruthMark truth={truth_of([own])} /></span>}
    </li>
  );
}
