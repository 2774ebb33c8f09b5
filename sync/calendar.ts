// The working calendar: which hours of which days count, as dated data.
//
// The twin of `calendar.py`. Days are counted since 1970 and written 2026-05-01; one fixed
// offset from UTC, no zone database. A working day is a day with any working hours. May not
// enter: a clock, any promise.

import { Calendar, type Season } from "./exported/promises.ts";
import type { Json } from "./json.ts";
import { DAY_MS, MINUTE_MS } from "./moment.ts";
import { typed } from "./plain.ts";
import { Refused } from "./problems.ts";

export { Calendar, Season } from "./exported/promises.ts";

export const DAY_MINUTES = 1_440;
const [FIRST, LAST] = [-719_162, 2_932_896]; // 0001-01-01 and 9999-12-31

/** Half-open minutes of the day, in sequence. */
export type Hours = readonly (readonly number[])[];

/** From policy data; a refusal names the field that cannot be read. */
export function read_calendar(data: Json): Calendar {
  const held = typed(Calendar, data);
  if (!held.seasons.length) throw malformed("seasons");
  if (Math.abs(held.offset_minutes) >= DAY_MINUTES) throw malformed("offset_minutes");
  held.seasons.forEach(must_be_season);
  const days = [held.known_until, ...held.holidays.keys(), ...held.make_up.keys()];
  days.forEach((day) => must_be_day(day, "day"));
  if (![...held.make_up.values()].every((day) => day >= 0 && day <= 6)) {
    throw malformed("make_up");
  }
  return held;
}

/** The local day and the millisecond of that day. */
export function local(
  { offset_minutes }: Calendar, instant_ms: number,
): readonly [day: number, passed_ms: number] {
  const shifted = instant_ms + offset_minutes * MINUTE_MS;
  const day = Math.floor(shifted / DAY_MS);
  return [day, shifted - day * DAY_MS];
}

/** The local day of an instant, as policy writes it. */
export function day_name(calendar: Calendar, instant_ms: number): string {
  return named(local(calendar, instant_ms)[0]);
}

/** When this minute of this local day begins. */
export function instant(
  { offset_minutes }: Calendar, day: number, minute: number,
): number {
  return day * DAY_MS + (minute - offset_minutes) * MINUTE_MS;
}

/** The working hours of a local day. */
export function hours(calendar: Calendar, day: number): Hours {
  const when = named(day);
  if (calendar.holidays.has(when)) return [];
  const weekday = calendar.make_up.get(when) ?? (((day + 3) % 7) + 7) % 7;
  return season(calendar, when).week[weekday]!;
}

/** The season a day is in; early in the year it is the last one's. */
function season({ seasons }: Calendar, when: string): Season {
  const in_turn = [...seasons].sort((one, other) =>
    one.starts < other.starts ? -1 : one.starts > other.starts ? 1 : 0);
  const begun = in_turn.filter((one) => one.starts <= when.slice(5));
  return begun.at(-1) ?? in_turn.at(-1)!;
}

/** Whether work goes on at this instant; hours are half-open. */
export function is_working(calendar: Calendar, instant_ms: number): boolean {
  const [day, passed_ms] = local(calendar, instant_ms);
  return hours(calendar, day).some(([first, end]) =>
    first! * MINUTE_MS <= passed_ms && passed_ms < end! * MINUTE_MS);
}

/** Whether this local day has any working hours. */
export function is_working_day(calendar: Calendar, instant_ms: number): boolean {
  return hours(calendar, local(calendar, instant_ms)[0]).length > 0;
}

/** The earliest instant with this much working time since `instant_ms`. */
export function add_working_minutes(
  calendar: Calendar, instant_ms: number, minutes: number,
): number {
  return add_working_ms(calendar, instant_ms, minutes * MINUTE_MS);
}

