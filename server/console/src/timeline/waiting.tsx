// The tray beside the day: open orders that nobody has agreed a time for, the worst first.
//
// One is dragged onto the grid, or its time is set in fields; both decide the same. May not
// enter: the grid, what is decided (`moving.ts`).

import { useRef } from "preact/hooks";

import { _ } from "#shared/words.ts";
import { cards } from "../board/live.ts";
import { pressure } from "../deadlines.ts";
import { OrderCard } from "../parts/card.tsx";
import { can } from "../session.ts";
import type { Card } from "../shapes.ts";
import { now_ms } from "../state.ts";
import { slot_of, type Stretch } from "./day.ts";
import { moving, put_down, take_up } from "./moving.ts";

const MOST_WAITING = 60; // drawn; the board has them all
const MEANT_PX = 5; // a hand that moves less presses

interface TrayProps {
  readonly span: Stretch;
  readonly onSet: (card: Card) => void;
}

export function Waiting({ span, onSet }: TrayProps) {
  const all = [...cards.value.values()]
    .filter(({ appointment, stage }) => appointment === null
      && (stage === "logged" || stage === "dispatched" || stage === "rework"))
    .sort((one, other) => pressure(one, now_ms.value) - pressure(other, now_ms.value));
  return (
    <aside class="waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title">{_("没有约时间")} <span class="num">{all.length}</span></h2>
      <ul>
        {all.slice(0, MOST_WAITING).map((card) => (
          <Row key={card.id} card={card} span={span} onSet={onSet} />
        ))}
      </ul>
    </aside>
  );
}

function Row({ card, span, onSet }: TrayProps & { readonly card: Card }) {
  const from = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const mine = moving.value?.card.id === card.id;
  if (!can("order.decide", card.project)) return <li><OrderCard card={card} /></li>;
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target as Element).closest("a, button") !== null) return;
    from.current = { x: event.clientX, y: event.clientY };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const begun = from.current;
    if (begun === null) return;
    const far = Math.hypot(event.clientX - begun.x, event.clientY - begun.y);
    if (!mine && far < MEANT_PX) return;
    const over = place_of(event, span);
    moving.value = over === null ? null : {
      ...take_up(card, over.at_ms), technician: over.row || card.technician,
    };
  };
  const up = () => {
    const meant = from.current !== null && moving.value?.card.id === card.id;
    from.current = null;
    if (meant && moving.value !== null) put_down(moving.value);
  };
  return (
    <li class={mine ? "taken moving" : "taken"} data-waiting={card.id} onPointerDown={down}
      onPointerMove={move} onPointerUp={up}
      onPointerCancel={() => { from.current = null; moving.value = null; }}>
      <OrderCard card={card} action={{ words: _("约时间"), run: () => onSet(card) }} />
    </li>
  );
}

/** Over whose row, at which quarter of an hour; null beside the grid. */
function place_of(event: PointerEvent, span: Stretch) {
  const grid = document.elementsFromPoint(event.clientX, event.clientY)
    .map((one) => one.closest<HTMLElement>("[data-row]")).find((one) => one !== null)
    ?.querySelector<HTMLElement>("[data-grid]");
  if (grid === null || grid === undefined) return null;
  const box = grid.getBoundingClientRect();
  const part = (event.clientX - box.left) / box.width;
  if (part < 0 || part > 1) return null;
  const row = grid.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? "";
  return { row, at_ms: slot_of(span.start_ms + part * (span.end_ms - span.start_ms)) };
}
