// Going over the board by keyboard: j and k within a column, h and l across.
//
// May not enter: how a card is drawn, what is done with it.

import { signal } from "@preact/signals";

import type { Card } from "../shapes.ts";
import { COLUMNS, type ColumnName } from "./columns.ts";

/** Where the keyboard is; a new object for each step. */
export const focused = signal<{ readonly id: string } | null>(null);

export type Columns = ReadonlyMap<ColumnName, readonly Card[]>;

/** The card that a key is about: where the focus is, else where the keyboard was last. */
export function card_at_hand(columns: Columns): Card | null {
  const on = document.activeElement?.closest("[data-order]")?.getAttribute("data-order");
  const id = on ?? focused.value?.id;
  return [...columns.values()].flat().find((card) => card.id === id) ?? null;
}

/** One step down or up in its column; at first the first card there is. */
export function step(columns: Columns, by: number): void {
  const here = where(columns);
  if (here === null) return enter_first(columns);
  const card = here.cards[Math.min(here.cards.length - 1, Math.max(0, here.index + by))];
  if (card !== undefined) focused.value = { id: card.id };
}

/** To the next column that holds anything, at the same height if it can be. */
export function cross(columns: Columns, by: number): void {
  const here = where(columns);
  if (here === null) return enter_first(columns);
  const names = COLUMNS.map(({ name }) => name);
  for (let at = names.indexOf(here.name) + by; at >= 0 && at < names.length; at += by) {
    const cards = columns.get(names[at]!) ?? []; // within bounds
    const card = cards[Math.min(here.index, cards.length - 1)];
    if (card !== undefined) {
      focused.value = { id: card.id };
      return;
    }
  }
}

function where(columns: Columns) {
  const card = card_at_hand(columns);
  if (card === null) return null;
  for (const [name, cards] of columns) {
    const index = cards.indexOf(card);
    if (index >= 0) return { name, cards, index };
  }
  return null;
}

function enter_first(columns: Columns): void {
  const card = [...columns.values()].find((cards) => cards.length > 0)?.[0];
  if (card !== undefined) focused.value = { id: card.id };
}
