// Write a fact, read an order, exchange once.
//
// The twin of `client.py`, and the one object that screens hold. It works without a network
// for every order that was taken home; only `enrol` and the exchange know a server. May not
// enter: screens, IndexedDB, HTTP.

import {
  bytes_of, committed, hex, sha256, type BlobRef, type Head,
} from "../../../../sync/envelope.ts";
import { wait_ms } from "../../../../sync/exchange.ts";
import { write_fact, type Fact, type What } from "../../../../sync/facts.ts";
import { round_due } from "../../../../sync/order.ts";
import { Refused } from "../../../../sync/problems.ts";
import { Reading } from "../../../../sync/reading.ts";
import { draw_up, MEDIA_TYPE, shown_hash } from "../../../../sync/sheet.ts";
import { Exchanging, quiet, type Report, type Watch } from "../exchange/contact.ts";
import { Door, enrol } from "../exchange/door.ts";
import { EVERYTHING, exchange_once, type Stage } from "../exchange/exchange.ts";
import { http_call, type Bytes, type Call } from "../exchange/transport.ts";
import type { Made } from "../store/outbox.ts";
import type { Enrolment, Place } from "../store/owed.ts";
import type { Shown } from "../store/projection.ts";
import type { Store } from "../store/store.ts";
import { DEVICE, type Clocks, type Look } from "./clocks.ts";
import { CHANCE, make_key, new_log, salted, share, type Chance } from "./keys.ts";
import { Orders } from "./orders.ts";
import { People } from "./people.ts";
import { ask_to_stay } from "./persistence.ts";
import { is_as_shown } from "./sheets.ts";
import type { Sight } from "./sight.ts";

export const STROKES_TYPE = "application/vnd.doorstep.strokes+json";
const MOST_PRIVATE_BYTES = 64 * 1024;

/** Bytes and their media type. */
export type Handed = readonly [data: Bytes, type: string];
export type Words = Readonly<Record<string, string>>;
export type Check = (sight: Sight) => void;

/** Whatever is seen, the fact may be written. */
const unchecked: Check = () => {};

export interface Telling {
  /** May refuse, looking at the order as it is when the fact takes its place. */
  readonly check?: Check;
  /** The sheet on which it is said: its basis is what stood behind it. */
  readonly shown?: Shown;
  /** Names of the drafts that end with it, in the same transaction. */
  readonly ends?: readonly string[];
}

/** What is being told, as it was when somebody acted. */
interface Begun {
  readonly stream: string;
  readonly what: What;
  readonly words: Words;
  readonly clocks: Look;
  readonly kept: ReadonlyMap<string, Blob>;
  readonly refs: Promise<readonly BlobRef[]>;
}

/** One tablet. `call` reaches the server; without it, HTTP does. */
export class Client extends Orders {
  readonly people: People;
  /** Refuses what nobody may say now, whoever asks: the app's rule, also for its own
   * screens (U27). */
  guard: (what: What, stream: string) => Promise<void> = () => Promise.resolve();
  /** Called after each fact, and when somebody was enrolled: there is news to exchange. */
  told: () => void = () => {};
  private turn: Promise<unknown> = Promise.resolve();
  private readonly chance: Chance;
  private readonly call: Call | null;

  constructor(
    store: Store, clocks: Clocks = DEVICE, chance: Chance = CHANCE, call: Call | null = null,
  ) {
    super(store, clocks);
    this.chance = chance;
    this.call = call;
    this.people = new People(store, clocks, chance);
  }

  // who

  /** Become a known device, or let one more person onto it. The key is on disk before
   * anybody hears of it, so a lost answer is asked for again with the same code and key. */
  async enrol(code: string, server: string, name: string): Promise<Enrolment> {
    ask_to_stay();
    const { publicKey } = await this.store.outbox.key(make_key);
    const call = this.call ?? http_call(server);
    const enrolment = await enrol(call, server, code, publicKey, name);
    const others = await this.store.persons.all();
    if (others.some((one) => one.enrolment.device !== enrolment.device)) {
      throw new Refused("already_enrolled");
    }
    await this.store.persons.enrol(enrolment, new_log(enrolment.device, this.chance));
    this.store.projection.person = enrolment.actor;
    this.told();
    return enrolment;
  }

  /** Who is in, and to which server. */
  async who(): Promise<Enrolment> {
    const person = await this.store.persons.present();
    if (person !== null) {
      this.store.projection.person = person.enrolment.actor; // another tab may have switched
      return person.enrolment;
    }
    const known = await this.store.persons.last();
    throw new Refused(known === null ? "not_enrolled" : "nobody_in");
  }

  // writing

  /** Write down what happened; it is on disk when this is answered.
   *
   * The basis is the document that is seen now, or the one that stood behind the sheet
   * `shown`. Clocks are read and bytes are copied at once, before anything else; what is told
   * one after the other is kept in that sequence, however long its bytes are. */
  tell(
    stream: string, what: What, words: Words = {},
    blobs: Readonly<Record<string, Handed>> = {}, how: Telling = {},
  ): Promise<Fact> {
    const clocks = this.clocks.look();
    ask_to_stay();
    const kept = new Map(Object.entries(blobs).map(
      ([role, [data, type]]) => [role, new Blob([data], { type })]));
    const refs = Promise.all(Object.entries(blobs).map(([role, one]) => ref(role, one)));
    const begun = { stream, what, words, clocks, kept, refs };
    const told = this.turn.then(() => this.write(begun, how));
    this.turn = told.catch(() => undefined);
    return told;
  }

