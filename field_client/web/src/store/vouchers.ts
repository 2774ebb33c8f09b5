// What the server has said that it saw: vouchers, and the epochs that it opened.
//
// The twin of `vouchers.py`. They lie with the outbox, because after a restore they are what
// keeps this tablet's facts from becoming later. May not enter: what a voucher says; only the
// server reads it.

import { lineage_of, Opened, type Lineage } from "../../../../sync/epochs.ts";
import type { Claim } from "../../../../sync/exchange.ts";
import { is_list, read_json, write_json } from "../../../../sync/json.ts";
import { list, typed } from "../../../../sync/plain.ts";
import type { Database } from "./database.ts";
import { heard, type OutboxSchema } from "./outbox.ts";
import { is_safe } from "./owed.ts";

const MOST = 1000; // beyond it, every other one of the older half goes
const AT_ONCE = 100; // in one hello
const ONE = "one";

/** The vouchers in an open outbox. */
export class Vouchers {
  private readonly db: Database<OutboxSchema>;

  constructor(db: Database<OutboxSchema>) {
    this.db = db;
  }

  /** Keep what the server said of this claim; of one tip, the first word counts, and the
   * newest of all says how far the book had come. */
  async keep(voucher: string, epoch: string, claim: Claim | null): Promise<void> {
    if (voucher === "") return;
    await this.db.writing(["server", "voucher"], async (tx) => {
      const server = await heard(tx.objectStore("server").get(ONE));
      await tx.objectStore("server").put({ ...server, voucher }, ONE);
      if (claim === null || claim.tip === null) return;
      const { log, n } = claim;
      const store = tx.objectStore("voucher");
      if (await store.index("tip").getKey([log, n]) !== undefined) return;
      await store.add({ log, n, voucher, epoch });
      const held = await store.getAllKeys();
      if (held.length <= MOST) return;
      const older = held.slice(0, Math.floor(held.length / 2));
      for (const seq of older.filter((_seq, place) => place % 2 === 1)) await store.delete(seq);
    });
  }

  /** The newest one. */
  async newest(): Promise<string | null> {
    const server = await this.db.reading(
      ["server"], (tx) => heard(tx.objectStore("server").get(ONE)));
    return server.voucher;
  }

  /** Those that the present epoch has not been shown. */
  due(): Promise<ReadonlyMap<number, string>> {
    return this.db.reading(["server", "voucher"], async (tx) => {
      const { epoch } = await heard(tx.objectStore("server").get(ONE));
      const rows = await tx.objectStore("voucher").getAll();
      const due = rows.filter((row) => row.epoch !== epoch).slice(0, AT_ONCE);
      return new Map(due.map((row) => [row.seq ?? 0, row.voucher]));
    });
  }

  /** The server has these again. */
  async shown(which: Iterable<number>, epoch: string): Promise<void> {
    const seqs = [...which];
    await this.db.writing(["voucher"], async (tx) => {
      const store = tx.objectStore("voucher");
      for (const seq of seqs) {
        const row = await store.get(seq);
        if (row !== undefined) await store.put({ ...row, epoch });
      }
    });
  }

  /** Let go of those that speak only of facts that are backed up. */
  async let_go(): Promise<void> {
    await this.db.writing(["server", "voucher", "fact"], async (tx) => {
      const server = await heard(tx.objectStore("server").get(ONE));
      const rows = await tx.objectStore("fact").getAll();
      const open = rows.filter((row) => !is_safe(row, server));
      const store = tx.objectStore("voucher");
      for (const row of await store.getAll()) {
        const needed = open.some((fact) => fact.log === row.log && fact.n <= row.n);
        if (!needed) await store.delete(row.seq ?? 0);
      }
    });
  }

  // epochs

  /** Keep where histories part, in the server's own signed words. */
  async learn(epochs: readonly Opened[]): Promise<void> {
    const known = await this.epochs();
    const merged = new Map([...known, ...lineage_of(epochs)]);
    const text = text_of(merged);
    if (text === text_of(known)) return;
    await this.db.writing(["server"], async (tx) => {
      const server = await heard(tx.objectStore("server").get(ONE));
      await tx.objectStore("server").put({ ...server, epochs: text }, ONE);
    });
  }

  /** Every epoch that this tablet was told of. */
  async epochs(): Promise<Lineage> {
    const server = await this.db.reading(
      ["server"], (tx) => heard(tx.objectStore("server").get(ONE)));
    const held = server.epochs === null
      ? [] : read_json(server.epochs, null).get("epochs");
    return lineage_of((is_list(held) ? held : []).map((one) => typed(Opened, one)));
  }
}

function text_of(lineage: Lineage): string {
  return write_json(new Map([["epochs", list(Opened).write([...lineage.values()])]]));
}
