// The owner reads what is to be done and what it costs, and says yes or no, before paid work
// is begun (V3, V6, L3).
//
// Shown while the tablet is in the owner's hands. Everything on it comes from the quotation
// as it was stated. May not enter: what the technician decides.

import { useSignal } from "@preact/signals";

import type { Line, Order } from "../../../../sync/order.ts";
import { price, type PriceList } from "../../../../sync/prices.ts";
import { is_labour, owner_fen } from "../job/basket.ts";
import { useDraft } from "../job/draft.ts";
import { onward } from "../job/onward.ts";
import { agreed_fen, agreement, quote_draft, REASONS, type QuoteDraft } from "../job/quoting.ts";
import { tell_all } from "../job/telling.ts";
import { OwnerFrame } from "../owner/frame.tsx";
import { BEARS, RELATIONS } from "../shared/sheet_wording.ts";
import { policy } from "../present.ts";
import { go_instead, to_order } from "../routes.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { yuan_text } from "../shared/money.ts";
import { at } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { sight_of } from "../state.ts";
import { quote_agreed } from "../steps.ts";
import type { Sight } from "../tablet/sight.ts";
import { asked, where } from "../view.ts";
import "./job.css";

const BACK = N_("请把平板交还师傅。");

/** The owner's screen for a quotation. */
export function Agree({ stream }: { readonly stream: string }) {
  const sight = sight_of(stream);
  const refused = useSignal(false);
  if (sight === undefined) return null;
  const { order } = sight;
  if (quote_agreed(order)) {
    return (
      <Said title={_("您已同意，可以开始维修")} tone="good"
        words={_("同意的总价：{sum}", { sum: yuan_text(agreed_fen(order) ?? 0) })}
        back={() => { onward(stream, "survey"); }} />
    );
  }
  if (refused.value) {
    return (
      <Said title={_("您没有同意报价")} tone="warn" words={_("没有您的同意，有偿的部分不会开始。")}
        back={() => { go_instead(to_order(stream, "quote")); }}
        again={() => { refused.value = false; }} />
    );
  }
  return <Offer sight={sight} onRefuse={() => { refused.value = true; }} />;
}

interface SaidProps {
  readonly title: string;
  readonly words: string;
  readonly tone: "good" | "warn";
  readonly back: () => void;
  readonly again?: () => void;
}

/** The owner has spoken; the tablet goes back. */
function Said({ title, words, tone, back, again }: SaidProps) {
  return (
    <OwnerFrame title={title} said={[title, words, _(BACK)]}
      onTakenBack={() => { back(); return Promise.resolve(); }}>
      <Card tone={tone}>
        <p class="large">{words}</p>
        <p class="large">{_(BACK)}</p>
        {again !== undefined && <Button onPress={again}>{_("再看一遍报价")}</Button>}
      </Card>
    </OwnerFrame>
  );
}

function Offer({ sight, onRefuse }: { readonly sight: Sight; readonly onRefuse: () => void }) {
  const { order } = sight;
  const relation = useSignal("owner");
  const draft = useDraft<QuoteDraft>(quote_draft(order.stream), () => ({
    basket: [], reason: REASONS[0],
  }));
  const list = policy.value.price_lists.find(({ name }) => name === order.quote?.price_list);
  const said = spoken(sight, list ?? null);
  const agree = async () => {
    const yes = agreement(order, relation.value, draft.value?.reason ?? REASONS[0]);
    if (await tell_all(order.stream, [yes], [draft.name]) !== null) draft.over();
  };
  return (
    <OwnerFrame title={_("请您确认报价")} said={said}
      onTakenBack={() => {
        go_instead(to_order(order.stream, "quote"));
        return Promise.resolve();
      }}
      foot={
        <div class="foot pair">
          <Button kind="pass" onPress={agree}>✓ {_("同意，请开始")}</Button>
          <Button kind="danger" onPress={onRefuse}>✗ {_("不同意")}</Button>
        </div>
      }>
      <Plan sight={sight} />
      <Lines order={order} list={list ?? null} />
      <Card>
        <Chips legend={_("您是")} chosen={[relation.value]}
          choices={RELATIONS.map(([value, words]) => ({ value, words: _(words) }))}
          onChoose={(one) => { relation.value = one; }} />
      </Card>
    </OwnerFrame>
  );
}

function Plan({ sight }: { readonly sight: Sight }) {
  const { survey, items } = sight.order;
  return (
    <Card title={_("准备怎么修")}>
      <p class="muted">{[where(sight), asked(sight, "fault")].filter(Boolean).join(" · ")}</p>
      {survey !== null && (
        <p>{_("原因：{cause}", { cause: _(survey.cause) })}{"　"}
          {_("办法：{method}", { method: _(survey.method) })}</p>
      )}
      {items.map((one) => (
        <p key={one.item}>
          {one.item}. {[sight.text(one.private, "where"), sight.text(one.private, "what")]
            .filter(Boolean).join(" ")} — {_(BEARS[one.payer])}
        </p>
      ))}
      {survey !== null && survey.promised_ms !== null &&
        <p>{_("答应修好的时间：{at}", { at: at(survey.promised_ms - 1) })}</p>}
    </Card>
  );
}

function Lines({ order, list }: { readonly order: Order; readonly list: PriceList | null }) {
  const lines = order.quote?.lines ?? [];
  const { material, labour } = composition(lines, list);
  const total = owner_fen(lines);
  return (
    <Card title={_("费用")}>
      <ul class="lines">
        {lines.map((one) => (
          <li key={`${one.code}/${one.item}/${one.price_fen}`}>
            <span class="grow">{name_of(one, list)}{" "}
              <span class="muted num">{yuan_text(one.price_fen)} × {one.quantity}</span></span>
            <span class="num sum">{yuan_text(one.price_fen * one.quantity)}</span>
          </li>
        ))}
      </ul>
      <p class="num">{_("材料")} {yuan_text(material)}　{_("人工")} {yuan_text(labour)}
        {material + labour !== total && `　${_("减免")} −${yuan_text(material + labour - total)}`}</p>
      <p class="large num"><strong>{_("您应付 {sum}", { sum: yuan_text(total) })}</strong></p>
      <p class="muted small">
        {list === null ? _("价格由师傅填写") : _("价目表 {name}，自 {day} 起",
          { name: list.name, day: at(list.from_ms).slice(0, 5) })}
      </p>
    </Card>
  );
}

function composition(lines: readonly Line[], list: PriceList | null) {
  const sum = (some: readonly Line[]): number =>
    some.reduce((total, one) => total + one.quantity * one.price_fen, 0);
  const work = lines.filter((one) => {
    const row = list === null ? null : price(list, one.code);
    return row !== null && is_labour(row);
  });
  return { material: sum(lines) - sum(work), labour: sum(work) };
}

function name_of({ code }: Line, list: PriceList | null): string {
  return (list && price(list, code)?.name) ?? code;
}

function spoken(sight: Sight, list: PriceList | null): readonly string[] {
  const { survey, quote } = sight.order;
  const lines = quote?.lines ?? [];
  return [
    _("请您确认报价"),
    ...survey === null ? [] : [
      _("原因：{cause}", { cause: _(survey.cause) }),
      _("办法：{method}", { method: _(survey.method) }),
    ],
    ...lines.map((one) => `${name_of(one, list)} ${one.quantity} ${yuan_text(one.price_fen)}`),
    _("您应付 {sum}", { sum: yuan_text(owner_fen(lines)) }),
  ];
}
