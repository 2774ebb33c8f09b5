// Room for facts: what the browser grants, and a reserve that is given up when it is full.
//
// A fact is small and must always be kept, so bytes that nobody needs lie in a database of
// their own until then (F24). Photos may not use it up: they are refused first. What a browser
// says of its own free space may be made up, so only its refusal is believed. May not enter:
// what is kept.

import { deleteDB, openDB } from "idb";

import { Refused } from "../../../../sync/problems.ts";

export const KEPT_FREE_BYTES = 50 * 1024 * 1024; // free of photos, for facts
export const RESERVE_BYTES = 16 * 1024 * 1024;
const RESERVE_NAME = "doorstep-reserve";
const NOISE_BYTES = 65_536; // that a browser draws at once

export interface Usage {
  readonly used: number;
  readonly granted: number;
}

/** What the browser grants this tablet, and the reserve within it. */
export class Room {
  private holding: Promise<boolean> | null = null;

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

  /** Is the reserve there? */
  async holds(): Promise<boolean> {
    return (await indexedDB.databases()).some((one) => one.name === RESERVE_NAME);
  }

  /** Give the reserve up; false if there was none. */
  async release(): Promise<boolean> {
    await this.holding;
    if (!(await this.holds())) return false;
    await deleteDB(RESERVE_NAME);
    return true;
  }

  /** Hold the reserve, if there is room for it; whether it is held. */
  hold(): Promise<boolean> {
    this.holding ??= this.take().finally(() => { this.holding = null; });
    return this.holding;
  }

  private async take(): Promise<boolean> {
    if (await this.holds()) return true;
    try {
      const bytes = new Blob([noise(RESERVE_BYTES)]);
      const db = await openDB(RESERVE_NAME, 1, {
        upgrade(made) { // the database is there with its bytes, or not at all
          void made.createObjectStore("bytes").put(bytes, "reserve").catch(() => undefined);
        },
      });
      db.close();
      return true;
    } catch {
      await deleteDB(RESERVE_NAME); // no room: half a reserve is none
      return false;
    }
  }
}

/** Bytes that cannot be stored in fewer. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(length);
  for (let at = 0; at < length; at += NOISE_BYTES) {
    crypto.getRandomValues(data.subarray(at, Math.min(at + NOISE_BYTES, length)));
  }
  return data;
}
