// One exchange: hello, then stages, each as far as it gets. The twin of `exchange.py`.
//
// A stage that fails holds up no other; what did not get through stays for the next time.
// To add a stage, write it in a module of its own and list it. May not enter: when to
// exchange, screens.

import { Lane } from "../../../../sync/exchange.ts";
import { ANOTHER_HISTORY } from "../../../../sync/heads.ts";
import { Refused } from "../../../../sync/problems.ts";
import { check_log } from "./checking_log.ts";
import type { Exchanging, Report } from "./contact.ts";
import { hand_in, LANE } from "./handing_in.ts";
import { look_back } from "./looking_back.ts";
import { send_photos, send_signatures } from "./originals.ts";
import { purge } from "./purging.ts";
import { take_home, take_policy } from "./taking_home.ts";
import { take_pictures } from "./taking_pictures.ts";
import { Answered, NoAnswer } from "./transport.ts";

/** A stage and the name under which its troubles are told; the name outlives a build. */
export type Stage = readonly [name: string, run: (exchange: Exchanging) => Promise<void>];

const REVOKED = "device_revoked";
const TOKEN_UNKNOWN = "token_unknown";

const CHECK: Stage = ["check_log", check_log];
export const HOME: readonly Stage[] = [
  CHECK, ["take_policy", take_policy], ["take_home", take_home], CHECK,
];
export const EVERYTHING: readonly Stage[] = [
  CHECK,
  ["look_back", look_back],
  ["hand_in", hand_in],
  ...HOME.slice(1),
  ["send_signatures", send_signatures],
  ["take_pictures", take_pictures],
  ["send_photos", send_photos],
  ["purge", purge],
];
export const LANES = [LANE, "signatures", "photos"] as const;

/** Hello, then the stages. Only a hello without an answer is raised: then nothing was done
 * at all. */
export async function exchange_once(
  exchange: Exchanging, stages: readonly Stage[] = EVERYTHING, { again = false } = {},
): Promise<Report> {
  if (again) await clear_shelves(exchange);
  await exchange.hello();
  for (const [name, stage] of stages) {
    try {
      await attempt(exchange, stage);
    } catch (error) {
      if (error instanceof NoAnswer) {
        exchange.report.trouble(name, "no_answer", error.message);
      } else if (error instanceof Answered) {
        note(exchange.report, name, error);
        if (error.code === REVOKED) await exchange.projection.wipe();
        if (error.status === 401) break;
      } else if (error instanceof Refused) {
        // A full tablet takes no documents home, and must hand in photos to get room.
        exchange.report.trouble(name, error.code, error.message);
        if (error.code === ANOTHER_HISTORY) break; // nothing is handed to it, nothing taken
      } else {
        throw error;
      }
    }
  }
  return exchange.report;
}

/** The stage, and once more after a new hello if the token is no longer known. */
async function attempt(exchange: Exchanging, stage: Stage[1]): Promise<void> {
  try {
    await stage(exchange);
  } catch (no) {
    const aged = no instanceof Answered && no.status === 401 && no.code === TOKEN_UNKNOWN;
    if (!aged) throw no;
    await exchange.hello();
    await stage(exchange);
  }
}

function note(report: Report, stage: string, no: Answered): void {
  report.trouble(stage, no.code || String(no.status), String(no.problem["detail"] ?? ""));
  if (no.retry_after_ms !== null) {
    report.retry_after_ms = Math.max(report.retry_after_ms ?? 0, no.retry_after_ms);
  }
}

/** People ask for everything to be tried anew. */
async function clear_shelves({ store, projection }: Exchanging): Promise<void> {
  await store.outbox.offer_again();
  for (const name of LANES) {
    const lane = await projection.lane(name);
    await projection.keep_lane(name, new Lane({ ...lane, shelf: new Set(), aside: [] }));
  }
}
