// What the tablet took home: documents, cursor, the newest contact, the policy.
//
// The twin of `projection.py`. All of it may be dropped at any time and is pulled again;
// nothing in here is the only copy of anything that a person recorded. Documents and cursor
// belong to one person, the rest to the tablet. May not enter: facts of this tablet.

import { Gone, Lane, type Document, type Page } from "../../../../sync/exchange.ts";
import {
  is_object, read_json, write_json, type Json, type JsonObject,
} from "../../../../sync/json.ts";
import { typed } from "../../../../sync/plain.ts";
import type { Anchor } from "../../../../sync/reading.ts";
import type { Database, Writing } from "./database.ts";
import {
  AnchorRecord, ContactRecord, former_of, goes_on, held_of, lane_as_json, lane_of, written,
  type Contact, type Former, type Held, type ProjectionSchema, type Pull, type Shown,
} from "./taken.ts";

export type { Contact, Former, Held, ProjectionSchema, Shown } from "./taken.ts";

const MOST_ANCHORS = 1000;
const MOST_READINGS = 500;

type Tx = Writing<ProjectionSchema>;
const OF_PERSON = ["document", "former", "shown"] as const;

/** The projection in one open database, as one person sees it. */
export class Projection {
  readonly db: Database<ProjectionSchema>;
  person: string; // of whoever is in; empty before anybody is

  constructor(db: Database<ProjectionSchema>, person = "") {
    this.db = db;
    this.person = person;
  }

  // small things, each under its name

  /** What was noted under this name, or null. */
  async note(name: string): Promise<Json> {
    return this.db.reading(["note"], (tx) => noted(tx, name));
  }

  /** Note something under a name, in place of what was noted there. */
  async keep_note(name: string, value: Json): Promise<void> {
    await this.db.writing(["note"], (tx) => note(tx, name, value));
  }

  /** What this lane remembers. */
  async lane(name: string): Promise<Lane> {
    const held = await this.note(`lane:${name}`);
    return is_object(held) ? lane_of(held) : new Lane();
  }

  /** Remember the lane for the next attempt, maybe of another tab. */
  async keep_lane(name: string, lane: Lane): Promise<void> {
    const said = lane_as_json(lane);
    const held = await this.note(`lane:${name}`);
    if (write_json(held) !== write_json(said)) await this.keep_note(`lane:${name}`, said);
  }

  // contacts

  /** The newest contact; null before the first. */
  async contact(): Promise<Contact | null> {
    const held = await this.note("contact");
    return held === null ? null : typed(ContactRecord, held);
  }

  /** Keep a contact, and its anchor for showing when own facts happened. */
  async keep_contact(contact: Contact): Promise<void> {
    const anchor = write_json(AnchorRecord.write(contact.anchor));
    const { token } = contact;
    await this.db.writing(["note", "anchor"], async (tx) => {
      await note(tx, "contact", ContactRecord.write(contact));
      const store = tx.objectStore("anchor");
      const seq = await store.index("token").getKey(token);
      if (seq !== undefined) await store.delete(seq);
      const newest = await store.add({ token, anchor });
      await store.delete(IDBKeyRange.upperBound(newest - MOST_ANCHORS));
    });
  }

  /** The contact that gave this token, if it is still remembered. */
  async anchor(token: string | null): Promise<Anchor | null> {
    if (token === null) return null;
    const row = await this.db.reading(
      ["anchor"], (tx) => tx.objectStore("anchor").index("token").get(token));
    return row === undefined ? null : typed(AnchorRecord, read_json(row.anchor, null));
  }

  /** Note what the clocks showed, and on what occasion. */
  async keep_reading(why: string, reading: JsonObject): Promise<void> {
    await this.db.writing(["reading"], async (tx) => {
      const store = tx.objectStore("reading");
      const newest = await store.add({ why, reading: write_json(reading) });
      await store.delete(IDBKeyRange.upperBound(newest - MOST_READINGS));
    });
  }

  /** What the clocks showed, oldest first. */
  async readings(): Promise<readonly { why: string; reading: string }[]> {
    return this.db.reading(["reading"], (tx) => tx.objectStore("reading").getAll());
  }

  // documents

