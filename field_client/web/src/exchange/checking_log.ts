// The server's book goes on from where it was: nothing changed, nothing taken out. The twin
// of `checking_log.py`.
//
// Each head must be shown to go on from the one before. A server that shows another history
// is not exchanged with: everything stays here, and what it signed is kept as evidence (X7,
// X8). May not enter: how a proof is checked (`sync/heads.ts`).

import {
  ANOTHER_HISTORY, goes_on, is_head, type LogHead,
} from "../../../../sync/heads.ts";
import { is_list, is_object, type Json } from "../../../../sync/json.ts";
import { Refused } from "../../../../sync/problems.ts";
import { keep_heads, known_heads, type Known } from "../store/heads.ts";
import type { Exchanging } from "./contact.ts";
import { trusted_keys } from "./server_keys.ts";
import { Answered } from "./transport.ts";

/** Is the newest head that was heard of proven to go on from the one that is kept? Then that
 * one is kept. Refused: `another_history`. */
export async function check_log(exchange: Exchanging): Promise<void> {
  const { head: shown } = exchange;
  const known = known_heads();
  if (shown === null) {
    if (known.head !== null) exchange.report.trouble("check_log", "log_silent");
    return;
  }
  if (known.head !== null && same(known.head, shown)) return;
  const path = await path_between(exchange, known.head, shown);
  if (!await holds(exchange, known, shown, path)) object(known, shown);
  keep_heads({ ...known, head: shown });
}

function same(held: LogHead, shown: LogHead): boolean {
  return held.epoch === shown.epoch && held.size === shown.size && held.root === shown.root;
}

/** What the server says to prove it; a server that cannot has proven nothing. */
async function path_between(
  { door }: Exchanging, held: LogHead | null, shown: LogHead,
): Promise<readonly string[]> {
  if (held === null || held.size === 0 || held.size >= shown.size) return [];
  const asked = new URLSearchParams({ old: String(held.size), new: String(shown.size) });
  try {
    return path_in(await door.ask_json("GET", `/v1/log/consistency?${asked}`));
  } catch (no) {
    if (no instanceof Answered && no.status === 404) return [];
    throw no;
  }
}

function path_in(answer: Json): readonly string[] {
  const path = is_object(answer) ? answer.get("path") : undefined;
  return path !== undefined && is_list(path) ? path.map(String) : [];
}

async function holds(
  { door, store }: Exchanging, known: Known, shown: LogHead, path: readonly string[],
): Promise<boolean> {
  const trusted = await trusted_keys(known.keys, door.who.server_key);
  if (!await is_head(trusted, shown)) return false;
  if (known.head === null) return true;
  return goes_on(known.head, shown, path, await store.vouchers.epochs());
}

function object(known: Known, shown: LogHead): never {
  const held = known.head ?? shown;
  if (!known.evidence.some((one) => same(one.shown, shown))) {
    keep_heads({ ...known, evidence: [...known.evidence, { held, shown }] });
  }
  throw new Refused(ANOTHER_HISTORY, { size: String(held.size) });
}
