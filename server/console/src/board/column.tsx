// One column of the board: thousands of cards, of which those in sight are drawn.
//
// All cards are equally high, so where one stands is a multiplication. May not enter: which
// cards, what is done with them.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { _ } from "#shared/words.ts";
import { OrderCard } from "../parts/card.tsx";
import { can } from "../session.ts";
import type { Card } from "../shapes.ts";
import { choose_for, dragged } from "./giving.ts";
import { focused } from "./walking.ts";

const ROW_REM = 8.6; // `.order` and the gap below it; style.css knows it as --row
const SPARE = 3; // drawn above and below, so that scrolling does not flicker

export function Column({ name, words, cards, children }: {
  readonly name: string; readonly words: string; readonly cards: readonly Card[];
  readonly children?: ComponentChildren; // below the heading
}) {
  const box = useRef<HTMLDivElement>(null);
  const row_px = ROW_REM * rem_px();
  const top = useSignal(0);
  const height = useSignal(600);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(([seen]) => { height.value = seen?.contentRect.height ?? 600; });
    watch.observe(box.current!); // drawn below, always
    return () => watch.disconnect();
  }, []);
  const at = focused.value === null ? -1 : cards.findIndex(({ id }) => id === focused.value?.id);
  useEffect(() => { if (at >= 0) bring_into_sight(box.current!, at * row_px, row_px); },
    [focused.value, at]);
  const first = Math.max(0, Math.floor(top.value / row_px) - SPARE);
  const last = Math.min(cards.length, Math.ceil((top.value + height.value) / row_px) + SPARE);
  return (
    <section class="column" aria-labelledby={`column-${name}`} data-column={name}>
      <h2 id={`column-${name}`}>{words} <span class="num">{cards.length}</span></h2>
      {children}
      <div class="scroll" ref={box} onScroll={(event) => { top.value = event.currentTarget.scrollTop; }}>
        {cards.length === 0 && <p class="empty">{_("没有工单")}</p>}
        <ul class="stacked" style={{ height: `${cards.length * row_px}px` }}>
          {cards.slice(first, last).map((card, index) => (
            <Row key={card.id} card={card} index={first + index} size={cards.length}
              top_px={(first + index) * row_px} />
          ))}
        </ul>
      </div>
    </section>
  );
}

function Row({ card, index, size, top_px }: {
  readonly card: Card; readonly index: number; readonly size: number; readonly top_px: number;
}) {
  const may = card.stage !== "accepted" && can("order.dispatch", card.project);
  const drag = (event: DragEvent) => {
    event.dataTransfer?.setData("text/plain", card.number ?? card.id);
    dragged.value = card;
  };
  return (
    <li aria-posinset={index + 1} aria-setsize={size} style={{ top: `${top_px}px` }} data-order={card.id}
      draggable={may} onDragStart={drag} onDragEnd={() => { dragged.value = null; }}
      class={dragged.value?.id === card.id ? "dragged" : undefined}>
      <OrderCard card={card} focused={focused.value?.id === card.id}
        action={may ? {
          words: card.technician === null ? _("派单 ▾") : _("改派 ▾"),
          run: () => choose_for(card),
        } : undefined} />
    </li>
  );
}

function bring_into_sight(box: HTMLElement, from_px: number, row_px: number): void {
  if (from_px < box.scrollTop) box.scrollTop = from_px;
  const lack = from_px + row_px - box.scrollTop - box.clientHeight;
  if (lack > 0) box.scrollTop += lack;
}

function rem_px(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
