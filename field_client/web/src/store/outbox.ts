// What the tablet owes the server: facts and original bytes, and the identity they are
// written under. Nothing but a receipt makes a fact stop waiting; nothing but
// `durable_through` lets anything go (invariant 7).
//
// The twin of `outbox.py`. Digests are made before a transaction, so a fact takes its place
// by compare and set: where another tab was quicker, it is made anew. May not enter: what a
// fact means, the network, anything that could be pulled again.

import type { DBSchema } from "idb";

import type { Bytes } from "../exchange/transport.ts";
import { unnamed, type Private } from "../../../../sync/envelope.ts";
import { Claim, in_custody, Receipt } from "../../../../sync/exchange.ts";
import type { Fact } from "../../../../sync/facts.ts";
import { read_json, write_json, type JsonObject } from "../../../../sync/json.ts";
import { Refused } from "../../../../sync/problems.ts";
import type { Database, Writing } from "./database.ts";
import {
  is_safe, is_waiting, original, Owned,
  type BlobRow, type FactRow, type Original, type Place, type ServerRow,
} from "./owed.ts";
import type { DraftRow, PersonRow } from "./persons.ts";

export interface LogRow {
  readonly seq?: number;
  readonly name: string;
  readonly n: number;
  readonly tip: string | null;
}

export interface VoucherRow {
  readonly seq?: number;
  readonly log: string;
  readonly n: number;
  readonly voucher: string;
  readonly epoch: string;
}

export interface OutboxSchema extends DBSchema {
  device: { key: string; value: CryptoKeyPair | { actor: string; in: boolean } };
  person: { key: string; value: PersonRow };
  server: { key: string; value: ServerRow };
  voucher: { key: number; value: VoucherRow; indexes: { tip: [string, number] } };
  log: { key: number; value: LogRow; indexes: { name: string } };
  fact: {
    key: number; value: FactRow;
    indexes: { id: string; place: [string, number]; stream: string };
  };
  blob: { key: number; value: BlobRow; indexes: { sha256: string } };
  original: { key: number; value: Blob };
  draft: { key: [string, string]; value: DraftRow };
}

/** A fact as it is about to be kept, with its private values and originals by role. */
export type Made = readonly [
  fact: Fact, values: Private, originals: ReadonlyMap<string, Blob>,
];

/** A draft by its person and name. */
export type DraftKey = readonly [person: string, name: string];

const ONE = "one";
const MOST_NEEDED_BYTES = 256 * 1024; // a signature and its sheet may use the reserve up
export const UNHEARD: ServerRow = {
  epoch: null, durable_through: 0, voucher: null, epochs: null,
};

type Tx = Writing<OutboxSchema>;

/** The outbox in one open database. */
export class Outbox {
  readonly db: Database<OutboxSchema>;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(db: Database<OutboxSchema>) {
    this.db = db;
  }

  // who writes

  /** The device key; made once, before anybody is asked to enrol it. */
  async key(make: () => Promise<CryptoKeyPair>): Promise<CryptoKeyPair> {
    const held = await this.held_key();
    if (held !== null) return held;
    const fresh = await make();
    return this.db.writing(["device"], async (tx) => {
      const store = tx.objectStore("device");
      const other = await store.get("key"); // of a tab that was quicker
      if (is_pair(other)) return other;
      await store.put(fresh, "key");
      return fresh;
    });
  }

  /** The device key, if it was made. */
  async held_key(): Promise<CryptoKeyPair | null> {
    const held = await this.db.reading(["device"], (tx) => tx.objectStore("device").get("key"));
    return is_pair(held) ? held : null;
  }

  /** Go on under a new instance if `old` is still the one in use (F13). What was written
   * under the old one stays as it is. */
  async open_log(old: string | null, fresh: string): Promise<void> {
    await this.db.writing(["log"], async (tx) => {
      const current = await newest_log(tx);
      if ((current?.name ?? null) !== old) return;
      await tx.objectStore("log").add({ name: fresh, n: 0, tip: null });
    });
  }

  /** How far each log has got (F11). */
  async claims(at: JsonObject): Promise<readonly Claim[]> {
    return this.db.reading(["log", "fact", "server"], async (tx) => {
      const server = await heard(tx.objectStore("server").get(ONE));
      const unsent = new Map<string, number>();
      for (const row of await tx.objectStore("fact").getAll()) {
        if (is_waiting(row, server)) unsent.set(row.log, (unsent.get(row.log) ?? 0) + 1);
      }
      const logs = await tx.objectStore("log").getAll();
      return logs.map(({ name, n, tip }) =>
        Claim.make({ log: name, n, tip, at, unsent: unsent.get(name) ?? 0 }));
    });
  }

  /** How far this log has got, and how much of it waits. */
  async claim(log: string, at: JsonObject): Promise<Claim> {
    const found = (await this.claims(at)).find((one) => one.log === log);
    if (found === undefined) throw new Refused("not_enrolled");
    return found;
  }

  // writing

