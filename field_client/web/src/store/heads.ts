// What the tablet keeps of its server's word on the whole book, and of its keys. The twin of
// `heads.py`.
//
// It lies beside the databases, as the memory of the outbox does; it may be lost, and then
// the next head is believed. May not enter: deciding whether a head holds.

import { KeyWord, LogHead } from "../../../../sync/heads.ts";
import { is_list, read_json, write_json, type Json } from "../../../../sync/json.ts";
import { typed } from "../../../../sync/plain.ts";

const KEPT = "doorstep.heads";
const MOST_EVIDENCE = 20;

/** Two heads that this server signed and that cannot both be true. */
export interface Evidence {
  readonly held: LogHead;
  readonly shown: LogHead;
}

export interface Known {
  readonly head: LogHead | null;
  readonly keys: readonly KeyWord[];
  readonly evidence: readonly Evidence[];
}

const NOTHING: Known = { head: null, keys: [], evidence: [] };

/** What is kept; nothing, if it cannot be read. */
export function known_heads(): Known {
  const text = localStorage.getItem(KEPT);
  if (text === null) return NOTHING;
  try {
    const held = read_json(text, null);
    const head = held.get("head") ?? null;
    return {
      head: head === null ? null : typed(LogHead, head),
      keys: items(held.get("keys")).map((one) => typed(KeyWord, one)),
      evidence: items(held.get("evidence")).map((one) => {
        const [before, after] = items(one);
        return { held: typed(LogHead, before ?? null), shown: typed(LogHead, after ?? null) };
      }),
    };
  } catch {
    return NOTHING;
  }
}

/** Keep this. */
export function keep_heads({ head, keys, evidence }: Known): void {
  const pairs = evidence.slice(-MOST_EVIDENCE)
    .map(({ held, shown }) => [LogHead.write(held), LogHead.write(shown)]);
  const said = new Map<string, Json>([
    ["head", head === null ? null : LogHead.write(head)],
    ["keys", keys.map(KeyWord.write)], ["evidence", pairs],
  ]);
  localStorage.setItem(KEPT, write_json(said));
}

function items(value: Json | undefined): readonly Json[] {
  return value !== undefined && is_list(value) ? value : [];
}
