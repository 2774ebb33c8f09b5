// The board: every open order in the column where it stands, the worst first.
//
// May not enter: requests, how a card is drawn.

import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { _ } from "#shared/words.ts";
import { card_name, stage_words } from "../cards.ts";
import { useKeys } from "../keys.ts";
import { filter, place, to_order, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import { name_of, now_ms } from "../state.ts";
import { Column } from "./column.tsx";
import { COLUMNS, filtered, in_columns, is_unclosed } from "./columns.ts";
import { Crew } from "./crew_strip.tsx";
import { Filters } from "./filters.tsx";
import { choose_for } from "./giving.ts";
import { GivingMenu } from "./giving_menu.tsx";
import { cards, complete, follow, trouble } from "./live.ts";
import { follow_search, found } from "./searching.ts";
import { card_at_hand, cross, step, type Columns } from "./walking.ts";

export function Board(_props: ScreenProps) {
  useEffect(follow, []);
  useEffect(follow_search, []);
  useEffect(() => { document.title = _("看板 · 上门调度台"); }, []);
  const columns = useComputed<Columns>(() => {
    const hits = new Set(found.value.map(({ id }) => id));
    const shown = filtered(cards.value.values(), place.value.query, now_ms.value, name_of, hits);
    return in_columns(shown, now_ms.value, place.value.query);
  });
  useKeys(() => keys(() => columns.peek()));
  return (
    <main class="screen wide board" aria-busy={!complete.value}>
      <h1 class="unseen">{_("看板")}</h1>
      <Filters />
      <div>
        {trouble.value !== "" && <p class="trouble" role="alert">{trouble.value}</p>}
        <Elsewhere />
      </div>
      <div class="columns">
        {COLUMNS.map(({ name, words }) => (
          <Column key={name} name={name} words={_(words)} cards={columns.value.get(name) ?? []}>
            {name === "done" && <Unclosed />}
          </Column>
        ))}
        <Crew />
      </div>
      <GivingMenu />
    </main>
  );
}

function keys(columns: () => Columns) {
  const give = () => {
    const card = card_at_hand(columns());
    if (card !== null && can("order.dispatch", card.project)) choose_for(card);
  };
  return [
    { key: "j", words: _("下一张卡片"), run: () => step(columns(), 1) },
    { key: "k", words: _("上一张卡片"), run: () => step(columns(), -1) },
    { key: "l", words: _("右边一列"), run: () => cross(columns(), 1) },
    { key: "h", words: _("左边一列"), run: () => cross(columns(), -1) },
    { key: "d", words: _("派单或改派"), run: give },
  ];
}

/** Those of earlier days that nobody has closed: not among today's, but not lost. */
function Unclosed() {
  const n = useComputed(() =>
    [...cards.value.values()].filter((one) => is_unclosed(one, now_ms.value)).length).value;
  const on = place.value.query.has("unclosed");
  if (n === 0 && !on) return null;
  return (
    <button type="button" class="earlier" aria-pressed={on}
      onClick={() => filter("unclosed", on ? "" : "1")}>
      {_("以前验收、还没有结案 {n}", { n })}
    </button>
  );
}

/** What was found beside the board: closed orders, cancelled ones. */
function Elsewhere() {
  const beside = found.value.filter(({ id }) => !cards.value.has(id));
  if (beside.length === 0) return null;
  return (
    <section class="elsewhere" aria-label={_("不在看板上的工单")}>
      <span>{_("不在看板上：")}</span>
      <ul>
        {beside.slice(0, 8).map((card) => (
          <li key={card.id}>
            <a href={to_order(card.id)}>{card.number} {card_name(card)}</a> {stage_words(card)}
          </li>
        ))}
      </ul>
    </section>
  );
}