  /** Keep one fact with its private values and originals, all or nothing (F12), and end the
   * drafts that it was made of.
   *
   * `make` is called with the place that the fact takes. If another tab has taken it before
   * this fact is on disk, `make` is called again with the next one: so nothing of this
   * tablet can have changed between what it read and what is kept. */
  write(
    make: (place: Place) => Promise<Made>, ends: readonly DraftKey[] = [],
  ): Promise<Fact> {
    const written = this.turn.then(async () => {
      for (;;) {
        const place = await this.place();
        const made = await make(place);
        if (await this.kept(place, made, ends)) return made[0];
      }
    });
    this.turn = written.catch(() => undefined);
    return written;
  }

  /** Where the next fact stands. */
  async place(): Promise<Place> {
    const log = await this.db.reading(["log"], (tx) => newest_log(tx));
    if (log === null) throw new Refused("not_enrolled");
    return { log: log.name, n: log.n + 1, prev: log.tip };
  }

  private kept(place: Place, made: Made, ends: readonly DraftKey[]): Promise<boolean> {
    const [fact, values, originals] = made;
    return this.db.writing(["log", "fact", "blob", "original", "draft"], async (tx) => {
      const log = await newest_log(tx);
      const free = log?.name === place.log && log.n === place.n - 1 && log.tip === place.prev;
      if (!free) return false;
      await tx.objectStore("fact").add(row_of(fact, values));
      for (const ref of fact.envelope.head.blobs) {
        const data = originals.get(ref.role);
        if (data === undefined) throw new TypeError(`no bytes for ${ref.role}`);
        await keep_original(tx, ref.sha256, ref.type, ref.role, data);
      }
      await tx.objectStore("log").put({ ...log, n: place.n, tip: fact.envelope.id });
      for (const one of ends) await tx.objectStore("draft").delete([...one]);
      return true;
    }, weight(originals) <= MOST_NEEDED_BYTES);
  }

  // reading

  /** All facts that are held, of one order or of all, as they were written. */
  async facts(stream: string | null = null): Promise<readonly Owned[]> {
    return this.db.reading(["fact", "server"], async (tx) => {
      const server = await heard(tx.objectStore("server").get(ONE));
      const store = tx.objectStore("fact");
      const rows = stream === null
        ? await store.getAll() : await store.index("stream").getAll(stream);
      return rows.map((row) => new Owned(row, server));
    });
  }

  /** Facts without a receipt that counts. */
  async waiting(): Promise<readonly Owned[]> {
    return (await this.facts()).filter((one) => one.waiting);
  }

  /** Is there anything that the server has not receipted? */
  async owes(): Promise<boolean> {
    if ((await this.waiting()).length) return true;
    return (await this.originals()).some((one) => one.waiting);
  }

  /** All bytes that are known of, as they were taken. */
  async originals(): Promise<readonly Original[]> {
    return this.db.reading(["blob", "original", "server"], async (tx) => {
      const server = await heard(tx.objectStore("server").get(ONE));
      const here = new Set(await tx.objectStore("original").getAllKeys());
      const rows = await tx.objectStore("blob").getAll();
      return rows.map((row) => original(row, server, here.has(row.seq ?? 0)));
    });
  }

  /** The bytes of an original; null if they were let go. */
  async original(seq: number): Promise<Blob | null> {
    const held = await this.db.reading(
      ["original"], (tx) => tx.objectStore("original").get(seq));
    return held ?? null;
  }

  /** The bytes with this name; null if they are not, or no longer, on this tablet. */
  async bytes_named(sha256: string): Promise<Blob | null> {
    return this.db.reading(["blob", "original"], async (tx) => {
      const row = await tx.objectStore("blob").index("sha256").get(sha256);
      if (row?.seq === undefined) return null;
      return (await tx.objectStore("original").get(row.seq)) ?? null;
    });
  }

  /** A piece of an original. */
  async part(seq: number, start: number, length: number): Promise<Bytes> {
    const whole = await this.original(seq);
    const piece = whole?.slice(start, start + length);
    return new Uint8Array((await piece?.arrayBuffer()) ?? new ArrayBuffer(0));
  }

  /** What the server said last of itself. */
  server(): Promise<ServerRow> {
    return this.db.reading(["server"], (tx) => heard(tx.objectStore("server").get(ONE)));
  }

  // what the server said

  /** Note the server's epoch and how far it is backed up. True if it went back in time:
   * then everything that is held waits again (F17). */
  meet(epoch: string, durable_through: number): Promise<boolean> {
    return this.db.writing(["server"], async (tx) => {
      const before = await heard(tx.objectStore("server").get(ONE));
      const fresh = before.epoch !== epoch;
      const through = fresh
        ? durable_through : Math.max(durable_through, before.durable_through);
      await tx.objectStore("server").put({ ...before, epoch, durable_through: through }, ONE);
      return fresh && before.epoch !== null;
    });
  }

  /** Facts that were in custody before the server went back in time. */
  async outdated(): Promise<readonly Owned[]> {
    return (await this.facts()).filter(
      (one) => one.waiting && one.receipt !== null && in_custody(one.receipt));
  }

