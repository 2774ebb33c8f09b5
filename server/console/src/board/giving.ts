// Giving an order to somebody: menu, digit and drag all end here, in the same request.
//
// May not enter: who is offered (`giving_menu.tsx`), how it is drawn.

import { signal } from "@preact/signals";

import { tell_person } from "#shared/notice.ts";
import { _ } from "#shared/words.ts";
import { is_stale, post, Problem } from "../api.ts";
import { card_name } from "../cards.ts";
import type { Card } from "../shapes.ts";
import { name_of } from "../state.ts";
import { refresh } from "./live.ts";

/** Whose menu is open, and who was meant where somebody was. */
export const giving = signal<{ readonly card: Card; readonly meant: string | null } | null>(null);

/** The card that is being dragged. */
export const dragged = signal<Card | null>(null);

/** Open the menu. */
export function choose_for(card: Card, meant: string | null = null): void {
  giving.value = { card, meant };
}

/** What it is given with. */
export interface Given {
  readonly technician: string;
  readonly helpers?: readonly string[];
  readonly words?: string;
}

/** Give it; throws what the server says against it. */
export async function give(card: Card, given: Given): Promise<void> {
  const { technician, helpers = [], words = "" } = given;
  const body = { technician, helpers, ...(words === "" ? {} : { words }) };
  try {
    await post(`/v1/orders/${card.id}/dispatch`, body, { seen: card.rev });
  } catch (why) {
    if (is_stale(why)) void refresh();
    throw why;
  }
  const said = { home: card_name(card), name: name_of(technician) };
  tell_person({ words: _("{home} 已派给 {name}", said) });
  await refresh();
}

/** Let go over somebody: given at once, unless there is something to be read first. */
export async function drop_on(card: Card, technician: string): Promise<void> {
  if (technician === card.technician) return;
  if (wants_a_look(card)) {
    choose_for(card, technician);
    return;
  }
  try {
    await give(card, { technician });
  } catch (why) {
    if (!(why instanceof Problem)) throw why;
    tell_person({ words: why.message, grave: true });
  }
}

/** Does somebody already have it with them? Then nobody takes it away unread (U-D5). */
export function wants_a_look(card: Card): boolean {
  return card.known.taken_out || card.known.on_site.length > 0;
}
