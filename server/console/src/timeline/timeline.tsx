// The day: a row for each technician, a column for each quarter of an hour; what was agreed
// with owners, and beside each name what is known.
//
// May not enter: what moving something decides (`moving.ts`).

import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { at, day_text } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { crew, type Member } from "../board/crew.ts";
import { cards, complete, follow, trouble } from "../board/live.ts";
import { card_name } from "../cards.ts";
import { useKeys } from "../keys.ts";
import { OrderCard } from "../parts/card.tsx";
import { Contact } from "../parts/person.tsx";
import { filter, to_order, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import type { Appointment, Card } from "../shapes.ts";
import { now_ms } from "../state.ts";
import { AskWhy, SetTime } from "./appoint.tsx";
import { Block } from "./block.tsx";
import {
  day_after, day_of, hours_of, lanes, lies, SLOT_MS, span_of, type Stretch,
} from "./day.ts";
import { moving, type Move } from "./moving.ts";
import { Waiting } from "./waiting.tsx";

/** An order with a time, as it stands or as it is being moved. */
interface Placed extends Appointment {
  readonly card: Card;
  readonly row: string; // a person; "" is nobody
}

export function Timeline({ place }: ScreenProps) {
  useEffect(follow, []);
  useEffect(() => { document.title = _("时间轴 · 上门调度台"); }, []);
  const day = place.query.get("day") ?? day_of(now_ms.value);
  const chosen = useSignal<string | null>(null);
  const setting = useSignal<Card | null>(null);
  const placed = useComputed(() => [...cards.value.values()].flatMap(as_placed));
  const held = useComputed(() => [ // not what is under a hand: the grid stays as it is
    ...[...cards.value.values()].flatMap(({ appointment }) => appointment ?? []),
    ...trips(), { start_ms: now_ms.value, end_ms: now_ms.value + 1 }]);
  const span = span_of(day, now_ms.value, held.value);
  const today = placed.value.filter((one) => lies(one, span) !== null)
    .sort((one, other) => one.start_ms - other.start_ms);
  const rows: readonly (Member | null)[] = [null, ...crew.value];
  useKeys(() => [
    { key: "[", words: _("前一天"), run: () => filter("day", day_after(day, -1)) },
    { key: "]", words: _("后一天"), run: () => filter("day", day_after(day, 1)) },
    { key: ".", words: _("今天"), run: () => filter("day", "") },
  ], [day]);
  const at_hand = cards.value.get(chosen.value ?? "");
  return (
    <main class="screen wide timeline" aria-busy={!complete.value}>
      <div class="head">
        <h1>{day_text(span.start_ms)}</h1>
        <button type="button" class="button" aria-label={_("前一天")}
          onClick={() => filter("day", day_after(day, -1))}>‹</button>
        <button type="button" class="button" onClick={() => filter("day", "")}>{_("今天")}</button>
        <button type="button" class="button" aria-label={_("后一天")}
          onClick={() => filter("day", day_after(day, 1))}>›</button>
        <input type="date" aria-label={_("日期")} value={day}
          onChange={(event) => filter("day", event.currentTarget.value)} />
        <span class="muted" id="block-keys">
          {_("选中后：←→ 移 15 分钟，↑↓ 换师傅，Enter 确定，Esc 放弃；也可以拖动")}
        </span>
        {trouble.value !== "" && <span class="wrong" role="alert">{trouble.value}</span>}
      </div>
      <div class="day">
        <div class="rows" role="group" aria-label={_("各位师傅的安排")}>
          <Hours span={span} />
          {rows.map((one) => (
            <Row key={one?.id ?? ""} who={one} span={span} chosen={chosen.value}
              all={today.filter(({ row }) => row === (one?.id ?? ""))}
              neighbour={(of, by) => rows[rows.findIndex((row) => row?.id === of) + by]?.id ?? null}
              onChoose={(card) => { chosen.value = card.id; }} />
          ))}
        </div>
        <Waiting span={span} onSet={(card) => { setting.value = card; }} />
      </div>
      {at_hand !== undefined && <AtHand card={at_hand} onSet={() => { setting.value = at_hand; }} />}
      {setting.value !== null &&
        <SetTime card={setting.value} day={day} onClose={() => { setting.value = null; }} />}
      <AskWhy />
    </main>
  );
}

/** While it is moved it stays the same element in its own row: a hand or the focus is on
 * it. Where it is going is shown by a ghost. */
function as_placed(card: Card): readonly Placed[] {
  const move = moving.value?.card.id === card.id ? moving.value : null;
  const when = move?.to ?? card.appointment;
  if (when === null || card.appointment === null) return []; // in the tray: a ghost, if that
  return [{ card, row: card.technician ?? "", start_ms: when.start_ms, end_ms: when.end_ms }];
}

function Ghost({ who, span }: { readonly who: string; readonly span: Stretch }) {
  const move = moving.value;
  if (move === null || (move.technician ?? "") !== who || stands_in(move, who)) return null;
  const place = lies(move.to, span);
  return place === null ? null : (
    <span class="block moving ghost" style={{ left: `${place.left}%`, width: `${place.width}%` }}>
      <b>{card_name(move.card)}</b> {at(move.to.start_ms).slice(-5)}
    </span>
  );
}

/** Is it drawn in this row already, as itself? */
function stands_in({ card }: Move, who: string): boolean {
  return card.appointment !== null && (card.technician ?? "") === who;
}

function Hours({ span }: { readonly span: Stretch }) {
  return (
    <div class="line hours" aria-hidden="true">
      <span />
      <div class="grid">{hours_of(span).map((hour) => <span key={hour}>{hour}:00</span>)}</div>
    </div>
  );
}

interface RowProps {
  readonly who: Member | null;
  readonly span: Stretch;
  readonly all: readonly Placed[];
  readonly chosen: string | null;
  readonly neighbour: (of: string | null, by: number) => string | null;
  readonly onChoose: (card: Card) => void;
}

function Row({ who, span, all, chosen, neighbour, onChoose }: RowProps) {
  const set = lanes(all);
  const now = lies({ start_ms: now_ms.value, end_ms: now_ms.value + 1 }, span);
  const there = [...cards.value.values()].filter(({ known }) => who !== null
    && known.on_site.includes(who.id));
  return (
    <section class="line" data-row={who?.id ?? ""} aria-label={who?.name ?? _("未派")}>
      <div class="name">
        <strong>{who?.name ?? _("未派")}</strong>
        {who !== null && <Contact ms={who.contact_ms} brief />}
        {there.map((card) => (
          <a key={card.id} href={to_order(card.id)}>⌂ {card_name(card)}</a>
        ))}
      </div>
      <div class="grid" data-grid style={{ minHeight: `calc(${set.count} * var(--lane) + 12px)` }}>
        {who !== null && <Known who={who.id} span={span} />}
        <Ghost who={who?.id ?? ""} span={span} />
        {now !== null && <i class="now" style={{ left: `${now.left}%` }} />}
        {all.map((one, index) => (
          <Block key={one.card.id} card={one.card} stretch={one} span={span}
            lane={set.of[index] ?? 0} chosen={chosen === one.card.id} neighbour={neighbour}
            onChoose={() => onChoose(one.card)} />
        ))}
      </div>
    </section>
  );
}

/** Who is known to have been where, from when till when; whoever has not left is there. */
function trips() {
  return [...cards.value.values()].flatMap((card) => card.known.trips.flatMap((trip) => {
    const start_ms = trip.from_ms;
    if (start_ms === null) return [];
    const end_ms = Math.max(trip.until_ms ?? now_ms.value, start_ms + SLOT_MS / 3);
    return [{ card, trip, start_ms, end_ms }];
  }));
}

/** Where somebody is known to have been, under what was planned; open at its end while
 * nobody said that it is over. */
function Known({ who, span }: { readonly who: string; readonly span: Stretch }) {
  return (
    <>
      {trips().filter(({ trip }) => trip.actor === who).map((one) => {
        const { card, trip, start_ms } = one;
        const place = lies(one, span);
        if (place === null) return null;
        const until = trip.until_ms === null ? _("还没有说离开") : at(trip.until_ms).slice(-5);
        const words = _("{home} 到场 {from}–{until}", {
          home: card_name(card), from: at(start_ms).slice(-5), until,
        });
        return (
          <span key={`${card.id} ${start_ms}`} role="img" aria-label={words} title={words}
            class={`trip${trip.until_ms === null ? " open" : ""}${trip.sure ? "" : " unsure"}`}
            style={{ left: `${place.left}%`, width: `${place.width}%` }} />
        );
      })}
    </>
  );
}

/** The one that was chosen, in words, with everything that can be done without dragging. */
function AtHand({ card, onSet }: { readonly card: Card; readonly onSet: () => void }) {
  return (
    <div class="at-hand" role="status">
      <OrderCard card={card} />
      {can("order.decide", card.project) &&
        <button type="button" class="button primary" onClick={onSet}>{_("改时间或换人")}</button>}
      <a class="button" href={to_order(card.id)}>{_("打开工单")}</a>
    </div>
  );
}
