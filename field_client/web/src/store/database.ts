// Opening IndexedDB so that what was committed survives a power cut (F6).
//
// The twin of `database.py`. The browser closes a transaction that is left idle: inside
// `writing` nothing may be awaited but the stores themselves, no fetch, no digest. May not
// enter: what is kept in the databases.

import {
  deleteDB, openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames,
} from "idb";

import { Refused } from "../../../../sync/problems.ts";
import type { StoreLayout } from "./layout.ts";

export type Stores<S extends DBSchema> = StoreNames<S>[];
export type Writing<S extends DBSchema> = IDBPTransaction<S, Stores<S>, "readwrite">;
export type Reading<S extends DBSchema> = IDBPTransaction<S, Stores<S>, "readonly">;

/** What may be done about a full disk; true if there may be room now. */
export type Release = () => Promise<boolean>;

const nothing_to_release: Release = () => Promise.resolve(false);
const AFTER_RELEASE = 40; // attempts: a busy browser takes a while to see that it has room
const BETWEEN_MS = 500;

/** One database: opened when it is first needed, and again when the browser closed it. */
export class Database<S extends DBSchema> {
  private held: Promise<IDBPDatabase<S>> | null = null;
  private readonly open_it: (closed: () => void) => Promise<IDBPDatabase<S>>;
  release: Release = nothing_to_release;

  constructor(open: (closed: () => void) => Promise<IDBPDatabase<S>>) {
    this.open_it = open;
  }

  open(): Promise<IDBPDatabase<S>> {
    this.held ??= this.open_it(() => { this.held = null; }).catch((why: unknown) => {
      this.held = null;
      throw why;
    });
    return this.held;
  }

  async close(): Promise<void> {
    const open = this.held;
    this.held = null;
    (await open)?.close();
  }

  /** One look at these stores; everything in it is of one moment. */
  async reading<T>(stores: Stores<S>, work: (tx: Reading<S>) => Promise<T>): Promise<T> {
    const tx = (await this.open()).transaction(stores, "readonly");
    const [found] = await Promise.all([work(tx), tx.done]);
    return found;
  }

  /** One write transaction: all of it is on disk afterwards, or none. `work` may be called
   * again, where room had to be made first; what is not `needed` may not use the reserve. */
  async writing<T>(
    stores: Stores<S>, work: (tx: Writing<S>) => Promise<T>, needed = true,
  ): Promise<T> {
    for (let left = -1; ; left--) {
      try {
        return await this.attempt(stores, work);
      } catch (why) {
        if (!is_full(why)) throw why;
        if (needed && await this.release()) left = AFTER_RELEASE;
        if (left <= 0) throw new Refused("tablet_full");
        await new Promise((done) => { setTimeout(done, BETWEEN_MS); });
      }
    }
  }

  private async attempt<T>(
    stores: Stores<S>, work: (tx: Writing<S>) => Promise<T>,
  ): Promise<T> {
    const db = await this.open();
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    const done = tx.done.then(() => null, (why: unknown) => why ?? tx.error);
    try {
      const found = await work(tx);
      const why = await done;
      if (why !== null) throw why;
      return found;
    } catch (why) {
      try {
        tx.abort();
      } catch {
        // It is over already; the cause is known.
      }
      await done;
      throw tx.error ?? why;
    }
  }
}

/** Did the browser refuse it for want of room? */
export function is_full(why: unknown): boolean {
  return why instanceof Error && why.name === "QuotaExceededError";
}

/** Has a newer version of the app written it? */
function is_newer(why: unknown): boolean {
  return why instanceof Error && why.name === "VersionError";
}

/** Make these stores in a new database. */
export function lay_out<S extends DBSchema>(
  db: IDBPDatabase<S>, layout: readonly StoreLayout[],
): void {
  const plain = db as unknown as IDBPDatabase; // names are data here, not types
  for (const { name, key, counts, unique, found_by } of layout) {
    const keyPath = typeof key === "string" || key === null ? key : [...key];
    const store = plain.createObjectStore(name, { keyPath, autoIncrement: counts });
    for (const [index, path] of Object.entries(unique)) {
      store.createIndex(index, typeof path === "string" ? path : [...path], { unique: true });
    }
    for (const [index, path] of Object.entries(found_by)) store.createIndex(index, path);
  }
}

/** A database whose layout never changes: made once, and refused if it is newer. `fresh` is
 * asked before anything is made, and may refuse. */
export function frozen<S extends DBSchema>(
  name: string, version: number, layout: readonly StoreLayout[], fresh: () => void,
): Database<S> {
  return new Database<S>(async (closed) => {
    let why: unknown = null;
    try {
      return await openDB<S>(name, version, {
        upgrade(db, _old, _new, tx) {
          try {
            fresh();
            lay_out(db, layout);
          } catch (refused) {
            why = refused;
            tx.done.catch(() => undefined);
            tx.abort();
          }
        },
        terminated: closed,
      });
    } catch (error) {
      if (is_newer(error)) throw new Refused("layout_unknown", { version: "?" });
      throw why ?? error;
    }
  });
}

/** A database that may be thrown away: one of another version is, in silence. Only when a
 * page begins, though: one that is still open from before an update would take away what the
 * new one has just brought home. */
export function droppable<S extends DBSchema>(
  name: string, version: number, layout: readonly StoreLayout[],
): Database<S> {
  let begun = false;
  return new Database<S>(async (closed) => {
    const open = (): Promise<IDBPDatabase<S>> => openDB<S>(name, version, {
      upgrade(db) {
        const plain = db as unknown as IDBPDatabase;
        for (const held of [...plain.objectStoreNames]) plain.deleteObjectStore(held);
        lay_out(db, layout);
      },
      // Another tab is about to drop it: let go, and open what it makes.
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
        closed();
      },
      terminated: closed,
    });
    try {
      return await open();
    } catch (error) {
      if (!is_newer(error)) throw error;
      if (begun) throw new Refused("layout_unknown", { version: "?" });
      await deleteDB(name);
      return await open();
    } finally {
      begun = true;
    }
  });
}
