// Write down what a tap says, and show it: one fact, then the order anew.
//
// A refusal is one sentence on the screen, never a lost tap. May not enter: what a step asks.

import type { KindName, Payload, What } from "../../../sync/facts.ts";
import { Refused } from "../../../sync/problems.ts";
import { renew } from "./renewing.ts";
import { tell_person } from "./shared/notice.ts";
import { explain } from "./shared/wording.ts";
import { tablet } from "./state.ts";
import type { Handed, Telling, Words } from "./tablet/client.ts";

/** Where a fact goes, and what goes with it. */
export interface Along extends Telling {
  readonly words?: Words;
  readonly blobs?: Readonly<Record<string, Handed>>;
}

/** Write down that this happened. The fact's id; null, and a sentence shown, if it was
 * refused. */
export async function record<K extends KindName>(
  stream: string, kind: K, says: Payload<K>, { words = {}, blobs = {}, ...telling }: Along = {},
): Promise<string | null> {
  try {
    const what = { kind, says } as unknown as What; // one row of the table of kinds
    const fact = await tablet().tell(stream, what, words, blobs, telling);
    if (kind !== "dispatch.seen") navigator.vibrate?.(30); // nobody tapped for that
    await renew();
    return fact.envelope.id;
  } catch (why) {
    if (!(why instanceof Refused)) throw why;
    tell_person({ words: explain(why), grave: true });
    return null;
  }
}

/** The same, with words that go by and a way to take it back. */
export async function record_undoable<K extends KindName>(
  stream: string, kind: K, says: Payload<K>, said: string, along: Along = {},
): Promise<boolean> {
  const fact = await record(stream, kind, says, along);
  if (fact === null) return false;
  const undo = async () => { await take_back(stream, fact); };
  tell_person({ words: said, undo });
  return true;
}

/** What this fact says was a slip of the finger. */
export async function take_back(stream: string, fact: string, reason = "误触"): Promise<void> {
  await record(stream, "work.retracted", { fact, reason });
}
