// The survey card (V3): what is wrong and why, how it will be put right, who bears it, and
// the owner's yes. What is usual is chosen already; two chips and one tap do it.
//
// May not enter: what the facts of a survey are (`job/surveying.ts`).

import type { ScreenProps } from "../app.tsx";
import {
  answers, CAUSES, chips, METHODS, most_used_first, used,
} from "../job/choosing.ts";
import { useDraft, type Draft } from "../job/draft.ts";
import { onward } from "../job/onward.ts";
import {
  promised_ms, PROMISES, PROMISE_WORDS, promise_of, type Promised,
} from "../job/promising.ts";
import { agreed_fen } from "../job/quoting.ts";
import {
  findings, has_paid_item, hold, missing, needs_approval, survey_begun, yes,
  type ItemDraft, type SurveyDraft,
} from "../job/surveying.ts";
import { tell_all, type Saying } from "../job/telling.ts";
import { RELATIONS } from "../shared/sheet_wording.ts";
import { Besides } from "../parts/beside.tsx";
import { Cosigners } from "../parts/cosigners.tsx";
import { Screen } from "../parts/frame.tsx";
import { ItemCard } from "../parts/item_found.tsx";
import { MadeSafe } from "../parts/made_safe.tsx";
import { PhotoConsent } from "../parts/photo_consent.tsx";
import { AfterSignature } from "../parts/signed.tsx";
import { policy } from "../present.ts";
import { go_instead, to_order } from "../routes.ts";
import { Button, Chips, Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { yuan_text } from "../shared/money.ts";
import { Typed } from "../shared/typed.tsx";
import { minutes_text } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { sight_of, sights, tablet } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { flat } from "../view.ts";
import "./job.css";

const MINUTES = [15, 30, 60, 120, 240] as const;
const ESTIMATES_FEN = [0, 10_000, 30_000, 50_000, 100_000, 300_000, 1_000_000] as const;

export function Survey({ place }: ScreenProps) {
  const sight = sight_of(place.order);
  return sight === undefined ? null : <Surveying key={sight.order.stream} sight={sight} />;
}

function Surveying({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const draft = useDraft<SurveyDraft>(`survey:${order.stream}`, () => begun(sight));
  const said = draft.value;
  if (said === null) return null;
  const urgent = order.request?.priority === "emergency";
  return (
    <Screen title={`${_("勘察")} · ${flat(sight)}`} back={to_order(order.stream)}
      foot={<Next sight={sight} draft={draft} said={said} />}>
      <div class="two">
        {urgent && <MadeSafe sight={sight} urgent />}
        <AfterSignature order={order} />
        <Besides sight={sight} />
        <PhotoConsent sight={sight} impersonal={false} />
        <Found sight={sight} draft={draft} said={said} />
        <Items sight={sight} draft={draft} said={said} />
        <Estimate draft={draft} said={said} sight={sight} />
        <People sight={sight} draft={draft} said={said} />
        {!urgent && <MadeSafe sight={sight} urgent={false} />}
      </div>
    </Screen>
  );
}

interface Part {
  readonly sight: Sight;
  readonly draft: Draft<SurveyDraft>;
  readonly said: SurveyDraft;
}

function begun(sight: Sight): SurveyDraft {
  const first = survey_begun(sight);
  const until = sight.order.survey?.promised_ms ?? null;
  const promise = promise_of(until, tablet().clocks.wall_ms(), policy.value.calendar);
  return { ...first, promise: promise ?? "now" };
}

function Found({ sight, draft, said }: Part) {
  const trade = sight.order.request?.trade ?? "";
  const all = sights.value.values();
  const causes = most_used_first(
    answers(policy.value, "cause", trade), used(CAUSES, all, sight));
  const methods = most_used_first(
    answers(policy.value, "method", trade), used(METHODS, sights.value.values(), sight));
  return (
    <Card>
      <Chips legend={_("看到的原因")} choices={chips(causes, [said.cause])}
        chosen={[said.cause]} onChoose={(cause) => draft.change({ cause })} />
      <Chips legend={_("怎么修")} choices={chips(methods, [said.method])}
        chosen={[said.method]} onChoose={(method) => draft.change({ method })} />
    </Card>
  );
}

function Items({ sight, draft, said }: Part) {
  const change = (item: number, to: Partial<ItemDraft>) => draft.change({
    items: said.items.map((one) => (one.item === item ? { ...one, ...to } : one)),
  });
  const add = () => {
    const item = Math.max(...said.items.map((one) => one.item)) + 1;
    const trade = said.items[0]?.trade ?? "";
    draft.change({
      items: [...said.items, { item, trade, what: "", where: "", payer: null }],
    });
  };
  const known = new Set(sight.order.items.map(({ item }) => item));
  return (
    <Card title={_("修哪些，谁承担")}>
      {said.items.map((one) => (
        <ItemCard key={one.item} sight={sight} said={said} one={one}
          onChange={(to) => change(one.item, to)}
          onDrop={known.has(one.item) || said.items.length === 1 ? null
            : () => draft.change({ items: said.items.filter((held) => held !== one) })} />
      ))}
      <Button onPress={add}>{_("＋ 再加一项")}</Button>
    </Card>
  );
}

function Estimate({ sight, draft, said }: Part) {
  const { approval_fen } = policy.value;
  const above = needs_approval(sight.order, said.estimate_fen, approval_fen);
  return (
    <Card title={_("预计")}>
      <Chips legend={_("时间")} chosen={[said.minutes]}
        choices={MINUTES.map((value) => ({ value, words: minutes_text(value) }))}
        onChoose={(minutes) => draft.change({ minutes })} />
      <Chips<Promised> legend={_("什么时候修好")} chosen={[said.promise]}
        choices={PROMISES.map((value) => ({ value, words: _(PROMISE_WORDS[value]) }))}
        onChoose={(promise) => draft.change({ promise })} />
      <Chips legend={_("费用大约")} chosen={[said.estimate_fen]}
        choices={estimates(said.estimate_fen).map((value) => ({
          value, words: value === 0 ? _("未估") : yuan_text(value).replace(/\.00$/, ""),
        }))}
        onChoose={(estimate_fen) => draft.change({ estimate_fen })} />
      {above && (
        <div class="card warn">
          <p>{_("超过 {limit}，须先批准。先保安全，其余等批准后再做。",
            { limit: yuan_text(approval_fen) })}</p>
          <button type="button" class="chip" role="checkbox" aria-checked={said.owner_told}
            onClick={() => draft.change({ owner_told: !said.owner_told })}>
            {_("已告知业主要等批准")}
          </button>
        </div>
      )}
    </Card>
  );
}

function estimates(chosen: number): readonly number[] {
  return [...new Set([...ESTIMATES_FEN, chosen])].sort((one, other) => one - other);
}

function People({ sight, draft, said }: Part) {
  const turn = (one: string) => draft.change({
    present: said.present.includes(one)
      ? said.present.filter((held) => held !== one) : [...said.present, one],
  });
  return (
    <details class="card">
      <summary>{_("在场、同意人、会签")}</summary>
      <Chips legend={_("在场")} several chosen={said.present} onChoose={turn}
        choices={chips(answers(policy.value, "present"), said.present)} />
      <Chips legend={_("谁同意的")} chosen={[said.relation]}
        choices={RELATIONS.map(([value, words]) => ({ value, words: _(words) }))}
        onChoose={(relation) => draft.change({ relation })} />
      <Typed label={_("补充说明")} long value={said.words}
        onType={(words) => draft.change({ words })} />
      <Cosigners sight={sight} roles={said.present}
        survey={() => findings(sight, said, until(said.promise))} />
    </details>
  );
}

function until(promise: Promised): number | null {
  return promised_ms(promise, tablet().clocks.wall_ms(), policy.value.calendar);
}

const MISSING = {
  cause: N_("先选原因"), method: N_("先选怎么修"), what: N_("先选是什么问题"),
} as const;

/** The one thing to do next: it depends on who pays, how much it is, and when. */
function Next({ sight, draft, said }: Part) {
  const { order } = sight;
  const lacks = missing(said);
  if (lacks !== null) return <Primary disabled onPress={() => {}}>{_(MISSING[lacks])}</Primary>;
  const tell = async (more: readonly Saying[], then: () => void) => {
    const all = [...findings(sight, said, until(said.promise)), ...more];
    if (await tell_all(order.stream, all, [draft.name]) !== null) {
      draft.over();
      then();
    }
  };
  const { approval_fen } = policy.value;
  if (needs_approval(order, said.estimate_fen, approval_fen)) {
    const held = hold(order, said.estimate_fen, approval_fen, said.owner_told);
    return (
      <Primary onPress={() => tell(held, () => { go_instead(to_order(order.stream)); })}>
        {_("先保安全，等待批准")}
      </Primary>
    );
  }
  if (has_paid_item(order, said)) {
    if (agreed_fen(order) !== null) { // to a price already; the work asks again if it is more
      const on = () => { onward(order.stream, "survey"); };
      return <Primary onPress={() => tell([], on)}>{_("下一步：维修记录")}</Primary>;
    }
    const quote = () => { go_instead(to_order(order.stream, "quote")); };
    return <Primary onPress={() => tell([], quote)}>{_("下一步：报价")}</Primary>;
  }
  const later = said.promise === "tomorrow" || said.promise === "three_days";
  const then = () => {
    if (later) go_instead(to_order(order.stream));
    else onward(order.stream, "survey");
  };
  return (
    <Primary onPress={() => tell(yes(order, said, until(said.promise)), then)}>
      {later ? _("业主同意，改天再修") : _("业主同意，开始维修")}
    </Primary>
  );
}
