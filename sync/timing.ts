// When something happened, as far as the clocks involved can say.
//
// The twin of `timing.py`; both meet tests/vectors/timing.json. Exact as long as no clock
// shows more than 2^51 milliseconds from 1970 (the year 73000), whatever a device claims
// up to there; Python's own integers have no end. May not enter: a clock, the network, any
// decision about promises.

import {
  ALWAYS, DAY_MS, hull, meet, MINUTE_MS, Moment, span, width_ms, worse,
  type Grade, type Span,
} from "./moment.ts";
import { NOBODY, type Anchor, type Reading, type Witness } from "./reading.ts";

export { minute_of, type Grade, type Span } from "./moment.ts";
export {
  hello_anchor, own_witness, read_clocks, Reading, token_anchor,
  type Anchor, type Witness,
} from "./reading.ts";

/** What is assumed of clocks and networks; `slack_ms` includes the server's skew. */
export interface TimingPolicy {
  readonly drift_ppm: number;
  readonly slack_ms: number;
  readonly skew_ms: number; // the server's clock is at most this wrong
  readonly transit_ms: number; // a contact whose way nobody measured
  readonly off_ms: number; // a wall clock further off than this is remarked
  readonly lost_ms: number; // further off than this, a clock has lost its date
  readonly widths: ReadonlyArray<readonly [most_ms: number, grade: Grade]>;
}

export const ASSUMED: TimingPolicy = {
  drift_ppm: 200,
  slack_ms: 2_000,
  skew_ms: 1_000,
  transit_ms: 10_000,
  off_ms: 2 * MINUTE_MS,
  lost_ms: 30 * DAY_MS,
  widths: [[DAY_MS, "A"], [7 * DAY_MS, "B"]],
};

/** When the act happened, from its reading and what the server swears to.
 *
 * The truth lies in the bracket whatever the device says. It lies in the estimate if clocks
 * drift no more than assumed and the clock that was used did not step; with a contact on
 * either side, not even one step between them puts the truth outside. */
export function assess(
  reading: Reading, witness: Witness = NOBODY, policy: TimingPolicy = ASSUMED,
): Moment {
  const bracket = bracket_of(witness, policy);
  const { walls, boots } = sightings(reading, witness, policy);
  const estimate = estimate_of(boots.length ? boots : walls, bracket);
  const stepped = common([bracket, ...walls, ...boots]) === null;
  const grade = grade_of(estimate, bracket, walls.length, stepped, policy);
  const stretch = estimate && (grade === "A" || grade === "B") ? estimate : bracket;
  return Moment.make({
    earliest_ms: stretch.first_ms,
    latest_ms: stretch.end_ms,
    not_before_ms: bracket.first_ms,
    not_after_ms: bracket.end_ms,
    claimed_ms: reading.wall_ms,
    grade,
    basis: basis_of(grade, boots.length > 0),
    remarks: remarks_of(reading, witness, bracket, walls, stepped, policy),
  });
}

/** The best that a bracket of this width allows. */
export function best_grade(policy: TimingPolicy, width: number): Grade {
  return policy.widths.find(([most_ms]) => width <= most_ms)?.[1] ?? "C";
}

/** How wrong a clock can be about a stretch that it measured. */
export function drift_ms(policy: TimingPolicy, elapsed_ms: number): number {
  // the product is too long for a number of JavaScript
  const product = BigInt(Math.abs(elapsed_ms)) * BigInt(policy.drift_ppm);
  return Number(product / BigInt(1_000_000 - policy.drift_ppm)) + 1;
}

/** The proven bracket. A server that contradicts itself proves only the hull. */
function bracket_of(witness: Witness, policy: TimingPolicy): Span {
  let [first, last] = [witness.not_before_ms, witness.not_after_ms];
  if (first !== null && last !== null) {
    [first, last] = [Math.min(first, last), Math.max(first, last)];
  }
  return span(
    first === null ? null : first - policy.skew_ms,
    last === null ? null : last + policy.skew_ms + 1,
  );
}

/** Where each contact puts the act, by the wall clock and by the boot clock. */
function sightings(
  reading: Reading, witness: Witness, policy: TimingPolicy,
): { walls: Span[]; boots: Span[] } {
  const walls: Span[] = [];
  const boots: Span[] = [];
  for (const [anchor, way] of [[witness.before, 1], [witness.after, -1]] as const) {
    if (anchor === null) continue;
    walls.push(sighting(anchor, way, reading.wall_ms - anchor.wall_ms, policy));
    const elapsed = boot_elapsed(reading, anchor);
    if (elapsed !== null) boots.push(sighting(anchor, way, elapsed, policy));
  }
  return { walls, boots };
}

