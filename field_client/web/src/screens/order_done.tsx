// What is done at an order, folded to a line for each step; open to change until the owner
// has signed.
//
// May not enter: storage, network, the steps' own screens.

import type { ComponentChildren } from "preact";

import { is_under_way, type Visit } from "../../../../sync/order.ts";
import { Pictures } from "../parts/progress.tsx";
import { me } from "../present.ts";
import { to_order } from "../routes.ts";
import { yuan_text } from "../shared/money.ts";
import { ANSWERS, moment_text, OUTCOMES, PAYERS } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { is_signed, type Standing, type Step } from "../steps.ts";
import type { Sight } from "../tablet/sight.ts";

/** A line for each step that is done. */
export function Done({ sight, now }: { readonly sight: Sight; readonly now: Standing }) {
  const { order } = sight;
  const open = (step: Step) =>
    now.here && !is_signed(order) ? to_order(order.stream, step) : null;
  const visit = order.visits.filter((one) => one.by === me.value).at(-1);
  const lines = [
    visit && <Line key="arrive" words={`① ${_("到达")}`} short={visit_text(visit)} to={null} />,
    visit?.start_consent != null && <Line key="door" words={`② ${_("礼仪")}`}
      short={consents(visit)} to={open("door")} />,
    photos(sight, "before") && <Line key="before" words={`③ ${_("修前照")}`}
      short={_("{n} 张", { n: count(sight, "before") })} to={open("before")}>
      <Pictures names={names(sight, "before")} label={_("维修前")} /></Line>,
    order.survey && <Line key="survey" words={`④ ${_("勘察")}`}
      short={`${order.survey.cause} → ${order.survey.method}`} to={open("survey")}>
      <Items sight={sight} /></Line>,
    order.records.length > 0 && <Line key="work" words={`④ ${_("维修")}`}
      short={order.records.map((one) => one.remedy).join("；")} to={open("work")}>
      <Parts sight={sight} /></Line>,
    photos(sight, "after") && <Line key="after" words={`⑤ ${_("修后照")}`}
      short={_("{n} 张", { n: count(sight, "after") })} to={open("after")}>
      <Pictures names={names(sight, "after")} label={_("维修后")} /></Line>,
    order.rounds.length > 0 && <Line key="hand-over" words={`⑥ ${_("交付")}`}
      short={answers(sight)} to={null} />,
  ].filter(Boolean);
  return lines.length > 0 ? <section class="card" aria-label={_("已完成的步骤")}>{lines}</section> : null;
}

function Line({ words, short, to, children }: {
  readonly words: string; readonly short: string; readonly to: string | null;
  readonly children?: ComponentChildren;
}) {
  if (to === null && children === undefined) {
    return <p class="folded row"><strong>✓ {words}</strong><span class="grow muted">{short}</span></p>;
  }
  return (
    <details class="folded">
      <summary><span>✓ {words}</span><span class="grow muted">{short}</span></summary>
      {children}
      {to !== null && <p><a class="button" href={to}>{_("修改")}</a></p>}
    </details>
  );
}

function visit_text(visit: Visit): string {
  const outcome = visit.outcome === null ? "" : ` · ${_(OUTCOMES[visit.outcome] ?? visit.outcome)}`;
  const place = visit.place === null ? ` · ${_("未记位置")}` : ` · ${_("已记位置")}`;
  const left = is_under_way(visit) || visit.left === null
    ? "" : ` · ${_("离场 {at}", { at: moment_text(visit.left) })}`;
  return moment_text(visit.moment) + place + outcome + left;
}

function consents(visit: Visit): string {
  const no = [
    visit.photo_consent === false ? _("不同意拍照") : "",
    visit.place_consent === false ? _("不同意记位置") : "",
    visit.start_consent === false ? _("不同意开始") : "",
  ].filter(Boolean);
  return no.length ? no.join("、") : _("都做到了，业主同意");
}

function names({ order }: Sight, moment: string): readonly string[] {
  return order.photos.filter((one) => one.moment === moment).map((one) => one.blob.sha256);
}

function count(sight: Sight, moment: string): number {
  return names(sight, moment).length;
}

function photos(sight: Sight, moment: string): boolean {
  return count(sight, moment) > 0;
}

function Items({ sight }: { readonly sight: Sight }) {
  return (
    <ul>
      {sight.order.items.map((item) => (
        <li key={item.item}>
          {item.item}. {sight.text(item.private, "where")} {sight.text(item.private, "what")}
          {" "}{_(PAYERS[item.payer])}
        </li>
      ))}
    </ul>
  );
}

function Parts({ sight }: { readonly sight: Sight }) {
  return (
    <ul>
      {sight.order.parts.map(({ fact, line, private: held }) => (
        <li key={fact} class="num">
          {sight.text(held, "name") || line.code} × {line.quantity}
          {" "}{yuan_text(line.quantity * line.price_fen)}
        </li>
      ))}
    </ul>
  );
}

function answers({ order }: Sight): string {
  return order.rounds.map((round, index) => {
    const said = round.verdicts.map((one) => _(ANSWERS[one.answer] ?? one.answer)).join("、");
    return _("第 {n} 轮 {said}", { n: index + 1, said: said || _("未验") });
  }).join("；");
}
