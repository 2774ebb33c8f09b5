// Which column an order stands in, and the filters before it: pure, over cards.
//
// May not enter: requests, how it is drawn.

import { N_ } from "#shared/words.ts";
import { card_name } from "../cards.ts";
import { pressing, pressure } from "../deadlines.ts";
import type { Card, Stage } from "../shapes.ts";

export type ColumnName = "waiting" | "given" | "there" | "proving" | "done";

export const COLUMNS: readonly { readonly name: ColumnName; readonly words: string }[] = [
  { name: "waiting", words: N_("待派") },
  { name: "given", words: N_("已派") },
  { name: "there", words: N_("在现场") },
  { name: "proving", words: N_("待验收 · 返工") },
  { name: "done", words: N_("今日完成") },
];

const BY_STAGE: Readonly<Record<Stage, ColumnName>> = {
  unknown: "waiting", logged: "waiting", dispatched: "given", on_site: "there",
  surveyed: "there", agreed: "there", completed: "proving", rework: "proving",
  unsigned: "proving", accepted: "done",
};

/** Where an order stands; what nobody has is to be given, whatever its stage. */
export function column_of(card: Card): ColumnName {
  const usual = BY_STAGE[card.stage];
  return usual === "given" && card.technician === null ? "waiting" : usual;
}

/** Was it accepted on the day of this instant, where the reader is? */
export function done_on_day_of(card: Card, now_ms: number): boolean {
  const at = card.accepted_ms;
  return at !== null && new Date(at).toDateString() === new Date(now_ms).toDateString();
}

/** Accepted on an earlier day, and nobody has closed it yet? */
export function is_unclosed(card: Card, now_ms: number): boolean {
  return card.stage === "accepted" && !done_on_day_of(card, now_ms);
}

/** The filters that the address holds, by name; each asks one card. */
type Test = (card: Card, value: string, now_ms: number) => boolean;
export const FILTERS: Readonly<Record<string, Test>> = {
  project: (card, value) => card.project === value,
  trade: (card, value) => card.trade === value,
  priority: (card, value) => card.priority === value,
  technician: (card, value) => card.technician === value || card.helpers.includes(value),
  late: (card, _value, now_ms) => pressing(card, now_ms)?.tone === "late",
  soon: (card, _value, now_ms) => pressing(card, now_ms)?.tone === "soon",
  review: (card) => card.reviews.length > 0,
  away: (card) => card.known.taken_out && card.stage !== "accepted",
  unseen: (card) => card.known.unseen.length > 0,
  unclosed: (card, _value, now_ms) => is_unclosed(card, now_ms),
};

/** Does this text stand on the card? */
export function says(card: Card, text: string, name: string): boolean {
  const all = `${card_name(card)} ${card.number ?? ""} ${card.fault} ${card.project} ${name}`;
  return all.toLowerCase().includes(text.toLowerCase());
}

/** The cards that every filter lets through; `found`: what the server knows more of. */
export function filtered(
  cards: Iterable<Card>, query: URLSearchParams, now_ms: number,
  name_of: (id: string | null) => string, found: ReadonlySet<string>,
): Card[] {
  const tests = Object.entries(FILTERS).flatMap(([name, test]) => {
    const value = query.get(name);
    return value === null ? [] : [(card: Card) => test(card, value, now_ms)];
  });
  const text = query.get("q") ?? "";
  return [...cards].filter((card) => tests.every((test) => test(card))
    && (text === "" || found.has(card.id) || says(card, text, name_of(card.technician))));
}

/** The cards of each column, the worst first; those that were accepted on an earlier day
 * are left out, unless they were asked for. */
export function in_columns(
  cards: readonly Card[], now_ms: number, query: URLSearchParams,
): ReadonlyMap<ColumnName, readonly Card[]> {
  const earlier = query.has("unclosed") || query.has("q");
  const sorted = cards
    .filter((card) => earlier || !is_unclosed(card, now_ms))
    .map((card) => ({ card, pressure: pressure(card, now_ms) }))
    .sort((one, other) => one.pressure - other.pressure
      || (other.card.accepted_ms ?? 0) - (one.card.accepted_ms ?? 0)
      || one.card.registered_ms - other.card.registered_ms);
  const columns = new Map<ColumnName, Card[]>(COLUMNS.map(({ name }) => [name, []]));
  for (const { card } of sorted) columns.get(column_of(card))?.push(card);
  return columns;
}
