// Waiting at the server's door for news, while somebody is looking.
//
// One tab at a time, and no more than a hint: news is taken home by an exchange. May not
// enter: timers; without a seat at the door the runner's own timer is enough.

import { begin, type Parts } from "./beginning.ts";
import type { Exchanging } from "./contact.ts";
import { wait_for_news } from "./taking_home.ts";
import { Answered, NoAnswer } from "./transport.ts";

const SECONDS = 25; // the longest that the server keeps anybody
const SENT_AWAY_MS = 10_000; // whoever is answered sooner had no seat
const NEWS = "doorstep news";

export class Listening {
  private readonly parts: Parts;
  private readonly came: () => void;
  private under: AbortController | null = null;

  constructor(parts: Parts, came: () => void) {
    this.parts = parts;
    this.came = came;
  }

  /** Wait for news as whoever this exchange was for, until there is some. */
  listen(after: Exchanging): void {
    this.stop();
    const under = new AbortController();
    this.under = under;
    void navigator.locks.request(NEWS, { ifAvailable: true }, async (seat) => {
      if (seat !== null && await this.wait(after, under.signal)) this.came();
    });
  }

  stop(): void {
    this.under?.abort();
    this.under = null;
  }

  private async wait(after: Exchanging, stop: AbortSignal): Promise<boolean> {
    const asking = await begin(this.parts, undefined, stop);
    if (asking === null) return false;
    asking.door.token = after.door.token;
    try {
      while (!stop.aborted) {
        const since = performance.now();
        if (await wait_for_news(asking, SECONDS)) return !stop.aborted;
        if (performance.now() - since < SENT_AWAY_MS) return false;
      }
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Answered)) throw error;
    }
    return false;
  }
}
