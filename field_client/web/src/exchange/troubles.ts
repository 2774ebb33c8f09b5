// What ends an exchange and is nobody's mistake: no line, a no, a tablet that is full.
//
// May not enter: what follows from it.

import { Refused } from "../../../../sync/problems.ts";
import type { Trouble } from "./contact.ts";
import { Answered, NoAnswer } from "./transport.ts";

export function is_trouble(why: unknown): why is NoAnswer | Answered | Refused {
  return why instanceof NoAnswer || why instanceof Answered || why instanceof Refused;
}

/** As people are told of it. */
export function trouble_of(why: unknown): Trouble {
  if (why instanceof Answered) {
    const words = String(why.problem["detail"] ?? "");
    return { stage: "hello", code: why.code || String(why.status), words };
  }
  const code = why instanceof Refused ? why.code : "no_answer";
  return { stage: "hello", code, words: why instanceof Error ? why.message : "" };
}

/** How long the server wants to be left alone. */
export function asked_ms(why: unknown): number {
  return why instanceof Answered ? why.retry_after_ms ?? 0 : 0;
}
