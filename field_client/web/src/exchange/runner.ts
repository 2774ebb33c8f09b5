// When to exchange: one tab at a time, by itself, for as long as the app is open.
//
// It begins at the start, when somebody looks, when the browser says that a network is
// there (which is never believed, only tried), after each fact, on 立即上传 and by a timer
// that is armed whatever happened before. May not enter: what an exchange does, screens.

import { Refused } from "../../../../sync/problems.ts";
import { share } from "../tablet/keys.ts";
import { begin, type Parts } from "./beginning.ts";
import type { Exchanging, Report } from "./contact.ts";
import { EVERYTHING, exchange_once, type Stage } from "./exchange.ts";
import { AT_REST, moved, UNTRIED, type Line } from "./line.ts";
import { Listening } from "./listening.ts";
import { Answered } from "./transport.ts";
import { asked_ms, is_trouble, trouble_of } from "./troubles.ts";
import { SOON_MS, wait_after } from "./waiting.ts";
import { connection, photos_may_go } from "./wifi.ts";

const TABS = "doorstep";
const FRESH_MS = 60_000; // a contact that is good enough for opening an order
const BUSY_ELSEWHERE_MS = 10_000; // it will say when it is done; unless it died
const LATER_MS = 2_000; // other tabs wait so much longer than the one that exchanged
const AT_LEAST_MS = 30_000; // if all that is known is that something is wrong

/** What tabs say to each other. */
type Said =
  | { readonly what: "wrote" }
  | { readonly what: "line"; readonly line: Line }
  | { readonly what: "over"; readonly line: Line; readonly wait_ms: number };

/** Exchanges by itself. `start` it once; `line` says how it goes. */
export class Runner {
  line: Line = UNTRIED;
  private readonly parts: Parts;
  private readonly tabs = new BroadcastChannel(TABS);
  private readonly news: Listening;
  private readonly followers = new Set<(line: Line, changed: boolean) => void>();
  private readonly over = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due_ms = Infinity; // by the page's clock, which nobody can set
  private spared_until_ms = 0; // the server asked for it
  private failures = 0;
  private underway: Promise<void> | null = null;
  private wanted = false; // somebody asked while an exchange was under way here
  private elsewhere = false; // or in another tab
  private again = false;

  constructor(parts: Parts) {
    this.parts = parts;
    this.news = new Listening(parts, () => this.soon(0));
  }

  /** Begin, and go on until `stop`. */
  async start(): Promise<void> {
    const { signal } = this.over;
    this.tabs.onmessage = ({ data }: MessageEvent<Said>) => this.heard(data);
    addEventListener("online", () => this.hopeful(), { signal });
    addEventListener("pageshow", () => this.hopeful(), { signal });
    document.addEventListener("visibilitychange", () => this.looked_at(), { signal });
    document.addEventListener("resume", () => this.hopeful(), { signal });
    connection()?.addEventListener("change", () => this.hopeful(), { signal });
    const contact = await this.parts.store.projection.contact();
    this.tell({ ...this.line, reached_ms: contact?.anchor.wall_ms ?? null });
    this.soon(0);
  }

  stop(): void {
    this.over.abort();
    clearTimeout(this.timer);
    this.news.stop();
    this.tabs.close();
  }

  /** Hear how it goes; `changed` when what the tablet holds may have. */
  follow(follower: (line: Line, changed: boolean) => void): () => void {
    this.followers.add(follower);
    return () => { this.followers.delete(follower); };
  }

  /** A fact was written: all tabs show it, and it is handed in. */
  wrote(): void {
    this.tabs.postMessage({ what: "wrote" } satisfies Said);
    this.soon(SOON_MS);
  }

  /** 立即上传: also what lies on a shelf or was refused, and whatever the server asked. */
  async upload_now(): Promise<void> {
    this.again = true;
    this.spared_until_ms = 0;
    this.failures = 0;
    await this.underway;
    await this.run();
  }

  /** Somebody opens an order: what they do next deserves a fresh anchor. */
  opened(): void {
    const { reached_ms } = this.line;
    const now_ms = this.parts.clocks.wall_ms();
    if (reached_ms === null || Math.abs(now_ms - reached_ms) > FRESH_MS) this.soon(0);
  }

  // when

  private hopeful(): void {
    this.failures = 0;
    this.soon(0);
  }

  private looked_at(): void {
    if (document.visibilityState === "visible") this.hopeful();
    else this.news.stop();
  }

  /** Not later than so. */
  private soon(wait_ms: number): void {
    if (this.underway !== null) this.wanted = true;
    else if (performance.now() + wait_ms < this.due_ms) this.arm(wait_ms);
  }

