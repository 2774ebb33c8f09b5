// The filters over the board: all of them stand in the address, so a link shows the same.
//
// May not enter: what a filter lets through (`columns.ts`).

import type { ComponentChildren } from "preact";
import { useComputed } from "@preact/signals";

import { PRIORITIES } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { filter, go_instead, place, to } from "../routes.ts";
import { name_of, now_ms } from "../state.ts";
import { FILTERS } from "./columns.ts";
import { cards } from "./live.ts";
import { ExportLink } from "./export_link.tsx";
import { Views } from "./views.tsx";

export function Filters() {
  const query = place.value.query;
  const all = [...cards.value.values()];
  return (
    <div class="filters" role="group" aria-label={_("筛选")}>
      <Pick name="project" words={_("项目")} values={valued(all.map((one) => one.project))} />
      <Pick name="trade" words={_("工种")} shown={_} values={valued(all.map((one) => one.trade))} />
      <Pick name="priority" words={_("紧急程度")}
        values={Object.keys(PRIORITIES)} shown={(one) => _(PRIORITIES[one] ?? one)} />
      <Pick name="technician" words={_("师傅")} shown={name_of}
        values={valued(all.map((one) => one.technician ?? ""))} />
      <Switch name="late">▲ {_("超时")}</Switch>
      <Switch name="soon">◆ {_("30 分钟内")}</Switch>
      <Switch name="away">⚠ {_("离线带出")}</Switch>
      <Switch name="unseen">◌ {_("师傅未看到")}</Switch>
      <Switch name="review">! {_("待核对")}</Switch>
      {query.size > 0 && (
        <button type="button" class="button quiet" onClick={() => go_instead(to("board"))}>
          {_("清除筛选")}
        </button>
      )}
      <Views />
      <ExportLink />
    </div>
  );
}

function valued(all: readonly string[]): readonly string[] {
  return [...new Set(all)].filter((one) => one !== "")
    .sort((one, other) => one.localeCompare(other, "zh"));
}

function Pick({ name, words, values, shown = (one) => one }: {
  readonly name: string; readonly words: string; readonly values: readonly string[];
  readonly shown?: (value: string) => string;
}) {
  const chosen = place.value.query.get(name) ?? "";
  const all = chosen === "" || values.includes(chosen) ? values : [...values, chosen];
  return (
    <select aria-label={words} value={chosen} class={chosen === "" ? undefined : "set"}
      onChange={(event) => filter(name, event.currentTarget.value)}>
      <option value="">{words}</option>
      {all.map((one) => <option key={one} value={one}>{shown(one)}</option>)}
    </select>
  );
}

function Switch({ name, children }: {
  readonly name: string; readonly children: ComponentChildren;
}) {
  const on = place.value.query.has(name);
  const count = useComputed(() =>
    [...cards.value.values()].filter((card) => FILTERS[name]!(card, "1", now_ms.value)).length);
  return (
    <button type="button" class="switch" aria-pressed={on} data-filter={name}
      onClick={() => filter(name, on ? "" : "1")}>
      {children} <span class="num">{count}</span>
    </button>
  );
}
