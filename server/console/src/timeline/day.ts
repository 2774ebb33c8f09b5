// A day of a quarter-hour grid: where a stretch of time lies on it, and which stretches
// stand beside each other. Pure.
//
// May not enter: orders, how it is drawn.

export const SLOT_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
const [FROM_HOUR, TO_HOUR] = [7, 21];
const DAY_HOURS = 24;

/** A stretch of time, in milliseconds UTC. */
export interface Stretch {
  readonly start_ms: number;
  readonly end_ms: number;
}

/** `2026-11-22` of this instant, where the screen is. */
export function day_of(ms: number): string {
  const at = new Date(ms);
  const two = (one: number) => String(one).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The hours of that day that the grid shows: those of work, and whatever else of the day
 * something lies in. Today's if nothing sensible was said. */
export function span_of(
  day: string | null, now_ms: number, held: readonly Stretch[] = [],
): Stretch {
  const said = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? "");
  const at = said === null ? new Date(now_ms)
    : new Date(Number(said[1]), Number(said[2]) - 1, Number(said[3]));
  const midnight = at.setHours(0, 0, 0, 0);
  const hours = held.map(({ start_ms, end_ms }) => (
    [Math.floor((start_ms - midnight) / HOUR_MS), Math.ceil((end_ms - midnight) / HOUR_MS)] as const
  )).filter(([from, to]) => to > 0 && from < DAY_HOURS);
  const from = Math.max(0, Math.min(FROM_HOUR, ...hours.map(([one]) => one)));
  const to = Math.min(DAY_HOURS, Math.max(TO_HOUR, ...hours.map(([, one]) => one)));
  return { start_ms: midnight + from * HOUR_MS, end_ms: midnight + to * HOUR_MS };
}

/** The day so many days from that one. */
export function day_after(day: string, days: number): string {
  return day_of(span_of(day, 0).start_ms + days * 24 * HOUR_MS);
}

export function slots_of({ start_ms, end_ms }: Stretch): number {
  return (end_ms - start_ms) / SLOT_MS;
}

export function hours_of(span: Stretch): readonly number[] {
  const first = new Date(span.start_ms).getHours();
  return Array.from({ length: slots_of(span) / 4 }, (_one, index) => first + index);
}

/** Where a stretch lies on the grid, in hundredths; null if it lies beside it. */
export function lies(one: Stretch, span: Stretch) {
  const from = Math.max(one.start_ms, span.start_ms);
  const until = Math.min(one.end_ms, span.end_ms);
  if (until <= from) return null;
  const whole = span.end_ms - span.start_ms;
  return { left: (from - span.start_ms) / whole * 100, width: (until - from) / whole * 100 };
}

/** The same stretch so many quarters of an hour later. */
export function later<T extends Stretch>(one: T, slots: number): T {
  const by = slots * SLOT_MS;
  return { ...one, start_ms: one.start_ms + by, end_ms: one.end_ms + by };
}

/** Stretches that meet stand below each other: the lane of each, and how many there are. */
export function lanes(all: readonly Stretch[]): { readonly of: readonly number[]; readonly count: number } {
  const ends: number[] = [];
  const of = all.map(({ start_ms, end_ms }) => {
    const free = ends.findIndex((end) => end <= start_ms);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = end_ms;
    return lane;
  });
  return { of, count: Math.max(1, ends.length) };
}

/** The quarter-hour that this instant falls into. */
export function slot_of(ms: number): number {
  return Math.floor(ms / SLOT_MS) * SLOT_MS;
}
