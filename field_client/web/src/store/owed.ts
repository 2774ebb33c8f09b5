// What is owed, as the outbox's records tell it: identity, places, facts, originals.
//
// The twin of `owed.py`. May not enter: databases, decisions.

import type { Private } from "../../../../sync/envelope.ts";
import { in_custody, Receipt } from "../../../../sync/exchange.ts";
import { read_json, type Json, type JsonObject } from "../../../../sync/json.ts";
import { typed } from "../../../../sync/plain.ts";
import type { Jwk } from "../../../../sync/signing.ts";

/** Who this tablet is to which server, for one of its people. */
export interface Enrolment {
  readonly device: string;
  readonly actor: string;
  readonly role: string;
  readonly server: string; // URL
  readonly server_key: Jwk;
  readonly certificate: string; // lets it in again where a restore forgot it
}

/** Where the next fact of a log stands. */
export interface Place {
  readonly log: string;
  readonly n: number;
  readonly prev: string | null;
}

/** A record of the outbox, as it lies there; texts and numbers only. */
export interface FactRow {
  readonly seq?: number;
  readonly id: string;
  readonly log: string;
  readonly n: number;
  readonly stream: string;
  readonly b: string;
  readonly x: string;
  readonly epoch: string | null;
  readonly position: number | null;
  readonly receipt: string | null;
}

export interface BlobRow {
  readonly seq?: number;
  readonly sha256: string;
  readonly type: string;
  readonly role: string;
  readonly size: number;
  readonly upload: string | null;
  readonly epoch: string | null;
  readonly position: number | null;
  readonly receipt: string | null;
}

/** What the server said last of itself. */
export interface ServerRow {
  readonly epoch: string | null;
  readonly durable_through: number;
  readonly voucher: string | null;
  readonly epochs: string | null;
}

type Settled = Pick<FactRow, "epoch" | "position" | "receipt">;

/** Has it no receipt that counts? */
export function is_waiting(row: Settled, server: ServerRow): boolean {
  return row.receipt === null || row.epoch !== server.epoch;
}

/** Is it in custody, and the server backed up beyond it? */
export function is_safe(row: Settled, server: ServerRow): boolean {
  return row.epoch !== null && row.epoch === server.epoch && row.position !== null &&
    row.position <= server.durable_through;
}

/** A fact of this tablet and what the server said of it. */
export class Owned {
  readonly id: string;
  readonly log: string;
  readonly n: number;
  readonly stream: string;
  readonly b: string;
  readonly x: Private;
  readonly epoch: string | null;
  readonly receipt: Receipt | null;
  readonly waiting: boolean;
  readonly safe: boolean;

  constructor(row: FactRow, server: ServerRow) {
    this.id = row.id;
    this.log = row.log;
    this.n = row.n;
    this.stream = row.stream;
    this.b = row.b;
    this.x = new Map([...read_json(row.x, null)].map(([name, held]) => [name, pair(held)]));
    this.epoch = row.epoch;
    this.receipt = row.receipt === null ? null : typed(Receipt, read_json(row.receipt, null));
    this.waiting = is_waiting(row, server);
    this.safe = is_safe(row, server);
  }

  /** Not in custody, and asking again will not help by itself. */
  get refused(): boolean {
    return !this.waiting && !(this.receipt !== null && in_custody(this.receipt));
  }

  /** What kind of fact it is, also if this version does not know it. */
  get kind(): string {
    return String(read_json(this.b, null).get("t"));
  }

  /** Who was in when it was written. */
  get by(): string {
    return String(read_json(this.b, null).get("by"));
  }

  /** As it is handed in. */
  get wire(): JsonObject {
    return new Map<string, Json>([["b", this.b], ["x", this.x]]);
  }
}

/** Bytes that belong to a fact, and how far they have got (V4). */
export interface Original {
  readonly seq: number;
  readonly sha256: string;
  readonly type: string;
  readonly role: string;
  readonly size: number;
  readonly upload: string | null;
  readonly flaw: string | null;
  readonly here: boolean; // its bytes are on this tablet
  readonly waiting: boolean;
  readonly safe: boolean;
}

export function original(row: BlobRow, server: ServerRow, here: boolean): Original {
  const flaw = row.receipt === null ? null : read_json(row.receipt, null).get("flaw");
  const { sha256, type, role, size, upload } = row;
  return {
    seq: row.seq ?? 0, sha256, type, role, size, upload, here,
    flaw: typeof flaw === "string" ? flaw : null,
    waiting: here && is_waiting(row, server), // bytes that were let go cannot wait
    safe: is_safe(row, server),
  };
}

function pair(held: Json): readonly [string, string] {
  const [salt, value] = held as readonly [string, string]; // as `_keep` wrote it
  return [salt, value];
}
