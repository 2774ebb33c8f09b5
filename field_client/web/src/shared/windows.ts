// Times of a day that can be agreed with one tap.
//
// May not enter: a clock; the zone is the tablet's.

export const DAY_MS = 86_400_000;

export interface Window {
  readonly start_ms: number;
  readonly end_ms: number;
  readonly words: string;
}

const HOURS: ReadonlyArray<readonly [from: number, to: number]> = [
  [8, 10], [10, 12], [14, 16], [16, 18], [18, 20],
];

/** The windows of the day that is this many days from now; of today, those not over yet. */
export function windows_of(now_ms: number, days: number): readonly Window[] {
  const midnight = new Date(now_ms + days * DAY_MS).setHours(0, 0, 0, 0);
  return HOURS.map(([from, to]) => ({
    start_ms: midnight + from * 3_600_000, end_ms: midnight + to * 3_600_000,
    words: `${two(from)}:00–${two(to)}:00`,
  })).filter((one) => one.end_ms > now_ms);
}

function two(hour: number): string {
  return String(hour).padStart(2, "0");
}
