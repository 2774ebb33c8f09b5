// A canned payload as what it says.
//
// May not enter: anything that is not canned.

import type { KindName, What } from "../../../../sync/facts.ts";
import { PAYLOADS } from "../../../../sync/exported/payloads.ts";
import type { Json } from "../../../../sync/json.ts";
import { typed } from "../../../../sync/plain.ts";

/** The kind and what it says, read as if it had come over the wire. */
export function understood(kind: string, says: Json): What {
  const shape = PAYLOADS[kind as KindName];
  return { kind, says: typed<object, never>(shape as never, says) } as What;
}
