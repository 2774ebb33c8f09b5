// The tablet's place in the browser: the outbox, the projection, one lock for the exchange.
//
// The twin of `store.py`. Several tabs may be open at once: all may write, one exchanges. May
// not enter: what is kept (`outbox`, `projection`), the network.

import type { Claim } from "../../../../sync/exchange.ts";
import { Refused } from "../../../../sync/problems.ts";
import { droppable, frozen } from "./database.ts";
import {
  OUTBOX, OUTBOX_NAME, PROJECTION, PROJECTION_NAME, PROJECTION_VERSION, VERSION,
} from "./layout.ts";
import { Outbox, type OutboxSchema } from "./outbox.ts";
import { Persons } from "./persons.ts";
import { Projection, type ProjectionSchema } from "./projection.ts";
import { Room } from "./room.ts";
import { Vouchers } from "./vouchers.ts";

const MEMORY = "doorstep.outbox.known"; // beside the outbox, for the day when it is gone
const EXCHANGE = "doorstep exchange";

/** The open store of this browser. */
export class Store {
  readonly outbox: Outbox;
  readonly vouchers: Vouchers;
  readonly persons: Persons;
  readonly projection: Projection;
  readonly room: Room;

  private constructor(outbox: Outbox, persons: Persons, projection: Projection, room: Room) {
    this.outbox = outbox;
    this.vouchers = new Vouchers(outbox.db);
    this.persons = persons;
    this.projection = projection;
    this.room = room;
  }

  /** Open both databases. An outbox that was here and is gone is never begun anew in
   * silence: what it held is named, and nothing is touched (F13). */
  static async open(): Promise<Store> {
    const held = frozen<OutboxSchema>(OUTBOX_NAME, VERSION, OUTBOX, refuse_a_second);
    await held.open();
    const kept = droppable<ProjectionSchema>(PROJECTION_NAME, PROJECTION_VERSION, PROJECTION);
    const room = new Room();
    held.release = () => room.release();
    kept.release = () => room.release();
    const persons = new Persons(held);
    const last = await persons.last();
    const projection = new Projection(kept, last?.enrolment.actor ?? "");
    await kept.open();
    if (last !== null) void room.hold();
    return new Store(new Outbox(held), persons, projection, room);
  }

  async close(): Promise<void> {
    await this.outbox.db.close();
    await this.projection.db.close();
  }

  /** Do this while nobody else exchanges; `exchange_busy` if another tab does. */
  async exchanging<T>(work: () => Promise<T>): Promise<T> {
    return navigator.locks.request(EXCHANGE, { ifAvailable: true }, async (lock) => {
      if (lock === null) throw new Refused("exchange_busy");
      const done = await work();
      void this.room.hold(); // what was let go may have made room for it again
      return done;
    }) as Promise<T>;
  }

  /** Note beside the outbox what it held, for the day when it is gone (F13). */
  remember(claims: readonly Claim[], at_ms: number): void {
    const last = claims.at(-1);
    if (last === undefined) return;
    const unsent = claims.reduce((sum, one) => sum + one.unsent, 0);
    const held = { log: last.log, n: last.n, unsent, at_ms };
    localStorage.setItem(MEMORY, JSON.stringify(held));
  }
}

/** A person has read that the outbox is lost; the tablet may be enrolled anew. */
export function begin_anew(): void {
  localStorage.removeItem(MEMORY);
}

function refuse_a_second(): void {
  const memory = localStorage.getItem(MEMORY);
  if (memory === null) return;
  const { log = "?", n = 0, unsent = 0 } = JSON.parse(memory) as Record<string, string>;
  throw new Refused("outbox_lost", { path: OUTBOX_NAME, log, n, unsent });
}
