// What every screen reads: the minute, the people, which dialog is open.
//
// May not enter: the orders of the board (`board/live.ts`), how something looks.

import { signal } from "@preact/signals";

import { get } from "./api.ts";
import type { Person } from "./shapes.ts";

const MINUTE_MS = 60_000;

/** How far this machine's clock is behind the server's; countdowns go by the server's. */
let behind_ms = 0;

/** The minute that countdowns are shown for: one tick a minute, and on looking again. */
export const now_ms = signal(Date.now());

/** The server's time now, as far as its last answer tells. */
export function server_now_ms(): number {
  return Date.now() + behind_ms;
}

/** The server said when its answer is of. */
export function keep_time(as_of_ms: number): void {
  const was = behind_ms;
  behind_ms = as_of_ms - Date.now();
  if (Math.abs(behind_ms - was) > MINUTE_MS / 2) now_ms.value = server_now_ms();
}

function tick(): void {
  now_ms.value = server_now_ms();
  setTimeout(tick, MINUTE_MS - (now_ms.value % MINUTE_MS));
}
tick();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) now_ms.value = server_now_ms();
});

/** Everybody whom a screen may have to name. */
export const people = signal<ReadonlyMap<string, Person>>(new Map());

/** Learn who is there; a list as long as it takes. */
export async function learn_people(): Promise<void> {
  const found = new Map<string, Person>();
  let after: string | null = null;
  do {
    const page: { readonly people: readonly Person[]; readonly next: string | null } =
      await get("/v1/people", { limit: 500, after });
    for (const one of page.people) found.set(one.id, one);
    after = page.next;
  } while (after !== null);
  people.value = found;
}

/** A person's name; the account where the name is not known. */
export function name_of(id: string | null): string {
  return id === null ? "" : people.value.get(id)?.name ?? id;
}

/** Which dialog of the whole console is open. */
export const open_dialog = signal<"intake" | "help" | null>(null);
