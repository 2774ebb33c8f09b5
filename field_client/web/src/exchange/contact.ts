// A contact with the server while it lasts: hello, and what every stage of an exchange
// needs at hand. The twin of `contact.py`.
//
// May not enter: which stages there are, what they do.

import { Opened } from "../../../../sync/epochs.ts";
import { Claim, Limits, Welcome } from "../../../../sync/exchange.ts";
import { LogHead } from "../../../../sync/heads.ts";
import { is_list, type Json } from "../../../../sync/json.ts";
import { Reading, type Anchor } from "../../../../sync/reading.ts";
import { known_heads } from "../store/heads.ts";
import { Projection } from "../store/projection.ts";
import type { Store } from "../store/store.ts";
import type { Clocks } from "../tablet/clocks.ts";
import { new_log } from "../tablet/keys.ts";
import { stays } from "../tablet/persistence.ts";
import { read_welcome } from "./answers.ts";
import { come_in_again, NO_TOKEN, UNSEALED, type Door } from "./door.ts";
import { Answered, NoAnswer } from "./transport.ts";

export const CLIENT = "tablet/0.1.0";
export const PROTOCOL = 1; // 1: 2026-11, the first; spoken by everybody
const UNRECEIPTED = "unreceipted:"; // and a lane: ids or digests
const FORGOTTEN = "credentials_wrong";
const HELLO_MS = 20_000; // a line that says nothing for so long is none
const MOST_HELLOS = 100; // with vouchers, after a restore

/** What, how much is done, of how much. */
export type Watch = (what: string, done: number, of: number) => void;
export const quiet: Watch = () => {};

/** What held up a part of an exchange; nothing is lost by it. */
export interface Trouble {
  readonly stage: string;
  readonly code: string;
  readonly words: string;
}

/** What one exchange did. */
export class Report {
  facts = 0; // came into custody
  documents = 0;
  gone = 0;
  originals = 0;
  complete = false; // everything was taken home
  poll_ms = 60_000;
  retry_after_ms: number | null = null;
  readonly troubles: Trouble[] = [];
  readonly flaws = new Map<string, string>(); // original -> what is wrong with it

  /** Note what held up a stage, once. */
  trouble(stage: string, code: string, words = ""): void {
    const known = this.troubles.some((one) =>
      one.stage === stage && one.code === code && one.words === words);
    if (!known) this.troubles.push({ stage, code, words });
  }
}

/** One exchange under way. `projection` stays that of whoever it began for, also if another
 * person takes the tablet meanwhile. */
export class Exchanging {
  readonly store: Store;
  readonly projection: Projection;
  readonly door: Door;
  readonly clocks: Clocks;
  readonly watch: Watch;
  readonly report = new Report();
  welcome: Welcome | null = null;
  head: LogHead | null = null; // the newest that was heard of

  constructor(store: Store, door: Door, clocks: Clocks, watch: Watch = quiet) {
    this.store = store;
    this.projection = new Projection(store.projection.db, door.who.actor);
    this.door = door;
    this.clocks = clocks;
    this.watch = watch;
  }

  /** The server says that its book has come so far. */
  saw(head: LogHead | null): void {
    if (head !== null) this.head = head;
  }

  /** What one push may hold. */
  get limits(): Limits {
    return this.welcome?.limits ?? Limits.make({});
  }

  /** The server's epoch at hello. */
  get epoch(): string {
    return this.welcome?.epoch ?? "";
  }

  /** Say how far every log has got and what was heard last; learn the server's time and
   * epoch. The chain tips go first: they freeze everything behind them in time. A server
   * that went back in time is shown its own vouchers at once, before anything else, so that
   * nothing becomes later by it. */
  async hello(): Promise<Welcome> {
    const { vouchers } = this.store;
    let welcome = await this.greeted();
    for (let turn = 0; turn < MOST_HELLOS; turn++) {
      const due = await vouchers.due();
      if (!due.size) break;
      welcome = await this.greet([...due.values()]);
      await vouchers.shown([...due.keys()], welcome.epoch);
    }
    return welcome;
  }

  /** Hello, also to a server that has a new key, or has forgotten this device. */
  private async greeted(): Promise<Welcome> {
    try {
      return await this.greet();
    } catch (no) {
      const unsealed = no instanceof NoAnswer && no.message === UNSEALED;
      if (unsealed && await this.door.follow_keys()) return this.greet();
      const forgotten = no instanceof Answered && no.code === FORGOTTEN;
      if (!forgotten || !this.door.who.certificate) throw no;
    }
    await come_in_again(this.door.call, this.door.who, this.door.key.publicKey);
    return this.greet();
  }