  /** The one timer; armed after every attempt, whatever came of it. */
  private arm(wait_ms: number): void {
    clearTimeout(this.timer);
    if (this.over.signal.aborted) return;
    const wait = Math.max(wait_ms, this.spared_until_ms - performance.now());
    this.due_ms = performance.now() + wait;
    this.timer = setTimeout(() => void this.run(), wait);
  }

  private run(): Promise<void> {
    this.underway ??= this.attempt().finally(() => { this.underway = null; });
    return this.underway;
  }

  private async attempt(): Promise<void> {
    clearTimeout(this.timer);
    this.news.stop();
    this.wanted = false;
    let wait_ms = AT_LEAST_MS;
    try {
      wait_ms = await this.alone(() => this.exchange());
    } finally {
      this.arm(this.wanted ? Math.min(wait_ms, SOON_MS) : wait_ms);
    }
  }

  /** Another tab may be at it; it says when it is done. */
  private async alone(work: () => Promise<number>): Promise<number> {
    try {
      return await this.parts.store.exchanging(work);
    } catch (why) {
      if (!(why instanceof Refused) || why.code !== "exchange_busy") throw why;
      this.elsewhere = true;
      return BUSY_ELSEWHERE_MS;
    }
  }

  // one exchange

  private async exchange(): Promise<number> {
    const exchange = await begin(
      this.parts, (...said) => this.tell(moved(this.line, ...said)), this.over.signal,
    );
    if (exchange === null) return AT_LEAST_MS;
    const photos_go = photos_may_go();
    const again = this.again;
    this.again = false;
    this.tell({ ...this.line, busy: true });
    let report: Report | null = null;
    let why: unknown = null;
    try {
      report = await exchange_once(exchange, stages(photos_go), { again });
    } catch (error) {
      if (!is_trouble(error)) throw error;
      why = error;
    } finally {
      this.tell({ ...this.line, ...AT_REST, photos_held: !photos_go });
    }
    return this.settle(exchange, report, why);
  }

  /** What came of it, and how long to wait now. */
  private async settle(
    exchange: Exchanging, report: Report | null, why: unknown,
  ): Promise<number> {
    const owes = await this.parts.store.outbox.owes();
    const online = exchange.welcome !== null || why instanceof Answered;
    if (online && !this.line.online) this.failures = 0; // those were the line's
    const well = report !== null && !report.troubles.some((one) => one.code === "no_answer");
    const moved_on = report !== null && report.facts + report.originals > 0;
    this.failures = well && (!owes || moved_on || this.wanted) ? 0 : this.failures + 1;
    this.spared_until_ms = performance.now() + (report?.retry_after_ms ?? asked_ms(why));
    const looking = document.visibilityState === "visible";
    const wait_ms =
      wait_after({ report, why, owes, failures: this.failures, looking }, share());
    if (well && looking) this.news.listen(exchange);
    this.tell(this.line_after(exchange, online, report, why), wait_ms);
    return wait_ms;
  }

  private line_after(
    { welcome }: Exchanging, online: boolean, report: Report | null, why: unknown,
  ): Line {
    const now_ms = this.parts.clocks.wall_ms();
    return {
      ...this.line, online,
      reached_ms: welcome === null ? this.line.reached_ms : now_ms,
      lost_ms: online ? null : this.line.lost_ms ?? now_ms,
      troubles: report?.troubles ?? [trouble_of(why)],
    };
  }

  // saying how it goes

  /** `wait_ms`: an exchange is over, and the next one is due then. */
  private tell(line: Line, wait_ms: number | null = null): void {
    if (this.over.signal.aborted) return;
    this.line = line;
    const said: Said = wait_ms === null
      ? { what: "line", line } : { what: "over", line, wait_ms };
    this.tabs.postMessage(said);
    this.show(wait_ms !== null);
  }

  /** Later, so that no mistake of a screen ends an exchange. */
  private show(changed: boolean): void {
    const { line } = this;
    this.followers.forEach((follower) => queueMicrotask(() => follower(line, changed)));
  }

  private heard(said: Said): void {
    if (said.what !== "wrote") this.line = said.line;
    this.show(said.what !== "line");
    if (said.what !== "over" || this.underway !== null) return;
    this.arm(this.elsewhere ? SOON_MS : said.wait_ms + LATER_MS);
    this.elsewhere = false;
  }
}

function stages(photos_go: boolean): readonly Stage[] {
  return photos_go ? EVERYTHING : EVERYTHING.filter(([name]) => name !== "send_photos");
}
