// How long to wait before the next attempt.
//
// Never without end: as long as the app is open there is a next time. May not enter:
// timers, storage.

import { wait_ms } from "../../../../sync/exchange.ts";
import type { Report } from "./contact.ts";
import { NoAnswer } from "./transport.ts";

export const SOON_MS = 500; // after somebody wrote something: there may be more of it
const SILENT_MOST_MS = 8_000; // where nothing at all came back, of what is owed
const LONGEST_MS = 3_600_000; // whatever the server asks for
const HIDDEN_TIMES = 5; // seldom, where nobody is looking and nothing is owed

/** What came of an attempt, as far as it matters for the next. */
export interface Attempt {
  readonly report: Report | null; // null: no hello
  readonly why: unknown; // what was raised instead
  readonly owes: boolean;
  readonly failures: number; // in a row, this one included
  readonly looking: boolean; // is anybody in front of it?
}

/** The wait after this attempt; `chance` in [0, 1) spreads a herd (F25, F27). */
export function wait_after(one: Attempt, chance: number): number {
  const asked = one.report?.retry_after_ms ?? null;
  return Math.min(LONGEST_MS, Math.max(wanted(one, chance), asked ?? 0));
}

function wanted({ report, why, owes, failures, looking }: Attempt, chance: number): number {
  if (failures === 0 && report !== null) {
    if (owes) return SOON_MS;
    const usual = report.poll_ms * (0.9 + 0.2 * chance);
    return looking ? usual : usual * HIDDEN_TIMES;
  }
  const wait = wait_ms(failures, chance);
  const nobody = why instanceof NoAnswer && why.status === null;
  // Asking a line that is down costs nobody anything; a server that answers is spared.
  return nobody && looking && owes ? Math.min(wait, SILENT_MOST_MS * (0.5 + chance / 2)) : wait;
}