  /** Keep the server's word on these facts. */
  async settle(receipts: Iterable<Receipt>, epoch: string): Promise<void> {
    const said = [...receipts];
    await this.db.writing(["fact"], async (tx) => {
      const store = tx.objectStore("fact");
      for (const one of said) {
        const row = await store.index("id").get(one.id);
        if (row === undefined) continue;
        const receipt = write_json(Receipt.write(one));
        const position = in_custody(one) ? one.position : null; // a refused fact has none
        await store.put({ ...row, receipt, epoch, position });
      }
    });
  }

  /** Keep the server's word on exactly these bytes. */
  settle_original(
    sha256: string, epoch: string, position: number, receipt: JsonObject,
  ): Promise<void> {
    const said = write_json(receipt);
    return this.change_blob(sha256, { receipt: said, epoch, position, upload: null });
  }

  /** Where the bytes are going, so that another tab can go on. */
  note_upload(sha256: string, upload: string | null): Promise<void> {
    return this.change_blob(sha256, { upload });
  }

  private async change_blob(sha256: string, to: Partial<BlobRow>): Promise<void> {
    await this.db.writing(["blob"], async (tx) => {
      const row = await tx.objectStore("blob").index("sha256").get(sha256);
      if (row !== undefined) await tx.objectStore("blob").put({ ...row, ...to });
    });
  }

  /** Let refused facts wait once more, because a person asked for it. */
  async offer_again(): Promise<void> {
    await this.db.writing(["fact", "server"], async (tx) => {
      const server = await heard(tx.objectStore("server").get(ONE));
      const store = tx.objectStore("fact");
      for (const row of await store.getAll()) {
        if (new Owned(row, server).refused) await store.put({ ...row, receipt: null });
      }
    });
  }

  /** Let go of private values (by commitment) and originals (by digest) that were erased at
   * their owner's wish, whatever else waits. Was anything here? */
  forget(stream: string, names: ReadonlySet<string>): Promise<boolean> {
    return this.db.writing(["fact", "blob", "original"], async (tx) => {
      let here = false;
      for (const row of await tx.objectStore("fact").getAll()) {
        if (row.stream !== stream) continue;
        const promised = unnamed(row.b).head.private;
        const held = read_json(row.x, null);
        const kept = [...held].filter(([name]) => !names.has(promised.get(name) ?? ""));
        if (kept.length === held.size) continue;
        await tx.objectStore("fact").put({ ...row, x: write_json(new Map(kept)) });
        here = true;
      }
      for (const row of await tx.objectStore("blob").getAll()) {
        if (!names.has(row.sha256)) continue;
        const seq = row.seq ?? 0;
        here ||= await tx.objectStore("original").getKey(seq) !== undefined;
        await tx.objectStore("original").delete(seq);
      }
      return here;
    });
  }

  /** Let go of originals that are receipted and backed up, and of facts whose order has left
   * this tablet as well (S1). */
  async let_go(streams_gone: Iterable<string> = []): Promise<void> {
    const gone = new Set(streams_gone);
    await this.db.writing(["fact", "blob", "original", "server"], async (tx) => {
      const server = await heard(tx.objectStore("server").get(ONE));
      const over = (row: FactRow | BlobRow): boolean =>
        row.receipt !== null && is_safe(row, server);
      for (const row of await tx.objectStore("blob").getAll()) {
        if (over(row)) await tx.objectStore("original").delete(row.seq ?? 0);
      }
      for (const row of gone.size ? await tx.objectStore("fact").getAll() : []) {
        if (gone.has(row.stream) && over(row)) await tx.objectStore("fact").delete(row.seq ?? 0);
      }
    });
  }
}

/** The log in use; null before the tablet was enrolled. */
async function newest_log(tx: {
  objectStore(name: "log"): {
    openCursor(range: null, way: "prev"): Promise<{ readonly value: LogRow } | null>;
  };
}): Promise<LogRow | null> {
  return (await tx.objectStore("log").openCursor(null, "prev"))?.value ?? null;
}

export async function heard(row: Promise<ServerRow | undefined>): Promise<ServerRow> {
  return (await row) ?? UNHEARD;
}

function weight(originals: ReadonlyMap<string, Blob>): number {
  return [...originals.values()].reduce((sum, one) => sum + one.size, 0);
}

function row_of({ envelope }: Fact, values: Private): FactRow {
  const { id, body, head } = envelope;
  return {
    id, log: head.log, n: head.n, stream: head.stream, b: body, x: write_json(values),
    epoch: null, position: null, receipt: null,
  };
}

async function keep_original(
  tx: Tx, sha256: string, type: string, role: string, data: Blob,
): Promise<void> {
  const known = await tx.objectStore("blob").index("sha256").get(sha256);
  const seq = known?.seq ?? await tx.objectStore("blob").add({
    sha256, type, role, size: data.size,
    upload: null, epoch: null, position: null, receipt: null,
  });
  if (await tx.objectStore("original").getKey(seq) === undefined) {
    await tx.objectStore("original").put(data, seq);
  }
}

function is_pair(held: object | undefined): held is CryptoKeyPair {
  return held !== undefined && "privateKey" in held;
}