/** The same, to the millisecond. */
export function add_working_ms(
  calendar: Calendar, instant_ms: number, working_ms: number,
): number {
  let left_ms = working_ms;
  if (left_ms <= 0) return instant_ms;
  for (const [first_ms, end_ms] of stretches(calendar, instant_ms)) {
    if (left_ms <= end_ms - first_ms) return first_ms + left_ms;
    left_ms -= end_ms - first_ms;
  }
  return instant_ms; // never: stretches have no end
}

/** How much working time lies between two instants. */
export function working_ms(calendar: Calendar, from_ms: number, until_ms: number): number {
  let found = 0;
  for (const [first_ms, end_ms] of stretches(calendar, from_ms)) {
    if (first_ms >= until_ms) break;
    found += Math.min(end_ms, until_ms) - first_ms;
  }
  return found;
}

/** The working time from an instant on, stretch by stretch, for ever. */
function* stretches(
  calendar: Calendar, instant_ms: number,
): Generator<readonly [number, number]> {
  for (let day = local(calendar, instant_ms)[0]; ; day += 1) {
    for (const [first, end] of hours(calendar, day)) {
      const first_ms = Math.max(instant(calendar, day, first!), instant_ms);
      const end_ms = instant(calendar, day, end!);
      if (first_ms < end_ms) yield [first_ms, end_ms];
    }
  }
}

/** When work ends on the n-th working day after the day of `start_ms`; that day itself is
 * not counted. With 0 days, on that day or else the next working one. */
export function working_days_later(
  calendar: Calendar, start_ms: number, days: number,
): number {
  let left = Math.max(days, 1);
  for (let day = local(calendar, start_ms)[0] + (days > 0 ? 1 : 0); ; day += 1) {
    const last = hours(calendar, day).at(-1);
    if (last !== undefined) left -= 1;
    if (last !== undefined && left === 0) return instant(calendar, day, last[1]!);
  }
}

/** When work ends on the first working day after this one (I3, R1). */
export function next_working_day_end(calendar: Calendar, instant_ms: number): number {
  return working_days_later(calendar, instant_ms, 1);
}

/** A day as policy writes it. A clock may claim any year; the last is 9999. */
export function named(day: number): string {
  // Years that begin in March put the leap day at their end.
  const since = Math.min(Math.max(day, FIRST), LAST) + 719_468;
  const age = Math.floor(since / 146_097); // of 400 years
  const of_age = since - age * 146_097;
  const leaps = Math.floor(of_age / 1_460) - Math.floor(of_age / 36_524)
    + Math.floor(of_age / 146_096);
  const year = Math.floor((of_age - leaps) / 365);
  const of_year = of_age - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const month = Math.floor((5 * of_year + 2) / 153);
  const of_month = of_year - Math.floor((153 * month + 2) / 5) + 1;
  const [whole_year, whole_month] = month < 10 ? [0, month + 3] : [1, month - 9];
  return [
    padded(400 * age + year + whole_year, 4), padded(whole_month, 2), padded(of_month, 2),
  ].join("-");
}

function padded(number: number, places: number): string {
  return String(number).padStart(places, "0");
}

/** Refuse policy data whose day is not written 2026-05-01. */
export function must_be_day(text: string, field: string): void {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day || month > 12 || day > days_in(year, month)) {
    throw malformed(field);
  }
}

function days_in(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Refuse minutes of the day that are not [from, to), in sequence and apart. */
export function must_be_stretches(spans: Hours, field: string): void {
  let before = 0;
  for (const [first, end, ...more] of spans) {
    if (first === undefined || end === undefined || more.length) throw malformed(field);
    if (first < before || first >= end || end > DAY_MINUTES) throw malformed(field);
    before = end;
  }
}

function must_be_season({ starts, week }: Season): void {
  must_be_day(`2000-${starts}`, "starts");
  if (week.length !== 7 || !week.some((day) => day.length)) throw malformed("week");
  week.forEach((day) => must_be_stretches(day, "week"));
}

export function malformed(field: string): Refused {
  return new Refused("policy_malformed", { field });
}
