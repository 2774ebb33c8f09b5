// The days that a technician may promise when the work cannot be finished now (V3), on the
// company's working calendar.
//
// A promise of a day means its end. May not enter: a clock.

import { N_ } from "../shared/words.ts";
import type { Calendar } from "../tablet/policy.ts";

export const PROMISES = ["now", "today", "tomorrow", "three_days"] as const;
export type Promised = (typeof PROMISES)[number];

export const PROMISE_WORDS: Readonly<Record<Promised, string>> = {
  now: N_("现在修完"), today: N_("今天"), tomorrow: N_("明天"), three_days: N_("3 个工作日"),
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MOST_DAYS = 60; // without any working hours a calendar says nothing

/** When this promise runs out; null if it is done now. */
export function promised_ms(
  promise: Promised, now_ms: number, calendar: Calendar,
): number | null {
  const today = local_day(now_ms, calendar);
  switch (promise) {
    case "now": return null;
    case "today": return end_of(today, calendar);
    case "tomorrow": return end_of(today + 1, calendar);
    case "three_days": return end_of(working_day_after(today, 3, calendar), calendar);
  }
}

/** The promise that this time stands for, as seen now; null if it is another day. */
export function promise_of(
  until_ms: number | null, now_ms: number, calendar: Calendar,
): Promised | null {
  return PROMISES.find((one) => promised_ms(one, now_ms, calendar) === until_ms) ?? null;
}

function working_day_after(day: number, count: number, calendar: Calendar): number {
  let [left, at] = [count, day];
  for (const most = day + MOST_DAYS; left > 0 && at < most;) {
    at += 1;
    if (is_working_day(at, calendar)) left -= 1;
  }
  return at;
}

/** Has this local day (days since 1970) any working hours? */
export function is_working_day(day: number, calendar: Calendar): boolean {
  const named = new Date(day * DAY_MS).toISOString().slice(0, 10);
  if (calendar.holidays.has(named)) return false;
  const in_turn = [...calendar.seasons].sort((one, other) => (one.starts < other.starts ? -1 : 1));
  const begun = in_turn.filter(({ starts }) => starts <= named.slice(5));
  const season = begun.at(-1) ?? in_turn.at(-1);
  const weekday = calendar.make_up.get(named) ?? (((day + 3) % 7) + 7) % 7;
  return (season?.week[weekday]?.length ?? 0) > 0;
}

function local_day(at_ms: number, { offset_minutes }: Calendar): number {
  return Math.floor((at_ms + offset_minutes * MINUTE_MS) / DAY_MS);
}

function end_of(day: number, { offset_minutes }: Calendar): number {
  return (day + 1) * DAY_MS - offset_minutes * MINUTE_MS;
}
