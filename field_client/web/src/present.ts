// Who holds the tablet, what the policy says, and what each order still owes the server:
// signals beside those of `state.ts`, renewed whenever these change.
//
// May not enter: how something looks, writing.

import { effect, signal } from "@preact/signals";

import { Refused } from "../../../sync/problems.ts";
import { owing_of, type Owing } from "./owing.ts";
import { shelves } from "./renewing.ts";
import { holding, sights, tablet } from "./state.ts";
import { read_policy, type Policy } from "./tablet/policy.ts";

/** The person whose tablet it is now; empty if nobody is in. */
export const me = signal("");
export const policy = signal<Policy>(read_policy(null));

/** What each order owes, by stream. */
export const owing = signal<ReadonlyMap<string, Owing>>(new Map());

let following = false;

/** From now on, follow what the tablet holds. Once is enough. */
export function follow(): void {
  if (following) return;
  following = true;
  effect(() => {
    void [sights.value, holding.value];
    void renew();
  });
}

async function renew(): Promise<void> {
  const { store } = tablet();
  const [facts, originals, shelved] = await Promise.all([
    store.outbox.facts(), store.outbox.originals(), shelves(),
  ]);
  owing.value = owing_of(facts, originals, shelved);
  policy.value = await tablet().policy();
  me.value = await whoever();
}

async function whoever(): Promise<string> {
  try {
    return (await tablet().who()).actor;
  } catch (why) {
    if (why instanceof Refused) return "";
    throw why;
  }
}
