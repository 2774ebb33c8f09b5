// A survey while it is being put together, and the facts it becomes: cause and method, each
// item with who bears it, the owner's yes, or the hold for a cost above the limit.
//
// May not enter: how it looks, storage.

import type { Hold, Order, Payer } from "../../../../sync/order.ts";
import { quoted_if_paid } from "../guidance.ts";
import { N_ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";
import { asked } from "../view.ts";
import { payer_hint } from "./hint.ts";
import type { Promised } from "./promising.ts";
import type { Saying } from "./telling.ts";

export interface ItemDraft {
  readonly item: number;
  readonly trade: string;
  readonly what: string;
  readonly where: string;
  readonly payer: Payer | null; // null: as the hint says
}

export interface SurveyDraft {
  readonly items: readonly ItemDraft[];
  readonly cause: string;
  readonly method: string;
  readonly present: readonly string[];
  readonly minutes: number;
  readonly estimate_fen: number;
  readonly promise: Promised;
  readonly relation: string;
  readonly words: string;
  readonly owner_told: boolean;
}

export const USUAL_MINUTES = 60;
export const OWNER = "业主"; // as the company's list of those present has it

/** What a survey begins with: what the order says already, else what the owner reported. */
export function survey_begun(sight: Sight): SurveyDraft {
  const { survey, items, request } = sight.order;
  const first: ItemDraft = {
    item: 1, trade: request?.trade ?? "", what: asked(sight, "fault"), where: "", payer: null,
  };
  const known = items.map(({ item, trade, payer, private: held }): ItemDraft => ({
    item, trade, payer, what: sight.text(held, "what"), where: sight.text(held, "where"),
  }));
  return {
    items: known.length ? known : [first],
    cause: survey?.cause ?? "",
    method: survey?.method ?? "",
    present: survey?.present ?? [OWNER],
    minutes: survey?.estimate_minutes ?? USUAL_MINUTES,
    estimate_fen: survey?.estimate_fen ?? 0,
    promise: "now",
    relation: "owner",
    words: survey === null ? "" : sight.text(survey.private, "words"),
    owner_told: true,
  };
}

/** Who bears this item, as it stands on the screen. */
export function bearer(order: Order, one: ItemDraft, cause: string): Payer {
  return one.payer ?? payer_hint(order, one.item, cause).payer;
}

export function has_paid_item(order: Order, { items, cause }: SurveyDraft): boolean {
  return items.some((one) => bearer(order, one, cause) === "paid");
}

/** What keeps the survey from being told, if anything does. */
export function missing(draft: SurveyDraft): "cause" | "method" | "what" | null {
  if (draft.items.some(({ what }) => what === "")) return "what";
  if (draft.cause === "") return "cause";
  return draft.method === "" ? "method" : null;
}

/** What was found, as far as the order does not know it already. */
export function findings(
  sight: Sight, draft: SurveyDraft, promised_ms: number | null,
): readonly Saying[] {
  const { order } = sight;
  const { cause, method, present, minutes, estimate_fen, words } = draft;
  const says = {
    cause, method, present, estimate_minutes: minutes, estimate_fen, promised_ms,
  };
  const known = order.survey;
  const same = known !== null && known.cause === cause && known.method === method &&
    known.estimate_minutes === minutes && known.estimate_fen === estimate_fen &&
    known.promised_ms === promised_ms && known.present.join() === present.join() &&
    sight.text(known.private, "words") === words;
  const survey: Saying = { what: { kind: "survey.surveyed", says }, words: { words } };
  return [...same ? [] : [survey], ...draft.items.flatMap((one) => found(sight, one, cause))];
}

function found(sight: Sight, one: ItemDraft, cause: string): readonly Saying[] {
  const { item, trade, what, where } = one;
  const payer = bearer(sight.order, one, cause);
  const known = sight.order.items.find((held) => held.item === item);
  const same = known !== undefined && known.trade === trade && known.payer === payer &&
    sight.text(known.private, "what") === what && sight.text(known.private, "where") === where;
  if (same) return [];
  return [{ what: { kind: "survey.item_found", says: { item, trade, payer } },
    words: { what, where } }];
}

/** The owner's yes to a plan that costs the owner nothing. A change of it is said to be one
 * (V6). */
export function yes(
  order: Order, { relation }: SurveyDraft, promised_ms: number | null,
): readonly Saying[] {
  const last = order.agreements.at(-1);
  if (last === undefined) {
    return [{
      what: { kind: "survey.plan_agreed", says: { relation, total_fen: 0, promised_ms } },
      check: quoted_if_paid,
    }];
  }
  if (last.promised_ms === promised_ms) return [];
  const says = { relation, total_fen: last.total_fen, promised_ms, reason: CHANGED };
  return [{ what: { kind: "survey.plan_changed", says } }];
}

export const CHANGED = N_("改期");

/** The hold for a cost above the limit; none if one for so much stands already (L4). */
export function hold(
  order: Order, estimate_fen: number, limit_fen: number, owner_told: boolean,
): readonly Saying[] {
  if (order.holds.some((one) => covers(one, estimate_fen))) return [];
  return [{ what: { kind: "survey.held", says: { estimate_fen, limit_fen, owner_told } } }];
}

/** Must the desk decide on so much before it is spent? */
export function needs_approval(order: Order, estimate_fen: number, limit_fen: number): boolean {
  const approved = Math.max(limit_fen, ...order.holds.map(({ up_to_fen }) => up_to_fen ?? 0));
  return estimate_fen > approved;
}

/** What the desk has been asked and has not answered. */
export function waiting_hold(order: Order): Hold | null {
  const last = order.holds.at(-1);
  return last !== undefined && last.released === null ? last : null;
}

function covers(one: Hold, estimate_fen: number): boolean {
  return one.released === null && one.estimate_fen === estimate_fen;
}
