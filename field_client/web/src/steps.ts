// Which step is next for somebody at an order: one table, read from top to bottom.
//
// The line on the screen has six steps; survey and repair share the fourth. A step that is
// done stays open to change until the owner has signed. May not enter: words, screens.

import { KINDS } from "../../../sync/facts.ts";
import { to_put_right } from "./job/rework.ts";
import { is_under_way, type Order, type Visit } from "../../../sync/order.ts";

export const LINE = ["arrive", "door", "before", "work", "after", "hand-over"] as const;
export type Station = (typeof LINE)[number];
export type Step = Station | "survey" | "leave";

/** What the table looks at: the order, and this person's visit that is under way. */
interface Here {
  readonly order: Order;
  readonly visit: Visit | null;
}

interface Row {
  readonly step: Step;
  readonly done: (here: Here) => boolean;
}

const ROWS: readonly Row[] = [
  { step: "arrive", done: ({ visit }) => visit !== null },
  { step: "door", done: ({ visit }) => visit?.start_consent != null },
  { step: "before", done: (here) => no_photos(here) || photographed(here, "before") },
  { step: "survey", done: ({ order }) => order.survey !== null && is_agreed(order) },
  { step: "work", done: ({ order }) => is_recorded(order) },
  { step: "after", done: (here) => no_photos(here) || photographed(here, "after") },
  { step: "hand-over", done: ({ order }) => is_answered(order) },
];

/** Where somebody stands: what is done, and the one step that comes next. */
export interface Standing {
  readonly next: Step | null; // null: nothing is left for this person to do here
  readonly done: ReadonlySet<Step>;
  readonly over: boolean; // cancelled, closed or no longer theirs
  readonly here: boolean; // in the home now, as far as anybody said
}

/** Where this person stands with the order. `gone`: it is no longer theirs. */
export function standing(order: Order, me: string, gone = false): Standing {
  const visit = visit_under_way(order, me);
  const here = { order, visit };
  const over = gone || order.cancelled !== null || order.closed !== null;
  const done = new Set(ROWS.filter((row) => row.done(here)).map((row) => row.step));
  return { next: next_of(here, done, over), done, over, here: visit !== null };
}

function next_of(here: Here, done: ReadonlySet<Step>, over: boolean): Step | null {
  const { order, visit } = here;
  if (visit === null) return over || is_answered(order) ? null : "arrive";
  if (over || is_held(order) || is_put_off(order, visit)) return "leave";
  if (visit.start_consent === false) return "leave";
  return ROWS.find(({ step }) => !done.has(step))?.step ?? "leave";
}

/** This person's visit that is not over. */
export function visit_under_way(order: Order, me: string): Visit | null {
  const own = order.visits.filter((visit) => visit.by === me);
  const last = own.at(-1);
  return last !== undefined && is_under_way(last) ? last : null;
}

/** The station of the six on which a step is shown. */
export function station_of(step: Step): Station | null {
  if (step === "survey") return "work";
  return step === "leave" ? null : step;
}

/** May what was recorded still be put right without the owner's seeing it? */
export function is_signed(order: Order): boolean {
  return order.rounds.at(-1)?.verdicts.some((one) => one.answer === "accepted") ?? false;
}

/** Does a price above the limit still wait for the desk's word (L4)? */
export function is_held(order: Order): boolean {
  const hold = order.holds.at(-1);
  return hold !== undefined && hold.released === null;
}

/** Did the owner say yes, to the newest quotation where somebody has to pay (V3, L3)? */
export function is_agreed(order: Order): boolean {
  if (!order.agreements.length) return false;
  if (!order.items.some((item) => item.payer === "paid")) return true;
  return quote_agreed(order);
}

/** Was another time agreed on since this person came? */
function is_put_off(order: Order, visit: Visit): boolean {
  const names = order.history.map((entry) => entry.id);
  const last = order.appointments.at(-1);
  return last !== undefined && names.indexOf(last.fact) > names.indexOf(visit.fact);
}

const AGREEMENTS: ReadonlySet<string> = new Set(
  ["survey.plan_agreed", "survey.plan_changed"].filter((kind) => KINDS.has(kind)));

/** Was there a yes after the newest quotation? */
export function quote_agreed(order: Order): boolean {
  const kinds = order.history.map((entry) => entry.kind);
  const quoted = kinds.lastIndexOf("survey.quoted");
  return quoted >= 0 && kinds.slice(quoted).some((kind) => AGREEMENTS.has(kind));
}

/** Has each item its record, and each that was sent back a newer one? */
function is_recorded(order: Order): boolean {
  const numbers = new Set(order.records.map((record) => record.item));
  const all = order.items.every(({ item }) => numbers.has(item)) && order.records.length > 0;
  return all && to_put_right(order).length === 0 &&
    order.records.some((record) => since_sent_back(order, record.fact));
}

function photographed({ order }: Here, moment: "before" | "after"): boolean {
  return order.photos.some((photo) => photo.moment === moment &&
    (moment === "before" || since_sent_back(order, photo.fact)));
}

function no_photos({ visit }: Here): boolean {
  return visit?.photo_consent === false;
}

/** Has the owner given an answer that this visit has not gone beyond? */
function is_answered(order: Order): boolean {
  return order.stage === "accepted" || order.stage === "unsigned";
}

/** Was this fact stated after the owner last sent work back? */
export function since_sent_back(order: Order, fact: string): boolean {
  const names = order.history.map((entry) => entry.id);
  const sent_back = order.rounds.flatMap((round) => round.verdicts)
    .filter((verdict) => verdict.answer === "rejected").map(({ fact: one }) => one);
  if (sent_back.length === 0) return true;
  const last = Math.max(...sent_back.map((one) => names.indexOf(one)));
  return names.indexOf(fact) > last;
}