  private async write(
    { stream, what, words, clocks, kept, refs: named }: Begun,
    { check, shown, ends = [] }: Telling,
  ): Promise<Fact> {
    await this.guard(what, stream);
    const refs = await named;
    const who = await this.who();
    const at = await this.reading(clocks);
    const values = salted(bounded(words), this.chance);
    const promised = await committed(values);

    const make = async (place: Place): Promise<Made> => {
      const sight = await this.before(stream, what);
      (check ?? unchecked)(sight);
      const head: Head = {
        stream, log: place.log, n: place.n, prev: place.prev,
        epoch: shown?.epoch ?? sight.epoch, basis: shown?.rev ?? sight.rev,
        lamport: sight.order.lamport + 1, by: who.actor, at: Reading.wire(at),
        private: promised, blobs: refs,
      };
      return [await write_fact(what, head), values, kept];
    };

    const ended = ends.map((name) => [who.actor, name] as const);
    const fact = await this.store.outbox.write(make, ended);
    this.told();
    return fact;
  }

  private async reading(clocks: Look): Promise<Reading> {
    const contact = await this.store.projection.contact();
    return this.clocks.reading(contact?.anchor ?? null, contact?.token ?? null, clocks);
  }

  /** Read the clocks and note it, on this occasion: the start, an order opened, a while
   * online. */
  async note_reading(why: string): Promise<void> {
    const reading = await this.reading(this.clocks.look());
    await this.store.projection.keep_reading(why, Reading.wire(reading));
  }

  // what was begun

  /** What whoever is in began under this name; undefined if nothing. */
  async draft<T>(name: string): Promise<T | undefined> {
    const { actor } = await this.who();
    return (await this.store.persons.draft(actor, name))?.value as T | undefined;
  }

  /** Keep what whoever is in began; `undefined` ends it. */
  async keep_draft(name: string, value: unknown): Promise<void> {
    ask_to_stay();
    const { actor } = await this.who();
    await this.store.persons.keep_draft(actor, name, value, this.clocks.wall_ms());
  }

  // the sheet

  /** Draw up the sheet of the round that is due, and keep it as the one shown. */
  async show_sheet(stream: string, language: string, consent: string): Promise<Shown> {
    const sight = await this.order(stream);
    const { price_lists } = await this.policy();
    const round = round_due(sight.order);
    const shown: Shown = {
      stream, round, rev: sight.rev, epoch: sight.epoch, lamport: sight.order.lamport,
      sheet: draw_up(sight.order, round, language, consent, price_lists),
    };
    await this.store.projection.keep_shown(shown);
    return shown;
  }

  /** The sheet on the screen. */
  async shown(stream: string): Promise<Shown> {
    const shown = await this.store.projection.shown(stream);
    if (shown === null) throw new Refused("sheet_not_shown");
    return shown;
  }

  /** The owner's word on exactly the sheet that was shown (A2); refused if drawing it up now
   * gives anything else, or if the word names another sheet. */
  async tell_on_sheet(
    shown: Shown, what: What, words: Words, strokes: Bytes | null,
    { check, ends = [] }: Omit<Telling, "shown"> = {},
  ): Promise<Fact> {
    const { price_lists } = await this.policy();
    const digest = await shown_hash(shown.sheet);
    const changed = new Refused("sheet_changed", { shown: digest.slice(0, 8).toUpperCase() });
    if ("sheet" in what.says && what.says.sheet !== digest) throw changed;

    const unchanged: Check = (sight) => {
      if (!is_as_shown(shown, sight.order, price_lists)) throw changed;
      check?.(sight);
    };

    const sheet: Handed = [shown.sheet, MEDIA_TYPE];
    const blobs = strokes === null
      ? { sheet } : { sheet, signature: [strokes, STROKES_TYPE] as Handed };
    return this.tell(shown.stream, what, words, blobs, { check: unchanged, shown, ends });
  }

  // the exchange

  /** Hello, then each stage as far as it gets; what fails stays for next time.
   *
   * It goes on while the tablet is locked or nobody is in, in the name of whoever was in
   * last. `again`: people ask for what lies on a shelf or was refused to be tried anew. */
  async exchange_once(
    stages: readonly Stage[] = EVERYTHING,
    { again = false, watch = quiet, stop }: {
      readonly again?: boolean; readonly watch?: Watch; readonly stop?: AbortSignal;
    } = {},
  ): Promise<Report> {
    const person = await this.store.persons.last();
    const key = await this.store.outbox.held_key();
    if (person === null || key === null) throw new Refused("not_enrolled");
    const who = person.enrolment;
    return this.store.exchanging(async () => {
      const door = await Door.to(this.call ?? http_call(who.server), who, key, stop);
      const exchange = new Exchanging(this.store, door, this.clocks, watch);
      return exchange_once(exchange, stages, { again });
    });
  }

  /** How long to wait before the next exchange (F25, F27). */
  wait_ms(failures: number, report: Report | null): number {
    const asked = report?.retry_after_ms ?? null;
    if (failures === 0 && report !== null) return Math.max(report.poll_ms, asked ?? 0);
    return wait_ms(failures, share(this.chance), asked);
  }
}

/** Private values that fit into a push beside their body. */
function bounded(words: Words): ReadonlyMap<string, string> {
  const size = Object.values(words).reduce((sum, one) => sum + bytes_of(one).length, 0);
  if (size > MOST_PRIVATE_BYTES) {
    throw new Refused("words_too_long", { limit: MOST_PRIVATE_BYTES });
  }
  return new Map(Object.entries(words));
}

async function ref(role: string, [data, type]: Handed): Promise<BlobRef> {
  return { sha256: hex(await sha256(data)), bytes: data.length, type, role };
}
