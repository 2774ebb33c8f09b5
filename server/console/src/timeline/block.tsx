// One appointment on the grid: dragged by hand, or moved by arrows and put down by Enter.
//
// Every step that a hand can do, keys and the dialog can do too (WCAG 2.5.7). May not enter:
// what is decided.

import { useRef } from "preact/hooks";

import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { card_name } from "../cards.ts";
import { pressing } from "../deadlines.ts";
import { can } from "../session.ts";
import type { Card } from "../shapes.ts";
import { name_of, now_ms } from "../state.ts";
import { later, lies, type Stretch } from "./day.ts";
import { moving, put_down, take_up, type Move } from "./moving.ts";

interface Props {
  readonly card: Card;
  readonly stretch: Stretch;
  readonly span: Stretch;
  readonly lane: number;
  readonly chosen: boolean;
  readonly neighbour: (of: string | null, by: number) => string | null; // the row above, below
  readonly onChoose: () => void;
}

export function Block({ card, stretch, span, lane, chosen, neighbour, onChoose }: Props) {
  const from = useRef<{ readonly x: number; readonly slot_px: number } | null>(null);
  const place = lies(stretch, span);
  if (place === null) return null;
  const mine = moving.value?.card.id === card.id ? moving.value : null;
  const may = can("order.decide", card.project);
  const shift = (move: Move, slots: number): Move => ({ ...move, to: later(move.to, slots) });
  const key = (event: KeyboardEvent) => {
    if (!may || event.ctrlKey || event.altKey || event.metaKey) return;
    const move = mine ?? take_up(card);
    const slots = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const rows = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (slots !== undefined) moving.value = shift(move, slots);
    else if (rows !== undefined) {
      moving.value = { ...move, technician: neighbour(move.technician, rows) ?? move.technician };
    } else if (event.key === "Enter" && mine !== null) put_down(mine);
    else if (event.key === "Escape" && mine !== null) moving.value = null;
    else return;
    event.preventDefault();
  };
  const down = (event: PointerEvent) => {
    if (!may || event.button !== 0) return;
    const grid = (event.currentTarget as HTMLElement).closest<HTMLElement>("[data-grid]");
    const slots = (span.end_ms - span.start_ms) / 900_000;
    from.current = { x: event.clientX, slot_px: (grid?.clientWidth ?? 1) / slots };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const begun = from.current;
    if (begun === null) return;
    const slots = Math.round((event.clientX - begun.x) / begun.slot_px);
    const over = document.elementsFromPoint(event.clientX, event.clientY)
      .map((one) => one.closest<HTMLElement>("[data-row]")).find((one) => one !== null);
    const row = over?.dataset["row"] ?? "";
    if (mine === null && slots === 0 && row === (card.technician ?? "")) return;
    moving.value = { ...shift(take_up(card), slots), technician: row || card.technician };
  };
  const up = () => {
    from.current = null;
    if (moving.value?.card.id === card.id) put_down(moving.value);
  };
  const words = _("{home}，{from}–{to}，{who}", {
    home: card_name(card), from: at(stretch.start_ms), to: at(stretch.end_ms).slice(-5),
    who: name_of(mine?.technician ?? card.technician) || _("未派"),
  });
  const goes = mine !== null && mine.technician !== card.technician;
  const tone = pressing(card, now_ms.value)?.tone ?? "calm";
  return (
    <button type="button" data-block={card.id} aria-pressed={chosen} title={words}
      class={`block ${tone}${mine === null ? "" : " moving"}${goes ? " goes" : ""}`} aria-describedby="block-keys"
      style={{ left: `${place.left}%`, width: `${place.width}%`, top: `calc(${lane} * var(--lane))` }}
      onClick={onChoose} onKeyDown={key} onPointerDown={down} onPointerMove={move} onPointerUp={up}
      onPointerCancel={() => { from.current = null; moving.value = null; }}>
      <span class="unseen">{words}</span>
      <span aria-hidden="true">
        <b>{card_name(card)}</b> {at(stretch.start_ms).slice(-5)} {card.fault || card.trade}
      </span>
    </button>
  );
}
