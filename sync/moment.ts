// A stretch of time, and a moment: when something happened and what that is worth.
//
// The twin of `moment.py`. All times are whole milliseconds UTC; every stretch is half-open,
// [first, end). May not enter: how a moment is found (`timing.ts`).

import { GRADES, Moment, type Grade } from "./exported/records.ts";

export { GRADES, Moment, type Grade } from "./exported/records.ts";

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** A half-open stretch of time; null is an open side. */
export interface Span {
  readonly first_ms: number | null;
  readonly end_ms: number | null;
}

export const ALWAYS: Span = { first_ms: null, end_ms: null };

export function span(first_ms: number | null, end_ms: number | null): Span {
  return { first_ms, end_ms };
}

/** What both allow; null if that is nothing. */
export function meet(one: Span, other: Span): Span | null {
  const first = tighter(Math.max, one.first_ms, other.first_ms);
  const end = tighter(Math.min, one.end_ms, other.end_ms);
  return first !== null && end !== null && first >= end ? null : span(first, end);
}

/** The shortest stretch around both; open where either is. */
export function hull(one: Span, other: Span): Span {
  return span(
    one.first_ms === null || other.first_ms === null
      ? null : Math.min(one.first_ms, other.first_ms),
    one.end_ms === null || other.end_ms === null
      ? null : Math.max(one.end_ms, other.end_ms),
  );
}

/** How long it is; null if a side is open. */
export function width_ms({ first_ms, end_ms }: Span): number | null {
  return first_ms === null || end_ms === null ? null : end_ms - first_ms;
}

/** Whether this instant lies in it. */
export function holds(stretch: Span, instant_ms: number): boolean {
  return meet(stretch, span(instant_ms, instant_ms + 1)) !== null;
}

/** A time written down to the minute, as registers do: anywhere in that minute. */
export function minute_of(instant_ms: number): Span {
  const first = Math.floor(instant_ms / MINUTE_MS) * MINUTE_MS;
  return span(first, first + MINUTE_MS);
}

/** The worse of two grades; a later letter is worth less. */
export function worse(one: Grade, other: Grade): Grade {
  return GRADES.indexOf(one) > GRADES.indexOf(other) ? one : other;
}

/** A time that is no device's: the register's minute, the server's own act. */
export function known(stretch: Span, basis = "register"): Moment {
  return Moment.make({
    earliest_ms: stretch.first_ms, latest_ms: stretch.end_ms,
    not_before_ms: stretch.first_ms, not_after_ms: stretch.end_ms,
    grade: "A", basis,
  });
}

function tighter(
  tightest: (one: number, other: number) => number, one: number | null, other: number | null,
): number | null {
  if (one === null || other === null) return one ?? other;
  return tightest(one, other);
}