  /** What the server took in this exchange and gave no receipt for. It waits, is handed in
   * again, and people are told: a yes without a receipt is none. */
  async note_unreceipted(lane: string, names: readonly string[]): Promise<void> {
    const note = `${UNRECEIPTED}${lane}`;
    if (names.length) this.report.trouble(lane, "receipt_missing", String(names.length));
    if (names.length || (await this.projection.note(note)) !== null) {
      await this.projection.keep_note(note, names);
    }
  }

  private async greet(vouchers_due: readonly string[] = []): Promise<Welcome> {
    const { outbox, vouchers } = this.store;
    this.door.token = NO_TOKEN;
    const sent = this.clocks.reading();
    const claims = await outbox.claims(Reading.wire(sent));
    const hello = await this.hello_text(claims, vouchers_due);
    const welcome = read_welcome(
      await this.door.ask_json("POST", "/v1/sync/hello", hello, HELLO_MS),
    );
    const last = claims.at(-1) ?? null;
    await this.keep(welcome, sent, this.clocks.reading());
    this.store.remember(claims, sent.wall_ms);
    await vouchers.learn(welcome.epochs);
    await outbox.meet(welcome.epoch, welcome.durable_through);
    await vouchers.keep(welcome.voucher, welcome.epoch, last);
    if (welcome.new_instance && last) await this.begin_log(last.log);
    this.saw(welcome.head);
    this.door.token = welcome.token;
    this.welcome = welcome;
    this.report.poll_ms = welcome.poll_ms;
    return welcome;
  }

  private async hello_text(
    claims: readonly Claim[], vouchers_due: readonly string[],
  ): Promise<Json> {
    const { projection } = this;
    const { vouchers } = this.store;
    const { head } = known_heads();
    const known: [string, Json][] = [
      ["voucher", await vouchers.newest()], ["cursor", await projection.cursor()],
      ["head", head && LogHead.write(head)],
    ];
    const epochs = [...(await vouchers.epochs()).values()];
    const hello = new Map<string, Json>([
      ["claims", claims.map(Claim.write)], ["client", CLIENT], ["protocol", PROTOCOL],
      ["knows", new Map(known.filter(([, held]) => held))],
      ["epochs", epochs.map(Opened.write)], ["storage", await this.storage()],
    ]);
    if (vouchers_due.length) hello.set("vouchers", vouchers_due);
    return hello;
  }

  /** How safe its records lie: may the browser throw them away, how much more fits. */
  private async storage(): Promise<Json> {
    const free = await this.store.room.free_bytes();
    return new Map<string, Json>([
      ["persisted", await stays()], ["free_bytes", Math.floor(free)],
    ]);
  }

  /** The server knows more of this log than this tablet does: its data were put back, or it
   * was copied. It goes on under a new name, and says so (F13). */
  private async begin_log(log: string): Promise<void> {
    await this.store.outbox.open_log(log, new_log(this.door.who.device));
    this.report.trouble("hello", "tablet_went_back", log);
  }

  private async keep(welcome: Welcome, sent: Reading, got: Reading): Promise<void> {
    const anchor: Anchor = {
      server_ms: welcome.server_ms, wall_ms: got.wall_ms, boot_ms: got.boot_ms,
      boot: got.boot, rtt_ms: elapsed_ms(sent, got),
    };
    await this.projection.keep_contact({
      token: welcome.token, anchor, poll_ms: welcome.poll_ms,
      limits: new Map(Object.entries(welcome.limits)),
    });
    await this.projection.keep_note("welcome", Welcome.write(welcome));
  }
}

/** Ids and digests that the server took lately without a receipt: people are told. */
export async function unreceipted(projection: Projection): Promise<ReadonlySet<string>> {
  const lanes = ["facts", "signatures", "photos"].map((lane) => `${UNRECEIPTED}${lane}`);
  const held = await Promise.all(lanes.map((name) => projection.note(name)));
  return new Set(held.flatMap((one) => (is_list(one) ? one.map(String) : [])));
}

/** How long the way took, by the clock that nobody can set where there is one. */
function elapsed_ms(sent: Reading, got: Reading): number {
  if (sent.boot_ms !== null && got.boot_ms !== null && sent.boot === got.boot) {
    return got.boot_ms - sent.boot_ms;
  }
  return Math.max(0, got.wall_ms - sent.wall_ms);
}
