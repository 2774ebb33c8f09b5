// Several facts told by one tap, one after the other, and the order looked at anew.
//
// A tablet may die between two of them: whoever tells asks the order first what it knows
// already, so that the same tap again tells the rest. May not enter: what is told.

import type { Fact, What } from "../../../../sync/facts.ts";
import { Refused } from "../../../../sync/problems.ts";
import type { Check } from "../guidance.ts";
import { renew } from "../renewing.ts";
import { tell_person } from "../shared/notice.ts";
import { explain } from "../shared/wording.ts";
import { tablet } from "../state.ts";
import type { Handed, Words } from "../tablet/client.ts";
import { written } from "./draft.ts";

export interface Saying {
  readonly what: What;
  readonly words?: Words;
  readonly blobs?: Readonly<Record<string, Handed>>;
  readonly check?: Check;
}

/** Tell these of the order; the drafts named end with the last of them. What is refused is
 * said in one sentence, and what stood before it stays told. The facts; null if refused. */
export async function tell_all(
  stream: string, sayings: readonly Saying[], ends: readonly string[] = [],
): Promise<readonly Fact[] | null> {
  const told = await attempt(async () => {
    await Promise.all(ends.map(written));
    const facts: Fact[] = [];
    for (const [at, one] of sayings.entries()) {
      facts.push(await tell_one(stream, one, at === sayings.length - 1 ? ends : []));
    }
    if (!sayings.length) for (const name of ends) await tablet().keep_draft(name, undefined);
    return facts;
  });
  if (told?.length) navigator.vibrate?.(30);
  await renew();
  return told;
}

function tell_one(stream: string, one: Saying, ends: readonly string[]): Promise<Fact> {
  const how = { ends, ...one.check ? { check: one.check } : {} };
  return tablet().tell(stream, one.what, given(one.words), one.blobs ?? {}, how);
}

/** Do this; what is refused is said in one sentence, and null is answered. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (why) {
    if (!(why instanceof Refused)) throw why;
    tell_person({ words: explain(why), grave: true });
    return null;
  }
}

/** Words that are not empty. */
function given(words: Words = {}): Words {
  return Object.fromEntries(Object.entries(words).filter(([, said]) => said !== ""));
}
