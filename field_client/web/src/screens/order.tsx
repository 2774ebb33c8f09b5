// S2: one order. What is wrong and where, how far the work is, and the one next step.
//
// May not enter: storage, network, what a step asks.

import { useEffect } from "preact/hooks";

import { KINDS } from "../../../../sync/facts.ts";
import type { ScreenProps } from "../app.tsx";
import { arrive } from "../arriving.ts";
import { due_of, earlier_of } from "../day.ts";
import { runner } from "../opening.ts";
import { Banners } from "../parts/banners.tsx";
import { Screen } from "../parts/frame.tsx";
import { CallButton, Countdown, NavigateButton } from "../parts/order.tsx";
import { Payment } from "../parts/payment.tsx";
import { Pictures, StepLine } from "../parts/progress.tsx";
import { SetOff } from "../parts/set_off.tsx";
import { TruthMark } from "../parts/truth.tsx";
import { follow, me, owing } from "../present.ts";
import { arrival_due_ms, follow_promises } from "../promised.ts";
import { go, to_order } from "../routes.ts";
import { Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { at } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { now_ms, sight_of, sights, tablet } from "../state.ts";
import { standing, type Standing, type Step } from "../steps.ts";
import type { Sight } from "../tablet/sight.ts";
import { record, record_undoable } from "../telling.ts";
import { asked, payer_text, priority_text, stage_text, where } from "../view.ts";
import { look_for_place, place_agreed, whereabouts } from "../whereabouts.ts";
import { Done } from "./order_done.tsx";
import { Story } from "./order_story.tsx";
import { Outcomes } from "./outcomes.tsx";
import { DayList } from "./today.tsx";
import "./job.css";

/** One order's page; beside the list where the screen is wide. */
export function OrderPage({ place }: ScreenProps) {
  useEffect(() => { follow(); follow_promises(); }, []);
  const stream = place.order;
  const sight = sight_of(stream);
  useEffect(() => {
    if (sight !== undefined && me.value !== "") void opened(sight);
  }, [stream, sight === undefined, me.value]);
  if (sight === undefined) return <Unknown />;
  const now = standing(sight.order, me.value, sight.gone !== null);
  return (
    <Screen title={sight.name} back="#/" list={<DayList chosen={stream} />}
      foot={<NextStep sight={sight} now={now} />}>
      <Banners sight={sight} />
      <Head sight={sight} now={now} />
      <Payment sight={sight} />
      <StepLine now={now} stream={sight.order.stream} />
      <Fault sight={sight} />
      <Done sight={sight} now={now} />
      <Outcomes sight={sight} now={now} />
      <Story sight={sight} />
    </Screen>
  );
}

function Unknown() {
  return (
    <Screen title={_("工单")} back="#/" list={<DayList chosen={null} />}>
      <Card><p>{_("本机没有这张工单。联网交换后再看；已记录的内容都在上传箱里。")}</p></Card>
    </Screen>
  );
}

/** Note the clocks, look for the place, and let the desk know that the order was seen (P6). */
async function opened(sight: Sight): Promise<void> {
  if (standing(sight.order, me.value).next === "arrive") look_for_place(sight.order);
  runner().opened();
  await tablet().note_reading("order_opened");
  if (is_news(sight)) await record(sight.order.stream, "dispatch.seen", {});
}

/** Did the desk decide anything that this person has not opened yet? */
function is_news({ order }: Sight): boolean {
  const decided = order.history.filter((entry) => KINDS.get(entry.kind)?.decides)
    .map((entry) => entry.position ?? 0);
  const known = order.seen.filter((one) => one.by === me.value).map((one) => one.basis);
  return decided.length > 0 && Math.max(...decided) > Math.max(-1, ...known);
}

function Head({ sight, now }: { readonly sight: Sight; readonly now: Standing }) {
  const { order } = sight;
  const urgent = priority_text(order);
  const truth = owing.value.get(order.stream)?.truth;
  const person = [asked(sight, "owner"), payer_text(order), stage_text(order)];
  return (
    <Card>
      <div class="row">
        {now.next === "arrive" && <Countdown due={due_of(order, arrival_due_ms, now_ms.value)} />}
        {urgent && <strong class="urgent"><span aria-hidden="true">▲</span> {urgent}</strong>}
        <span class="grow" />
        {truth && <TruthMark truth={truth} />}
      </div>
      <p class="address">{where(sight)}</p>
      <p>{person.filter(Boolean).join(" · ")}</p>
      {now.next === "arrive" && place_agreed(order) === true &&
        <p class="muted" data-testid="place">{place_text()}</p>}
      <div class="row calls">
        <CallButton phone={asked(sight, "phone")} />
        <NavigateButton sight={sight} />
        {now.next === "arrive" && <SetOff sight={sight} />}
      </div>
    </Card>
  );
}

/** Whether the arrival will carry a place; it waits for none (V2). */
function place_text(): string {
  const known = whereabouts.value;
  if ("place" in known) return `● ${_("已定位，到达时一并记下")}`;
  return known.missing === "looking" ? `◌ ${_("正在定位，不用等")}` : `○ ${_("没有定位，不影响到达")}`;
}

function Fault({ sight }: { readonly sight: Sight }) {
  const reported = sight.order.reported.map((one) => one.blob.sha256);
  const before = earlier_of(sight, [...sights.value.values()]);
  const remark = asked(sight, "remark");
  return (
    <Card title={_("报修内容")}>
      <p>{asked(sight, "fault") || "—"}</p>
      {reported.length > 0 && <Pictures names={reported} label={_("业主报修时的照片")} />}
      {remark && <p class="muted">{_("住户档案")}：{remark}</p>}
      {before.length > 0 && (
        <p class="muted">
          {_("近期维修")}：{before.map((one) => `${at(one.ms).slice(0, 5)} ${one.what}`).join("；")}
        </p>
      )}
    </Card>
  );
}

const NEXT: Readonly<Record<Exclude<Step, "arrive" | "leave">, string>> = {
  door: N_("下一步：上门礼仪"), before: N_("下一步：修前拍照"), survey: N_("下一步：勘察"),
  work: N_("下一步：维修记录"), after: N_("下一步：修后拍照"), "hand-over": N_("下一步：交付验收"),
};

function NextStep({ sight, now }: { readonly sight: Sight; readonly now: Standing }) {
  const { stream } = sight.order;
  const { next } = now;
  if (next === null) return null;
  if (next === "arrive") {
    const again = sight.order.visits.some((one) => one.by === me.value);
    return (
      <Primary onPress={() => arrive(sight)}>
        {again ? _("再次上门：我已到达") : _("我已到达")}
      </Primary>
    );
  }
  if (next === "leave") {
    return <Primary onPress={() => leave(stream)}>{_("离场")}</Primary>;
  }
  return <Primary onPress={() => go(to_order(stream, next))}>{_(NEXT[next])}</Primary>;
}

async function leave(stream: string): Promise<void> {
  if (await record_undoable(stream, "visit.left", {}, _("已记录离场"))) go("#/");
}

