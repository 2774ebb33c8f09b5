// The people of this tablet and what they began and have not told yet.
//
// They lie with the outbox, for there is no other copy. Who is in changes nothing that was
// written: a log belongs to the device, a fact to whoever was in (F14). May not enter: how a
// person proves who they are, what a draft means.

import { Refused } from "../../../../sync/problems.ts";
import type { Database } from "./database.ts";
import type { OutboxSchema } from "./outbox.ts";
import type { Enrolment } from "./owed.ts";

/** A person's PIN, as far as it is needed to know it again, and how often it was wrong. */
export interface Lock {
  readonly salt: string;
  readonly rounds: number;
  readonly digest: string;
  readonly wrong: number;
  readonly until_ms: number; // no attempt before; wall clock
}

export interface PersonRow {
  readonly actor: string;
  readonly enrolment: string;
  readonly lock: Lock | null;
}

export interface DraftRow {
  readonly person: string;
  readonly name: string;
  readonly value: unknown;
  readonly at_ms: number;
}

/** Somebody who uses this tablet. */
export interface Person {
  readonly enrolment: Enrolment;
  readonly lock: Lock | null;
}

/** The people and drafts in an open outbox. */
export class Persons {
  private readonly db: Database<OutboxSchema>;

  constructor(db: Database<OutboxSchema>) {
    this.db = db;
  }

  /** Everybody who was enrolled on this tablet. */
  async all(): Promise<readonly Person[]> {
    const rows = await this.db.reading(
      ["person"], (tx) => tx.objectStore("person").getAll());
    return rows.map(person_of);
  }

  /** Who is in; null if nobody is. */
  async present(): Promise<Person | null> {
    return this.chosen(true);
  }

  /** Who is in, or was last: in whose name the tablet speaks to the server. */
  async last(): Promise<Person | null> {
    return this.chosen(false);
  }

  private chosen(only_in: boolean): Promise<Person | null> {
    return this.db.reading(["device", "person"], async (tx) => {
      const held = await tx.objectStore("device").get("person");
      if (held === undefined || !("actor" in held) || (only_in && !held.in)) return null;
      const row = await tx.objectStore("person").get(held.actor);
      return row === undefined ? null : person_of(row);
    });
  }

  /** Keep who this tablet is for this person, who is in from now on; open the tablet's first
   * log. */
  async enrol(enrolment: Enrolment, log: string): Promise<void> {
    const { actor } = enrolment;
    await this.db.writing(["device", "person", "log"], async (tx) => {
      const known = await tx.objectStore("person").get(actor);
      const row = { actor, enrolment: JSON.stringify(enrolment), lock: known?.lock ?? null };
      await tx.objectStore("person").put(row);
      await tx.objectStore("device").put({ actor, in: true }, "person");
      if (await tx.objectStore("log").count() === 0) {
        await tx.objectStore("log").add({ name: log, n: 0, tip: null });
      }
    });
  }

  /** This person takes over the tablet. */
  async let_in(actor: string): Promise<void> {
    await this.db.writing(["device", "person"], async (tx) => {
      if (await tx.objectStore("person").getKey(actor) === undefined) {
        throw new Refused("person_not_here", { person: actor });
      }
      await tx.objectStore("device").put({ actor, in: true }, "person");
    });
  }

  /** Nobody is in any more. */
  async leave(): Promise<void> {
    await this.db.writing(["device"], async (tx) => {
      const held = await tx.objectStore("device").get("person");
      if (held === undefined || !("actor" in held)) return;
      await tx.objectStore("device").put({ ...held, in: false }, "person");
    });
  }

  /** Change a person's lock, by what it is at that moment. */
  async change_lock(actor: string, to: (lock: Lock | null) => Lock | null): Promise<void> {
    await this.db.writing(["person"], async (tx) => {
      const row = await tx.objectStore("person").get(actor);
      if (row === undefined) throw new Refused("person_not_here", { person: actor });
      await tx.objectStore("person").put({ ...row, lock: to(row.lock) });
    });
  }

  // drafts

  /** What this person began under this name; undefined if nothing. */
  async draft(person: string, name: string): Promise<DraftRow | undefined> {
    return this.db.reading(["draft"], (tx) => tx.objectStore("draft").get([person, name]));
  }

  /** Everything that this person began. */
  async drafts(person: string): Promise<readonly DraftRow[]> {
    const all = await this.db.reading(["draft"], (tx) => tx.objectStore("draft").getAll());
    return all.filter((one) => one.person === person);
  }

  /** Keep what this person began; `undefined` ends it. */
  async keep_draft(
    person: string, name: string, value: unknown, at_ms: number,
  ): Promise<void> {
    await this.db.writing(["draft"], async (tx) => {
      const store = tx.objectStore("draft");
      if (value === undefined) await store.delete([person, name]);
      else await store.put({ person, name, value, at_ms });
    });
  }
}

function person_of(row: PersonRow): Person {
  return { enrolment: JSON.parse(row.enrolment) as Enrolment, lock: row.lock };
}
