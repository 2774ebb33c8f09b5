// Asking the server: one function a method, everything through `/v1/` and nothing else.
//
// A refusal comes as a `Problem` with a sentence for whoever reads the screen. May not enter:
// what is asked, what a screen does with an answer.

import { signal } from "@preact/signals";

import { _, language } from "#shared/words.ts";
import { Problem } from "./problem.ts";

export { is_stale, Problem } from "./problem.ts";

type Value = string | number | boolean | null | undefined;
export type Query = Readonly<Record<string, Value>>;

export interface How {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly seen?: string | number | undefined; // the version on the screen: If-Match
  readonly once?: string | undefined; // Idempotency-Key: asked again, it is done once
  readonly leaving?: boolean | undefined; // goes out even if the page does
}

/** An answer with the version it is of. */
export interface Answer<T> {
  readonly value: T;
  readonly etag: string | null;
}

/** The token that goes with whatever changes something; set with the session. */
let csrf = "";
export function set_csrf(token: string): void {
  csrf = token;
}

/** Called when the server knows the session no more. */
let when_ended: () => void = () => undefined;
export function on_session_end(call: () => void): void {
  when_ended = call;
}

/** Did the last attempt reach the server, and when did one for the last time? */
export const line = signal<{ readonly online: boolean; readonly reached_ms: number }>({
  online: true, reached_ms: Date.now(),
});

export async function get<T>(path: string, query?: Query): Promise<T> {
  return (await ask<T>("GET", path, { query })).value;
}

export async function post<T>(path: string, body: unknown = {}, how: How = {}): Promise<T> {
  return (await ask<T>("POST", path, { ...how, body })).value;
}

export async function put<T>(path: string, body: unknown, how: How = {}): Promise<T> {
  return (await ask<T>("PUT", path, { ...how, body })).value;
}

export async function patch<T>(path: string, body: unknown, how: How = {}): Promise<T> {
  return (await ask<T>("PATCH", path, { ...how, body })).value;
}

export async function remove(path: string, how: How = {}): Promise<void> {
  await ask("DELETE", path, how);
}

/** A key for something that must happen once, however often it is asked for. */
export function once(): string {
  return crypto.randomUUID?.() ?? // missing without TLS and away from this machine
    [...crypto.getRandomValues(new Uint8Array(16))]
      .map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** Ask, and read the answer with its version. */
export async function ask<T>(method: string, path: string, how: How = {}): Promise<Answer<T>> {
  const answer = await sent(method, path + query_text(how.query), how);
  line.value = { online: true, reached_ms: Date.now() };
  const value: unknown = answer.status === 204 ? null : await said(answer);
  if (answer.ok) return { value: value as T, etag: answer.headers.get("ETag") };
  if (answer.status === 401 && path !== "/v1/session") when_ended();
  throw refusal(answer, value);
}

async function sent(method: string, address: string, how: How): Promise<Response> {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": language.value });
  if (how.body !== undefined) headers.set("Content-Type", "application/json");
  if (how.seen !== undefined) headers.set("If-Match", tag(how.seen));
  if (how.once !== undefined) headers.set("Idempotency-Key", how.once);
  if (method !== "GET" && csrf !== "") headers.set("X-CSRF-Token", csrf);
  const body = how.body === undefined ? null : JSON.stringify(how.body);
  try {
    const keepalive = how.leaving === true;
    return await fetch(address, { method, headers, body, cache: "no-store", keepalive });
  } catch {
    line.value = { ...line.value, online: false };
    throw new Problem(0, "no_line", _("连不上服务器；刚才的操作没有生效，请检查网络后再试"));
  }
}

function tag(seen: string | number): string {
  return typeof seen === "number" ? `"${seen}"` : seen;
}

async function said(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return null; // a proxy's page
  }
}

function refusal(answer: Response, value: unknown): Problem {
  const held = typeof value === "object" && value !== null ? value : {};
  const { code, detail } = held as { readonly code?: string; readonly detail?: string };
  const plain = _("服务器没有答复（{status}），请稍后再试", { status: answer.status });
  return new Problem(answer.status, code ?? "server_error", detail ?? plain, held);
}

function query_text(query: Query = {}): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") said.set(name, String(value));
  }
  const text = said.toString();
  return text === "" ? "" : `?${text}`;
}