  /** A page with its cursor, in one transaction (K3).
   *
   * After a reset, what the server did not send again goes once the last page is in. Orders
   * in `keep` (there is something unsafe) stay to their end, and so does work that nobody
   * ended: leaving scope is said, never inferred (K7). */
  async take_home(page: Page, keep: ReadonlySet<string>): Promise<void> {
    const rows = page.documents.map((one) => [one, written(one)] as const);
    await this.db.writing(["note", ...OF_PERSON], async (tx) => {
      let pull = await this.pull(tx);
      if (page.reset !== null) {
        pull = { ...pull, round: pull.round + 1, resetting: page.reset };
      }
      for (const [document, [rest, order]] of rows) {
        await this.put(tx, document, rest, order, page.epoch, pull.round);
      }
      for (const gone of page.gone) await this.mark_gone(tx, gone, page.epoch);
      if (pull.resetting !== null && page.complete) {
        await this.drop_older(tx, pull.round, pull.resetting, keep, page.epoch);
        pull = { ...pull, resetting: null };
      }
      await this.keep_pull(tx, { ...pull, cursor: page.cursor });
    }, false);
  }

  /** Where the next pull goes on. */
  async cursor(): Promise<string | null> {
    return (await this.db.reading(["note"], (tx) => this.pull(tx))).cursor;
  }

  private async pull(tx: NoteReader): Promise<Pull> {
    const held = await noted(tx, this.pull_name);
    const said: JsonObject = is_object(held) ? held : new Map();
    return {
      round: Number(said.get("round") ?? 0),
      resetting: text_or_null(said.get("resetting")),
      cursor: text_or_null(said.get("cursor")),
    };
  }

  private keep_pull(tx: NoteWriter, pull: Pull): Promise<void> {
    return note(tx, this.pull_name, new Map<string, Json>(Object.entries(pull)));
  }

  private get pull_name(): string {
    return `pull:${this.person}`;
  }

  private async put(
    tx: Tx, { stream, rev, mac }: Document, document: string, order: string,
    epoch: string, round: number,
  ): Promise<void> {
    await this.keep_former(tx, stream, epoch);
    await tx.objectStore("document").put({
      person: this.person, stream, rev, epoch, round, document, text: order, mac, gone: null,
    });
  }

  private async mark_gone(tx: Tx, gone: Gone, epoch: string): Promise<void> {
    await this.keep_former(tx, gone.stream, epoch);
    const row = await tx.objectStore("document").get([this.person, gone.stream]);
    if (row === undefined) return;
    const said = new Map<string, Json>([...(Gone.write(gone) as JsonObject), ["epoch", epoch]]);
    await tx.objectStore("document").put({ ...row, gone: write_json(said) });
  }

  private async drop_older(
    tx: Tx, round: number, why: string, keep: ReadonlySet<string>, epoch: string,
  ): Promise<void> {
    for (const row of await tx.objectStore("document").getAll(this.mine)) {
      const spared = keep.has(row.stream) || goes_on(read_json(row.text, null), why);
      if (row.round >= round || spared) continue;
      await this.keep_former(tx, row.stream, epoch);
      await tx.objectStore("document").delete([this.person, row.stream]);
      await tx.objectStore("shown").delete([this.person, row.stream]);
    }
  }

  /** Drop an order and everything personal about it. */
  async drop(stream: string): Promise<void> {
    await this.db.writing([...OF_PERSON], async (tx) => {
      await tx.objectStore("document").delete([this.person, stream]);
      await tx.objectStore("shown").delete([this.person, stream]);
      await tx.objectStore("former").delete(
        IDBKeyRange.bound([this.person, stream], [this.person, stream, []]));
    });
  }

  /** Drop everything that was taken home, whoever did: this tablet may read no more (F14). */
  async wipe(): Promise<void> {
    await this.db.writing(["note", "thumb", ...OF_PERSON], async (tx) => {
      for (const name of [...OF_PERSON, "thumb"] as const) await tx.objectStore(name).clear();
      await tx.objectStore("note").delete(IDBKeyRange.bound("pull:", "pull;"));
    });
  }

  // what an earlier epoch had shown

