// What the tablet's clocks show.
//
// The twin of `clocks.py`, and the only module of the tablet that reads a clock. A browser has
// no boot clock: its own counts from when the page was loaded and stands still while the
// machine sleeps. So a page load is a boot of its own, and so is whatever follows a stretch
// in which the wall clock gained on it: asleep or set forward, nobody can tell (protocol,
// "Time as evidence"). May not enter: what a reading is worth.

import { read_clocks, type Anchor, type Reading } from "../../../../sync/reading.ts";

const TOLERATED_MS = 1_000;
const TOLERATED_PPM = 500; // a wall clock that is being brought round slowly

/** Where the two clocks of this browser come from. */
export interface Source {
  wall_ms(): number;
  ticks_ms(): number; // never set, never backwards; from any beginning
  name(): string; // that nobody has used before
}

/** What all clocks showed in one moment. */
export interface Look {
  readonly wall_ms: number;
  readonly offset_minutes: number;
  readonly boot_ms: number;
  readonly boot: string;
}

const BROWSER: Source = {
  wall_ms: () => Date.now(),
  ticks_ms: () => Math.floor(performance.now()),
  name: () => `page-${crypto.randomUUID()}`,
};

/** The clocks of the machine this runs on. */
export class Clocks {
  private readonly source: Source;
  private run: string;
  private begun_ms: number; // ticks when this run began
  private lowest_ms: number; // of wall less ticks in this run

  constructor(source: Source = BROWSER) {
    this.source = source;
    this.run = source.name();
    this.begun_ms = source.ticks_ms();
    this.lowest_ms = source.wall_ms() - this.begun_ms;
  }

  /** UTC as the machine believes it. */
  wall_ms(): number {
    return this.look().wall_ms;
  }

  /** The zone's offset now, for showing and for reading typed dates only. */
  offset_minutes(): number {
    return -new Date(this.source.wall_ms()).getTimezoneOffset() || 0;
  }

  /** Time since this run began; nobody can set it. */
  boot_ms(): number {
    return this.look().boot_ms;
  }

  /** Which run of the page's clock this is. */
  boot(): string {
    return this.look().boot;
  }

  /** All clocks at once, beside the newest contact with the server (V2). */
  reading(
    newest: Anchor | null = null, token: string | null = null, clocks: Look = this.look(),
  ): Reading {
    return read_clocks(newest, token, clocks);
  }

  /** Both clocks at once. To be called now and then also where nobody asks, so that a sleep
   * between two readings is noticed. */
  look(): Look {
    const [wall, ticks] = [this.source.wall_ms(), this.source.ticks_ms()];
    const ahead = wall - ticks;
    const slow = Math.ceil((ticks - this.begun_ms) * TOLERATED_PPM / 1_000_000);
    if (ahead - this.lowest_ms > TOLERATED_MS + slow) {
      this.run = this.source.name();
      this.begun_ms = ticks;
      this.lowest_ms = ahead;
    }
    this.lowest_ms = Math.min(this.lowest_ms, ahead); // set back: the run goes on, and shows it
    return {
      wall_ms: wall, offset_minutes: this.offset_minutes(),
      boot_ms: ticks - this.begun_ms, boot: this.run,
    };
  }
}

export const DEVICE = new Clocks();
