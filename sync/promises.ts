// What is promised about time, as dated rows of policy data, and when it is due.
//
// The twin of `promises.py`. When it is due follows from the row and the working calendar;
// whether it was kept is `verdicts.ts`. May not enter: a clock, a number outside the policy
// data.

import {
  add_working_minutes, add_working_ms, DAY_MINUTES, day_name, instant, is_working_day,
  local, malformed, must_be_day, must_be_stretches, next_working_day_end,
  working_days_later, working_ms, type Calendar,
} from "./calendar.ts";
import { Promises, type PromiseRow } from "./exported/promises.ts";
import type { Json } from "./json.ts";
import { DAY_MS, holds, MINUTE_MS, type Span } from "./moment.ts";
import { typed } from "./plain.ts";

export { PromiseRow, Promises } from "./exported/promises.ts";

export const LONGEST_DAYS = 3_660; // a promise reaches no further than this

/** The earliest and the latest instant that it may be due; both can be. */
export interface Due {
  readonly earliest_ms: number;
  readonly latest_ms: number;
}

/** From policy data; a refusal names what cannot be read. */
export function read_promises(data: Json): Promises {
  const held = typed(Promises, data);
  held.promises.forEach(must_be_row);
  if (!held.worth.every((grade) => grade === "A" || grade === "B")) {
    throw malformed("worth"); // no penalty from less
  }
  return held;
}

function must_be_row(row: PromiseRow): void {
  row.bands.forEach((band) => must_be_stretches([band.hours], "bands"));
  must_be_day(row.since, "since");
  const { minutes, working_minutes, working_days } = row;
  const terms = [minutes, working_minutes, working_days].filter((term) => term !== null);
  const [term] = terms;
  const right = terms.length === 1 && term! >= 0 && term! <= LONGEST_DAYS * DAY_MINUTES;
  if (!right || (working_days ?? 0) > LONGEST_DAYS) throw malformed(row.code);
  if (row.rest_day_waits && (minutes ?? 0) < DAY_MINUTES) {
    throw malformed(row.code); // due would run back
  }
}

/** The row that holds for what starts now: for its priority before for all, then the newest
 * that has begun; of equals the last one listed. */
export function promise(
  { promises }: Promises, code: string, start_ms: number, calendar: Calendar,
  priority: string | null = null,
): PromiseRow | null {
  const day = day_name(calendar, start_ms);
  const rows = promises.filter((row) =>
    row.code === code && row.since <= day
    && (row.priority === null || row.priority === priority));
  return rows.reduce<PromiseRow | null>(
    (best, row) => (best !== null && outranks(best, row) ? best : row), null,
  );
}

function outranks(one: PromiseRow, other: PromiseRow): boolean {
  const [special, ordinary] = [one.priority !== null, other.priority !== null];
  return special === ordinary ? one.since > other.since : special;
}

/** When it must have happened by, counted from this instant: before it is in time, at it is
 * not. `stops` are stretches on hold: closed on both sides, apart, earliest first. A stop
 * that begins once it was due puts nothing off. */
export function due_ms(
  row: PromiseRow, start_ms: number, calendar: Calendar, stops: readonly Span[] = [],
): number {
  const [first_due_ms, by_the_clock] = without_stops(row, start_ms, calendar);
  let wanted_ms = first_due_ms;
  for (const stop of row.runs_on ? [] : stops) {
    const [first_ms, end_ms] = within(stop, start_ms);
    if (first_ms >= Math.min(wanted_ms, end_ms)) continue;
    wanted_ms = by_the_clock ? wanted_ms + end_ms - first_ms
      : add_working_ms(calendar, wanted_ms, working_ms(calendar, first_ms, end_ms));
  }
  return wanted_ms;
}

/** When it is due if nothing comes between, and whether a clock counts that or the working
 * calendar. */
function without_stops(
  row: PromiseRow, start_ms: number, calendar: Calendar,
): readonly [number, boolean] {
  if (row.rest_day_waits && !is_working_day(calendar, start_ms)) {
    return [next_working_day_end(calendar, start_ms), false];
  }
  if (row.working_days !== null) {
    return [working_days_later(calendar, start_ms, row.working_days), false];
  }
  if (row.working_minutes !== null) {
    return [add_working_minutes(calendar, start_ms, row.working_minutes), false];
  }
  return [start_ms + minutes_at(row, start_ms, calendar) * MINUTE_MS, true];
}

/** As much of a stop as lies after the start, and no longer than a promise. */
function within(stop: Span, start_ms: number): readonly [number, number] {
  const first_ms = Math.max(start_ms, stop.first_ms ?? start_ms);
  return [first_ms, Math.min(stop.end_ms ?? first_ms, first_ms + LONGEST_DAYS * DAY_MS)];
}

function minutes_at(row: PromiseRow, start_ms: number, calendar: Calendar): number {
  const minute = Math.floor(local(calendar, start_ms)[1] / MINUTE_MS);
  const band = row.bands.find(({ hours }) => hours[0]! <= minute && minute < hours[1]!);
  return band?.minutes ?? row.minutes ?? 0;
}

/** From the earliest to the latest instant it may be due; null if the start is not known on
 * both sides. Later starts can be due earlier: the term may change at the edge of a band or
 * of a day, so instants around every edge are looked at. */
export function due(
  row: PromiseRow, start: Span, calendar: Calendar, stops: readonly Span[] = [],
): Due | null {
  if (start.first_ms === null || start.end_ms === null) return null;
  const ends = [start.first_ms, start.end_ms - 1];
  const around = [
    ...ends.flatMap((end) => edges(row, end, calendar)),
    ...stops.flatMap(({ first_ms, end_ms }) => [first_ms ?? end_ms ?? 0, end_ms ?? 0]),
  ];
  const inside = around.flatMap((edge) => [edge, edge - 1]).filter((one) => holds(start, one));
  const dues = [...ends, ...inside].map((one) => due_ms(row, one, calendar, stops));
  return { earliest_ms: Math.min(...dues), latest_ms: Math.max(...dues) };
}

/** Where the term may change, in the days around an instant. */
function edges(row: PromiseRow, around_ms: number, calendar: Calendar): readonly number[] {
  const [day] = local(calendar, around_ms);
  const minutes = [0, ...row.bands.flatMap(({ hours }) => hours)];
  return [day - 1, day, day + 1].flatMap((one) =>
    minutes.map((minute) => instant(calendar, one, minute)));
}
