// Whether a promise was kept, as far as anybody can tell, and where the time went.
//
// The twin of `verdicts.py`. The answer is kept, missed or undetermined, and says what it
// rests on. It is worked out whenever it is asked for. May not enter: a clock, a stored
// "late".

import type { Calendar } from "./calendar.ts";
import { MINUTE_MS, Moment, span, type Grade, type Span } from "./moment.ts";
import { due, type Due, type PromiseRow } from "./promises.ts";

export type Answer = "kept" | "missed" | "undetermined";
/** By what the server vouches for alone, or by clocks that agree well enough. */
export type Basis = "proven" | "estimated";

/** Whether a promise was kept, what that rests on, and when it was due: within [earliest,
 * latest], both the same where the start is exact. */
export interface Verdict {
  readonly answer: Answer;
  readonly basis: Basis | null;
  readonly due_earliest_ms: number | null;
  readonly due_latest_ms: number | null;
}

const WORTH: readonly Grade[] = ["A", "B"];

/** Whether what started then was done in time: surely kept, surely missed, or undetermined.
 * What the brackets leave open, estimates may answer that are worth enough. Nothing heard
 * yet is undetermined: the tablet may be out of coverage. `stops` are stretches on hold, in
 * which the promise does not count on. */
export function judge(
  promise: PromiseRow, start: Moment, done: Moment | null, calendar: Calendar,
  worth: readonly Grade[] = WORTH, stops: readonly Span[] = [],
): Verdict {
  const happened = done ?? Moment.make({});
  const ends: readonly (readonly [Basis, Span, Span])[] = [
    ["proven", bracket(start), bracket(happened)],
    ["estimated", believed(start, worth), believed(happened, worth)],
  ];
  let wanted: Due | null = null;
  for (const [basis, started, stretch] of ends) {
    wanted = due(promise, started, calendar, stops);
    const answer = wanted && answered(wanted, stretch);
    if (answer) return verdict(answer, basis, wanted);
  }
  return verdict("undetermined", null, wanted);
}

function bracket(moment: Moment): Span {
  return span(moment.not_before_ms, moment.not_after_ms);
}

/** The estimate if it is worth enough, else only what is proven. */
function believed(moment: Moment, worth: readonly Grade[]): Span {
  if (!worth.includes(moment.grade)) return bracket(moment);
  return span(moment.earliest_ms, moment.latest_ms);
}

/** Kept if it is over before the earliest due, missed if it begins at the latest or after;
 * null in between. */
function answered(wanted: Due, done: Span): Answer | null {
  if (done.end_ms !== null && done.end_ms <= wanted.earliest_ms) return "kept";
  if (done.first_ms !== null && done.first_ms >= wanted.latest_ms) return "missed";
  return null;
}

function verdict(answer: Answer, basis: Basis | null, wanted: Due | null): Verdict {
  return {
    answer, basis,
    due_earliest_ms: wanted?.earliest_ms ?? null, due_latest_ms: wanted?.latest_ms ?? null,
  };
}

/** Whole minutes until the earliest it may be due, rounded down; negative is overdue (a
 * question, not a verdict). */
export function minutes_left(told: Verdict, now_ms: number): number | null {
  if (told.due_earliest_ms === null) return null;
  return Math.floor((told.due_earliest_ms - now_ms) / MINUTE_MS);
}

/** How long one part took: at least and at most; null where nobody can say. */
export interface Share {
  readonly part: "desk" | "notice" | "ready" | "travel";
  readonly least_ms: number | null;
  readonly most_ms: number | null;
}

/** Where the time went (P4): desk until assigned, notice until seen, travel until arrived.
 * A technician answers only for travel. Where it is known when they set off, travel begins
 * there, and what lay between is `ready`; who set off had seen it. */
export function split(
  registered: Moment, assigned: Moment | null, seen: Moment | null, arrived: Moment | null,
  set_off: Moment | null = null,
): readonly Share[] {
  const known = seen ?? set_off;
  const before = [share("desk", registered, assigned), share("notice", assigned, known)];
  if (set_off === null) return [...before, share("travel", seen, arrived)];
  return [...before, share("ready", known, set_off), share("travel", set_off, arrived)];
}

/** The time between two moments, by their estimates (a bracket if that is all). */
function share(part: Share["part"], start: Moment | null, end: Moment | null): Share {
  if (start === null || end === null) return { part, least_ms: null, most_ms: null };
  return {
    part,
    least_ms: between(start.latest_ms, end.earliest_ms, 1),
    most_ms: between(start.earliest_ms, end.latest_ms, -1),
  };
}

function between(start_ms: number | null, end_ms: number | null, edge: number): number | null {
  return start_ms === null || end_ms === null ? null : Math.max(0, end_ms - start_ms + edge);
}