  /** Keep what another epoch's document said, before it is replaced or dropped: decisions in
   * it may be lost to the server. */
  private async keep_former(tx: Tx, stream: string, epoch: string): Promise<void> {
    const row = await tx.objectStore("document").get([this.person, stream]);
    if (row === undefined || row.epoch === epoch || row.mac === "") return;
    const { person, rev, text: order, mac, gone } = row;
    await tx.objectStore("former").put({
      person, stream, epoch: row.epoch, rev, text: order, mac, gone, shown_to: null,
    });
  }

  /** Documents of other epochs that this one has not been shown. */
  former(epoch: string): Promise<readonly Former[]> {
    return this.db.writing([...OF_PERSON], async (tx) => {
      const kept = new Set(await tx.objectStore("former").getAllKeys().then(
        (keys) => keys.map((key) => key.join("\n"))));
      for (const row of await tx.objectStore("document").getAll(this.mine)) {
        const key = [this.person, row.stream, row.epoch].join("\n");
        if (!kept.has(key)) await this.keep_former(tx, row.stream, epoch);
      }
      const rows = await tx.objectStore("former").getAll(this.mine);
      return rows.filter((row) => row.shown_to !== epoch).map(former_of);
    });
  }

  /** The server of this epoch has been shown these. */
  async shown_again(documents: Iterable<Former>, epoch: string): Promise<void> {
    const which = [...documents];
    await this.db.writing(["former"], async (tx) => {
      const store = tx.objectStore("former");
      for (const one of which) {
        const row = await store.get([this.person, one.stream, one.epoch]);
        if (row !== undefined) await store.put({ ...row, shown_to: epoch });
      }
    });
  }

  /** One order's document. */
  async document(stream: string): Promise<Held | null> {
    const row = await this.db.reading(
      ["document"], (tx) => tx.objectStore("document").get([this.person, stream]));
    return row === undefined ? null : held_of(row);
  }

  /** All documents that were taken home. */
  async documents(): Promise<readonly Held[]> {
    const rows = await this.db.reading(
      ["document"], (tx) => tx.objectStore("document").getAll(this.mine));
    return rows.map(held_of);
  }

  /** Every order that is on this tablet, whoever took it home. */
  async everyones(): Promise<ReadonlySet<string>> {
    const keys = await this.db.reading(
      ["document"], (tx) => tx.objectStore("document").getAllKeys());
    return new Set(keys.map(([, stream]) => stream));
  }

  // what was shown for signing

  /** Keep the sheet that is on the screen now. */
  async keep_shown(shown: Shown): Promise<void> {
    const row = { ...shown, person: this.person };
    await this.db.writing(["shown"], (tx) => tx.objectStore("shown").put(row));
  }

  /** The sheet of this order that was shown last. */
  async shown(stream: string): Promise<Shown | null> {
    const row = await this.db.reading(
      ["shown"], (tx) => tx.objectStore("shown").get([this.person, stream]));
    if (row === undefined) return null;
    const { round, rev, epoch, lamport, sheet } = row;
    return { stream, round, rev, epoch, lamport, sheet };
  }

  // small pictures, so that what was let go can still be seen

  async keep_thumb(sha256: string, picture: Blob): Promise<void> {
    await this.db.writing(
      ["thumb"], (tx) => tx.objectStore("thumb").put(picture, sha256), false);
  }

  async thumb(sha256: string): Promise<Blob | null> {
    const held = await this.db.reading(
      ["thumb"], (tx) => tx.objectStore("thumb").get(sha256));
    return held ?? null;
  }

  private get mine(): IDBKeyRange {
    return IDBKeyRange.bound([this.person], [this.person, []]);
  }
}

interface NoteReader {
  objectStore(name: "note"): { get(name: string): Promise<string | undefined> };
}
interface NoteWriter {
  objectStore(name: "note"): { put(value: string, name: string): Promise<string> };
}

async function noted(tx: NoteReader, name: string): Promise<Json> {
  const held = await tx.objectStore("note").get(name);
  return held === undefined ? null : read_json(held, null).get("value") ?? null;
}

async function note(tx: NoteWriter, name: string, value: Json): Promise<void> {
  await tx.objectStore("note").put(write_json(new Map([["value", value]])), name);
}

function text_or_null(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

