// An exchange for whoever uses this tablet, or used it last.
//
// May not enter: when to exchange, what its stages are.

import type { Store } from "../store/store.ts";
import type { Clocks } from "../tablet/clocks.ts";
import { Exchanging, quiet, type Watch } from "./contact.ts";
import { Door } from "./door.ts";
import { http_call, type Call } from "./transport.ts";

/** What an exchange is made of. `call` reaches the server; without it, HTTP does. */
export interface Parts {
  readonly store: Store;
  readonly clocks: Clocks;
  readonly call?: Call;
}

/** An exchange that may begin; null before the tablet was enrolled. */
export async function begin(
  { store, clocks, call }: Parts, watch: Watch = quiet, stop?: AbortSignal,
): Promise<Exchanging | null> {
  const person = await store.persons.last();
  const key = await store.outbox.held_key();
  if (person === null || key === null) return null;
  const who = person.enrolment;
  const door = await Door.to(call ?? http_call(who.server), who, key, stop);
  return new Exchanging(store, door, clocks, watch);
}
