// Who sits at this screen: logging in, out, and what they may do.
//
// The session itself is a cookie that no script can read. May not enter: how a screen looks,
// rules (`#sync/access.ts` has them).

import { computed, signal } from "@preact/signals";

import { may } from "#sync/access.ts";
import { choose_language, language, LANGUAGES, type Language } from "#shared/words.ts";
import { get, on_session_end, patch, post, Problem, remove, set_csrf } from "./api.ts";
import { forget } from "./board/live.ts";
import type { Session } from "./shapes.ts";

/** Whoever is logged in; null if nobody is. */
export const session = signal<Session | null>(null);

/** Was somebody here until just now? Then the screen behind stays as it was. */
export const ended = signal(false);

/** Can one log in with the company's own login? */
export const openid = signal(false);

on_session_end(() => {
  if (session.value === null) return;
  ended.value = true;
  session.value = null;
});

/** Find out who sits here. */
export async function resume(): Promise<void> {
  try {
    enter(await get<Session>("/v1/session"));
  } catch (why) {
    if (!(why instanceof Problem) || why.status !== 401) throw why;
    await learn_ways();
  }
}

async function learn_ways(): Promise<void> {
  const ways = await get<{ readonly openid: boolean }>("/v1/session/ways");
  openid.value = ways.openid;
}

export async function log_in(person: string, password: string): Promise<void> {
  enter(await post<Session>("/v1/session", { person, password }));
}

export async function log_out(): Promise<void> {
  await remove("/v1/session");
  set_csrf("");
  session.value = null;
  ended.value = false;
  forget();
  await learn_ways();
}

/** Whose orders are on the board: a colleague begins with an empty one. */
let person_before = "";

function enter(one: Session): void {
  set_csrf(one.csrf);
  if (person_before !== one.person) forget();
  person_before = one.person;
  ended.value = false;
  session.value = one;
  const wanted = LANGUAGES.find((known) => known === one.language); // "zh": never chosen
  if (wanted !== undefined && wanted !== language.value) void choose_language(wanted);
}

/** Read this from now on, wherever one logs in. */
export async function read_in(wanted: Language): Promise<void> {
  await choose_language(wanted);
  await patch("/v1/session", { language: wanted });
}

const grants = computed(() => session.value?.grants ?? []);

/** May whoever sits here open this screen? */
export function may_open({ actions }: { readonly actions: readonly string[] }): boolean {
  return actions.length === 0 || actions.some((one) => can(one));
}

/** May whoever sits here do this, in this project or in any? */
export function can(action: string, project?: string): boolean {
  return may(grants.value, action, project);
}