/** Milliseconds of boot clock since the contact; null across a restart. */
function boot_elapsed(reading: Reading, anchor: Anchor): number | null {
  if (reading.boot === null || reading.boot !== anchor.boot) return null;
  if (reading.boot_ms === null || anchor.boot_ms === null) return null;
  return reading.boot_ms - anchor.boot_ms;
}

/** The act, `elapsed_ms` of device clock away from this contact. */
function sighting(
  anchor: Anchor, way: 1 | -1, elapsed_ms: number, policy: TimingPolicy,
): Span {
  const way_ms = longest_way_ms(anchor, policy);
  const margin = drift_ms(policy, elapsed_ms) + policy.slack_ms;
  const there = anchor.server_ms + elapsed_ms;
  const first = there - margin - (way < 0 ? way_ms : 0);
  const end = there + margin + (way > 0 ? way_ms : 0) + 1;
  return span(first, end);
}

/** How long the contact was on its way at most. */
function longest_way_ms(anchor: Anchor, policy: TimingPolicy): number {
  if (anchor.rtt_ms === null || anchor.rtt_ms < 0) return policy.transit_ms;
  return anchor.rtt_ms;
}

/** The hull of sightings that agree, inside the bracket; null if they do not.
 *
 * The hull, not what they share: if the clock stepped by less than shows, one of the two
 * contacts is still right. */
function estimate_of(spans: readonly Span[], bracket: Span): Span | null {
  if (!spans.length || common([bracket, ...spans]) === null) return null;
  return meet(spans.reduce(hull), bracket);
}

/** What all of them allow; null if that is nothing. */
function common(spans: readonly Span[]): Span | null {
  let held: Span | null = ALWAYS;
  for (const one of spans) held = held && meet(held, one);
  return held;
}

/** What the clocks say the estimate is worth, capped by the bracket's width. */
function grade_of(
  estimate: Span | null, bracket: Span, contacts: number, stepped: boolean,
  policy: TimingPolicy,
): Grade {
  const open = bracket.first_ms === null && bracket.end_ms === null;
  const fallback = open ? "D" : "C";
  if (estimate === null) return fallback;
  const sure = contacts === 2 && width_ms(bracket) !== null && !stepped;
  const grade = worse(sure ? "A" : "B", best_grade(policy, reach_ms(estimate, bracket)));
  return grade === "C" ? fallback : grade;
}

/** The bracket's width; where a side is open, as far as the estimate reaches. An estimate
 * is closed on both sides. */
function reach_ms(estimate: Span, bracket: Span): number {
  const first = bracket.first_ms ?? estimate.first_ms;
  const end = bracket.end_ms ?? estimate.end_ms;
  return (end ?? 0) - (first ?? 0);
}

/** Which evidence the interval rests on. */
function basis_of(grade: Grade, by_boot: boolean): string | null {
  if (grade === "D") return null;
  if (grade === "C") return "bracket";
  return by_boot ? "boot" : "wall";
}

/** What an auditor should know about the clocks. None of these accuses by itself. */
function remarks_of(
  reading: Reading, witness: Witness, bracket: Span, walls: readonly Span[],
  stepped: boolean, policy: TimingPolicy,
): readonly string[] {
  const claimed = reading.wall_ms;
  const unbelievable = meet(around(claimed, policy.off_ms), bracket) === null;
  const lost = meet(around(claimed, policy.lost_ms), bracket) === null;
  const explained = witness.before === null || walls.some((one) => meet(one, bracket));
  const off = [witness.before, witness.after].some((anchor) => is_off(anchor, policy));
  const codes: ReadonlyArray<readonly [string, boolean]> = [
    ["clock_stepped", stepped],
    ["outside_bracket", unbelievable && !explained && !lost],
    ["clock_lost", lost],
    ["clock_off", off || unbelievable],
    ["server_clock", contradicts_itself(witness, policy)],
  ];
  return codes.filter(([, so]) => so).map(([code]) => code);
}

function around(instant_ms: number, margin_ms: number): Span {
  return span(instant_ms - margin_ms, instant_ms + margin_ms + 1);
}

/** Whether the wall clock was visibly wrong at this contact. */
function is_off(anchor: Anchor | null, policy: TimingPolicy): boolean {
  if (anchor === null) return false;
  const offset_ms = Math.abs(anchor.wall_ms - anchor.server_ms);
  return offset_ms > policy.off_ms + longest_way_ms(anchor, policy);
}

/** Whether the server's clock ran backwards by more than its own bound. */
function contradicts_itself(witness: Witness, policy: TimingPolicy): boolean {
  const [first, last] = [witness.not_before_ms, witness.not_after_ms];
  if (first === null || last === null) return false;
  return first > last + 2 * policy.skew_ms;
}
