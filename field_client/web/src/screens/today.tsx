// S1: the day. Orders by what is due first, whether the tablet is ready, what is done.
//
// May not enter: storage, network, other screens.

import { useEffect } from "preact/hooks";

import { is_held } from "../../../../sync/order.ts";
import type { ScreenProps } from "../app.tsx";
import { day_of, type Card as Job } from "../day.ts";
import { FitTile } from "../parts/fit_tile.tsx";
import { Screen } from "../parts/frame.tsx";
import { CallButton, Countdown, NavigateButton } from "../parts/order.tsx";
import { own_departure, SetOff } from "../parts/set_off.tsx";
import { TruthMark } from "../parts/truth.tsx";
import { follow, me, owing } from "../present.ts";
import { arrival_due_ms, follow_promises } from "../promised.ts";
import { to_order } from "../routes.ts";
import { Card } from "../shared/frame.tsx";
import { at, day_text, masked, OUTCOMES } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { now_ms, sights } from "../state.ts";
import { take_update, update_waiting } from "../updates.ts";
import { asked, flat, payer_text, priority_text, stage_text } from "../view.ts";

/** Today's orders, most urgent first. */
export function Today(_props: ScreenProps) {
  useEffect(() => { follow(); follow_promises(); }, []);
  return (
    <Screen title={`${_("今日")} ${day_text(now_ms.value)}`} aside={<Wide />}>
      <UpdateWaits />
      <DayList chosen={null} />
    </Screen>
  );
}

function Wide() {
  return <p class="muted hint">{_("点左边的工单，在这里打开。")}</p>;
}

/** The list itself; beside an open order on a wide screen. */
export function DayList({ chosen }: { readonly chosen: string | null }) {
  const day = day_of(sights.value.values(), me.value, arrival_due_ms, now_ms.value);
  return (
    <>
      <FitTile />
      <ul class="jobs" aria-label={_("今日工单")}>
        {day.open.map((job) => <Row key={job.stream} job={job} chosen={chosen} />)}
      </ul>
      {day.open.length === 0 && <Card><p>{_("今天没有待做的工单。")}</p></Card>}
      {day.done.length > 0 && <Done jobs={day.done} />}
      <div class="row ends">
        <a class="button" href="#/found">＋ {_("现场加单")}</a>
        <a class="button" href="#/day-end">{_("下班检查")}</a>
        <a class="button quiet" href="#/settings">{_("设置")}</a>
      </div>
    </>
  );
}

function Row({ job, chosen }: { readonly job: Job; readonly chosen: string | null }) {
  const { sight } = job;
  const { order } = sight;
  const urgent = priority_text(order);
  return (
    <li class={`job ${order.stream === chosen ? "chosen" : ""}`}>
      <a class="open" href={to_order(order.stream)}>
        <span class="row">
          <Countdown due={job.due} />
          {urgent && <strong class="urgent"><span aria-hidden="true">▲</span> {urgent}</strong>}
          {order.rounds.length > 0 && job.rework > 0 &&
            <strong>{_("返工·第 {n} 次", { n: job.rework + 1 })}</strong>}
        </span>
        <span class="where">{flat(sight)}</span>
        <span>{masked(asked(sight, "owner"))} {asked(sight, "fault")}</span>
        <Hints job={job} />
      </a>
      <div class="row calls">
        <CallButton phone={asked(sight, "phone")} />
        <NavigateButton sight={sight} />
        {job.step === "arrive" && own_departure(sight) === null && <SetOff sight={sight} />}
        <span class="grow state">{state_text(job)}</span>
      </div>
    </li>
  );
}

function Hints({ job }: { readonly job: Job }) {
  const { sight } = job;
  const last = job.before.at(0);
  const hints = [
    payer_text(sight.order),
    last && _("上次 {day} {what}", { day: at(last.ms).slice(0, 5), what: last.what }),
    asked(sight, "remark"),
  ].filter(Boolean);
  return hints.length ? <span class="muted">{hints.join(" · ")}</span> : null;
}

function state_text({ sight, step }: Job): string {
  if (is_held(sight.order)) return `‖ ${_("挂起")}`;
  if (own_departure(sight) !== null) return `➤ ${_("已出发")}`;
  const outcome = sight.order.visits.at(-1)?.outcome ?? null;
  if (step === "arrive" && outcome !== null) return `◇ ${_(OUTCOMES[outcome] ?? outcome)}`;
  if (step === "arrive" && sight.order.visits.length === 0) return `○ ${_("未开始")}`;
  return `◐ ${stage_text(sight.order)}`;
}

function Done({ jobs }: { readonly jobs: readonly Job[] }) {
  return (
    <details class="done">
      <summary>{_("已完成 {n}", { n: jobs.length })}</summary>
      <ul class="jobs">
        {jobs.map(({ sight }) => (
          <li class="job small-job" key={sight.order.stream}>
            <a class="open row" href={to_order(sight.order.stream)}>
              <span class="grow">{flat(sight)} · {gone_text(sight.gone) ?? stage_text(sight.order)}</span>
              <TruthMark truth={owing.value.get(sight.order.stream)?.truth ?? "backed_up"} />
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

const GONE: Readonly<Record<string, string>> = {
  reassigned: N_("已改派"), cancelled: N_("已取消"), closed: N_("已结案"),
  merged: N_("已并入另一工单"),
};

function gone_text(why: string | null): string | null {
  return why === null ? null : _(GONE[why] ?? N_("已不在您名下"));
}

function UpdateWaits() {
  const busy = [...sights.value.values()].some((one) =>
    one.order.visits.some((visit) => visit.left === null && visit.outcome === null));
  if (!update_waiting.value || busy) return null;
  return (
    <Card tone="warn">
      <div class="row">
        <p class="grow">{_("新版本已备好，现在没有进行中的工单。")}</p>
        <button type="button" class="button" onClick={take_update}>{_("更新（约 10 秒）")}</button>
      </div>
    </Card>
  );
}
