// What a card says in words, and what lists sort and search by.
//
// May not enter: requests, how a card is drawn.

import { at, minutes_text, PRIORITIES, STAGES } from "#shared/wording.ts";
import { _, N_ } from "#shared/words.ts";
import type { Card, Reason } from "./shapes.ts";

export const SORTS: Readonly<Record<string, string>> = {
  repair: N_("报修"), complaint: N_("投诉"), enquiry: N_("咨询"), suggestion: N_("建议"),
};

const MINUTE_MS = 60_000;
export const STALE_MINUTES = 30; // an older contact says nothing about now (U-D4)

export function stage_words(card: Card): string {
  return card.cancelled ? _("已取消") : _(STAGES[card.stage]);
}

export function priority_words(card: Card): string {
  return _(PRIORITIES[card.priority] ?? card.priority);
}

/** What it goes by on every screen: the flat, else its number. */
export function card_name(card: Card): string {
  return card.home || card.number || card.id.slice(0, 8);
}

/** The appointment, as short as the day allows. */
export function appointment_words(card: Card): string {
  if (card.appointment === null) return "";
  const { start_ms, end_ms } = card.appointment;
  return `${at(start_ms)}–${at(end_ms).slice(-5)}`;
}

/** Whole minutes since then. */
export function minutes_since(ms: number, now_ms: number): number {
  return Math.max(0, Math.floor((now_ms - ms) / MINUTE_MS));
}

/** The last contact with its age: what is known is as old as this. */
export function contact_words(ms: number | null, now_ms: number): string {
  if (ms === null) return _("从未联系");
  const age = minutes_since(ms, now_ms);
  return age < 1 ? _("刚刚联系") : _("{age}前联系", { age: minutes_text(age) });
}

/** Why somebody is ranked where they are; long silences in hours and days. */
export function reason_text({ code, words, value }: Reason): string {
  if (typeof value !== "number" || value < 60) return words;
  if (code === "contact") return _("{age}前联系", { age: minutes_text(value) });
  if (code === "contact_old") {
    return _("{age}没有联系，可能离线", { age: minutes_text(value) });
  }
  return words;
}

export function is_stale_contact(ms: number | null, now_ms: number): boolean {
  return ms === null || minutes_since(ms, now_ms) > STALE_MINUTES;
}
