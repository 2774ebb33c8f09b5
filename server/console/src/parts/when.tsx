// When something happened: the time that is probable, how sure it is in plain words, and the
// stretch in which it surely lies (V2).
//
// May not enter: decisions about promises, requests.

import { at, GRADES } from "#shared/wording.ts";
import { _, language } from "#shared/words.ts";
import type { StoryMoment } from "../story.ts";

const MINUTE_MS = 60_000;
const LATE_MS = 10 * MINUTE_MS; // what reaches the server later was written without a line

/** A moment on one line; what it rests on stands behind it, in words. */
export function When({ moment, received_ms, day = "" }: {
  readonly moment: StoryMoment | null; readonly received_ms: number;
  readonly day?: string; // under whose heading it stands: not said again
}) {
  if (moment === null) return <span class="moment">{_("时间不详")}</span>;
  const [first, end] = probable(moment);
  const surely = surely_text(moment);
  return (
    <span class="moment">
      <time class="num" dateTime={first === null ? undefined : new Date(first).toISOString()}>
        {stretch(first, end, day)}
      </time>
      <span class={`grade ${moment.grade}`}>{_(GRADES[moment.grade])}</span>
      {surely !== "" && <span class="muted">{surely}</span>}
      {is_late(moment, received_ms) && (
        <span class="muted">{_("离线记录，{at} 收到", { at: short(received_ms, day) })}</span>
      )}
    </span>
  );
}

/** Where a moment probably lies; where it surely lies, if nothing closer is known. */
export function probable(moment: StoryMoment): readonly [number | null, number | null] {
  return moment.estimate_first_ms === null || moment.estimate_end_ms === null
    ? [moment.first_ms, moment.end_ms]
    : [moment.estimate_first_ms, moment.estimate_end_ms];
}

/** A stretch as short as it may be said: one minute, one day's clock times, two dates. */
export function stretch(first: number | null, end: number | null, day = ""): string {
  if (first === null && end === null) return _("时间不详");
  if (end === null) return _("{at} 之后", { at: short(first ?? 0, day) });
  if (first === null) return _("{at} 之前", { at: short(end, day) });
  const last = Math.max(first, end - 1);
  const [from, to] = [short(first, day), short(last, day_of(first))];
  return from.slice(-5) === to ? from : `${from}–${to}`;
}

/** An instant; on a day that is known already, its clock time alone. */
function short(ms: number, day: string): string {
  return day_of(ms) === day ? at(ms).slice(-5) : at(ms);
}

/** The stretch that is proven, where it says more than the probable one. */
function surely_text(moment: StoryMoment): string {
  const [first, end] = probable(moment);
  if (moment.first_ms === null && moment.end_ms === null) return "";
  const said = stretch(moment.first_ms, moment.end_ms);
  return said === stretch(first, end) ? "" : _("可证明在 {stretch}", { stretch: said });
}

function is_late(moment: StoryMoment, received_ms: number): boolean {
  const [, end] = probable(moment);
  return end !== null && received_ms - end > LATE_MS;
}

/** The day of an instant, where the reader is, with its year: what is printed outlives it. */
export function day_of(ms: number): string {
  return new Intl.DateTimeFormat(language.value, {
    year: "numeric", month: "long", day: "numeric", weekday: "short",
  }).format(ms);
}

/** The zone of all times on a page; what is printed is read elsewhere. */
export function zone_text(now_ms: number): string {
  const minutes = -new Date(now_ms).getTimezoneOffset();
  const [sign, size] = [minutes < 0 ? "−" : "+", Math.abs(minutes)];
  const two = (n: number) => String(n).padStart(2, "0");
  return `UTC${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
