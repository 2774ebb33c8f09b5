// The service worker: the app itself lies on the tablet, whole or not at all.
//
// A version is kept under its own name, each file held against its digest, so that neither
// a portal's page nor half a deployment gets in. A new version waits until a person lets it
// (updates.ts); the one before stays, for a page that still runs it. May not enter: the API
// and everything that people record; those live in IndexedDB and never in a cache. This
// file imports nothing.

export {}; // a module, so that `self` is ours

declare const self: ServiceWorkerGlobalScope;
declare const __VERSION__: string;
declare const __SHELL__: readonly (readonly [name: string, digest: string])[];

const VERSION = `tablet-${__VERSION__}`;
const SHELL: readonly (readonly [name: string, digest: string])[] = __SHELL__;
const PAGE = ""; // the page's name, seen from the scope
const HASHED = "assets/";
const AT_A_TIME = 3;

self.addEventListener("install", (event) => event.waitUntil(take_in()));
self.addEventListener("activate", (event) => event.waitUntil(take_over()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(self.registration.scope)) return;
  event.respondWith(kept(mode === "navigate" ? address(PAGE) : url, event.request));
});

/** Every file of this version, a few at a time, so that facts still find a free line; what
 * came before the line was cut need not come again. */
async function take_in(): Promise<void> {
  const cache = await caches.open(VERSION);
  const waiting = [...SHELL];
  const fetch_next = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, digest] = next;
      const url = address(name);
      if (await cache.match(url) !== undefined) continue;
      await cache.put(url, await right(name, url, digest));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, fetch_next));
}

/** The file with this digest: of an older version, from near, or anew from the server. */
async function right(name: string, url: string, digest: string): Promise<Response> {
  const tries = name.startsWith(HASHED)
    ? [() => caches.match(url), () => fetch(url), () => fetch(url, { cache: "reload" })]
    : [() => fetch(url, { cache: "reload" })];
  for (const attempt of tries) {
    const answer = await attempt();
    if (answer === undefined || !answer.ok) continue;
    const bytes = await answer.arrayBuffer();
    if (await digest_of(bytes) === digest) return unpacked(bytes, answer.headers);
  }
  throw new Error(`not what was built: ${url}`);
}

/** The answer as it is kept: its bytes are unpacked, its policy goes with it. */
function unpacked(bytes: ArrayBuffer, headers: Headers): Response {
  const told = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "vary"]) told.delete(name);
  return new Response(bytes, { headers: told });
}

/** This version and the one before it are kept; every open page is ours now. */
async function take_over(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name !== VERSION);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** What is kept under this address, of this version first; else what the server says. */
async function kept(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(VERSION);
  return await cache.match(url) ?? await caches.match(url) ?? await fetch(request);
}

function address(name: string): string {
  return new URL(name, self.registration.scope).href;
}

async function digest_of(bytes: ArrayBuffer): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const text = btoa(String.fromCharCode(...sum.subarray(0, 12)));
  return text.replaceAll("+", "-").replaceAll("/", "_");
}
