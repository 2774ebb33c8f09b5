// Moving an appointment: by hand or by arrows it is a draft first, and one decision then.
//
// May not enter: how it is drawn.

import { signal } from "@preact/signals";

import { tell_person } from "#shared/notice.ts";
import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { once, post } from "../api.ts";
import { give } from "../board/giving.ts";
import { cards, refresh } from "../board/live.ts";
import { card_name } from "../cards.ts";
import type { Appointment, Card } from "../shapes.ts";

/** An order on its way to another time or person, not decided yet. */
export interface Move {
  readonly card: Card;
  readonly to: Appointment;
  readonly technician: string | null;
  readonly key: string; // it is decided once
}

/** What is being moved, and whether its reason is being asked for. */
export const moving = signal<Move | null>(null);
export const asking = signal(false);

export const USUAL_MS = 3_600_000; // as long as a visit is, where nothing else was said

/** Take an order up, where it stands or at this time. */
export function take_up(card: Card, at_ms?: number): Move {
  const from = card.appointment
    ?? { start_ms: at_ms ?? 0, end_ms: (at_ms ?? 0) + USUAL_MS };
  return { card, to: from, technician: card.technician, key: once() };
}

export function changes_time({ card, to }: Move): boolean {
  return card.appointment === null || card.appointment.start_ms !== to.start_ms
    || card.appointment.end_ms !== to.end_ms;
}

export function changes_person({ card, technician }: Move): boolean {
  return technician !== null && technician !== card.technician;
}

/** Let go: back to where it stood if nothing is different, else the reason is asked for. */
export function put_down(move: Move): void {
  const differs = changes_time(move) || changes_person(move);
  moving.value = differs ? move : null;
  asking.value = differs;
}

export function leave(): void {
  moving.value = null;
  asking.value = false;
}

/** Decide: first when, then who, each the same fact as from anywhere else. */
export async function decide(move: Move, reason: string): Promise<void> {
  const { card, to, technician } = move;
  if (changes_time(move)) {
    const body = { start_ms: to.start_ms, end_ms: to.end_ms, words: reason };
    await post(`/v1/orders/${card.id}/appoint`, body, { seen: card.rev, once: move.key });
    await refresh();
    tell_person({ words: _("{home} 改约到 {at}", { home: card_name(card), at: at(to.start_ms) }) });
  }
  if (changes_person(move) && technician !== null) {
    const now = cards.value.get(card.id) ?? card; // the appointment made it a version newer
    await give(now, { technician, words: reason });
  }
  leave();
}
