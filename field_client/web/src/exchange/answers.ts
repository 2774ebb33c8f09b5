// Reading the server's answers. The twin of `answers.py`.
//
// A field that this version does not know is passed over, so that a newer server can say
// more; one that is missing makes it no answer. May not enter: how an answer came, whether
// it is to be believed.

import {
  Document, Gone, Limits, Outcomes, Page, Receipt, Welcome,
} from "../../../../sync/exchange.ts";
import { is_list, is_object, type Json, type JsonObject } from "../../../../sync/json.ts";
import type { RecordShape } from "../../../../sync/plain.ts";
import { Refused } from "../../../../sync/problems.ts";
import { NoAnswer } from "./transport.ts";
import { Walk } from "./walking.ts";

/** The record in a believed answer; what cannot be read is as good as none. */
export function understood<T extends object, D extends keyof T>(
  shape: RecordShape<T, D>, value: Json,
): T {
  const known = new Map(an_object(value));
  for (;;) {
    try {
      return shape.read(known, shape.record);
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      const surplus = why.code === "field_unknown" ? String(why.facts["field"]) : null;
      if (surplus !== null && known.delete(surplus)) continue;
      throw new NoAnswer(`${shape.record}: ${why.message}`);
    }
  }
}

/** The answer, if it is a JSON object; anything else is as good as none. */
export function an_object(value: Json | undefined): JsonObject {
  if (!is_object(value)) throw new NoAnswer("not an object");
  return value;
}

/** The answer to hello. */
export function read_welcome(answer: Json): Welcome {
  const value = an_object(answer);
  const limits = understood(Limits, value.get("limits") ?? new Map());
  return understood(Welcome, new Map([...value, ["limits", Limits.write(limits)]]));
}

/** The answer to push. A receipt that cannot be read is passed over: its fact is handed in
 * again, and the others stand. */
export function read_outcomes(answer: Json): Outcomes {
  const rest = understood(Outcomes, new Map([...an_object(answer), ["receipts", []]]));
  return { ...rest, receipts: read_receipts(answer) };
}

/** The receipts in an answer to push or have. */
export function read_receipts(answer: Json): readonly Receipt[] {
  const held = an_object(answer).get("receipts");
  return (is_list(held) ? held : []).flatMap((one) => {
    try {
      return [understood(Receipt, one)];
    } catch (why) {
      if (why instanceof NoAnswer) return [];
      throw why;
    }
  });
}

/** The answer to pull. Each order's text is kept as it was sent: after a restore it is
 * handed back, and the server knows it by its mark. */
export function read_page(text: string): Page {
  const head = new Map<string, Json>();
  const documents: Document[] = [];
  const walk = new Walk(text);
  try {
    for (const name of walk.members()) {
      if (name !== "documents") head.set(name, walk.value());
      else for (const _ of walk.items()) documents.push(read_written(walk));
    }
  } catch (why) {
    throw why instanceof Refused ? new NoAnswer(`Page: ${why.message}`) : why;
  }
  const gone = head.get("gone") ?? [];
  head.delete("gone");
  return {
    ...understood(Page, head), documents,
    gone: is_list(gone) ? gone.map((one) => understood(Gone, one)) : [],
  };
}

/** One order's document; the order itself is kept as it came. */
export function read_document(value: Json): Document {
  return understood(Document, value);
}

/** The document that stands here, with its order's exact text. */
function read_written(walk: Walk): Document {
  const value = new Map<string, Json>();
  let text = "";
  for (const name of walk.members()) {
    const [held, written] = walk.written();
    value.set(name, held);
    if (name === "order") text = written;
  }
  return { ...read_document(value), text };
}
