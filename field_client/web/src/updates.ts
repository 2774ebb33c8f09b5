// A newer version of the app: it is fetched beside the one in use and waits.
//
// Nothing here interrupts anybody: it is taken over on today's list, with nobody in a home,
// after a tap (U12); or when the tablet is started anew. May not enter: what lies in a
// version (worker.ts).

import { signal } from "@preact/signals";

const LOOK_EVERY_MS = 60 * 60 * 1000;

/** Does a newer version lie here, whole, and wait for a tap? */
export const update_waiting = signal(false);

let registration: ServiceWorkerRegistration | undefined;

/** Keep the app on this tablet, and look for a newer one now and then. */
export async function watch_updates(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    registration = await navigator.serviceWorker.register(
      `${import.meta.env.BASE_URL}worker.js`, { updateViaCache: "none" },
    );
  } catch {
    return; // no line, or no room: the next start tries again
  }
  const seen = registration;
  seen.addEventListener("updatefound", () => follow(seen.installing));
  follow(seen.installing);
  notice(seen);
  setInterval(look, LOOK_EVERY_MS);
  addEventListener("online", look);
}

/** Let the newer version take over, and start it. Only after a tap, on today's list. */
export function take_update(): void {
  const waiting = registration?.waiting;
  if (waiting === null || waiting === undefined) return;
  navigator.serviceWorker.addEventListener(
    "controllerchange", () => { location.reload(); }, { once: true },
  );
  waiting.postMessage("take over");
}

/** Ask the server for a newer version; it is fetched if there is one. */
function look(): void {
  if (navigator.onLine) registration?.update().catch(() => undefined);
}

function follow(worker: ServiceWorker | null): void {
  worker?.addEventListener("statechange", () => {
    if (registration !== undefined) notice(registration);
  });
}

function notice({ waiting }: ServiceWorkerRegistration): void {
  update_waiting.value = waiting !== null && navigator.serviceWorker.controller !== null;
}
