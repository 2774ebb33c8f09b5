// The homes that a call could come from, and what was done in the one that was chosen.
//
// May not enter: what is written down.

import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { stage_words } from "../cards.ts";
import { to_order } from "../routes.ts";
import type { Card, Home } from "../shapes.ts";
import { home_name } from "./draft.ts";

export function Homes({ homes, at: here, onChoose }: {
  readonly homes: readonly Home[]; readonly at: number; readonly onChoose: (home: Home) => void;
}) {
  return (
    <ul class="homes" aria-label={_("找到的住户")}>
      {homes.map((home, index) => (
        <li key={`${home.project} ${home_name(home)}`}>
          <button type="button" class="button" aria-pressed={index === here}
            onClick={() => onChoose(home)}>
            <strong>{home_name(home)}</strong>
            <span>{home.project}</span>
            <span>{home.residents.map((one) => `${one.name} ${one.phone}`.trim()).join(_("、"))}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What was asked for in this home before, the newest first. */
export function History({ orders }: { readonly orders: readonly Card[] }) {
  if (orders.length === 0) return <p class="muted">{_("这一户还没有报修过")}</p>;
  return (
    <ul class="history">
      {orders.map((card) => (
        <li key={card.id}>
          <a href={to_order(card.id)}>{card.number}</a>
          <span>{[card.trade, card.fault].filter(Boolean).join(" · ")}</span>
          <span class="muted">{at(card.registered_ms)} {stage_words(card)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The same was asked for already, or was repaired and did not last (I5). */
export function Again({ duplicates, repeats }: {
  readonly duplicates: readonly Card[]; readonly repeats: readonly Card[];
}) {
  return (
    <div class="again" role="status">
      {duplicates.length > 0 && (
        <p class="mark">! {_("同户同类还有 {n} 单没完成，可能是重复报修或催单：", { n: duplicates.length })}
          <Numbers of={duplicates} /></p>
      )}
      {repeats.length > 0 && (
        <p class="mark">↻ {_("同户同类近期修过 {n} 单，可能是返修：", { n: repeats.length })}
          <Numbers of={repeats} /></p>
      )}
    </div>
  );
}

function Numbers({ of }: { readonly of: readonly Card[] }) {
  return <>{of.map((one) => <a key={one.id} href={to_order(one.id)}>{one.number} </a>)}</>;
}
