// Several people on one tablet, in shifts: each with a code of their own, and a PIN.
//
// Who is in decides who signs the next fact, and nothing else: switching and logging out
// never touch what was written (F14, U14). A PIN keeps a colleague out, not a thief with
// tools; so wrong ones are counted and slowed. May not enter: screens, the network.

import { b64, bytes_of, unb64 } from "../../../../sync/envelope.ts";
import { Refused } from "../../../../sync/problems.ts";
import type { Lock, Person } from "../store/persons.ts";
import type { Store } from "../store/store.ts";
import type { Clocks } from "./clocks.ts";
import type { Chance } from "./keys.ts";

export const ROUNDS = 310_000; // of PBKDF2-HMAC-SHA-256
export const PIN = /^[0-9]{4,12}$/;
const SALT_BYTES = 16;
const FREE_ATTEMPTS = 4;
const FIRST_WAIT_MS = 15_000;
const MOST_WAIT_MS = 15 * 60_000;

/** The people of this tablet. */
export class People {
  private readonly store: Store;
  private readonly clocks: Clocks;
  private readonly chance: Chance;

  constructor(store: Store, clocks: Clocks, chance: Chance) {
    this.store = store;
    this.clocks = clocks;
    this.chance = chance;
  }

  /** Everybody who was enrolled on this tablet. */
  all(): Promise<readonly Person[]> {
    return this.store.persons.all();
  }

  /** Who is in; null if nobody is. */
  present(): Promise<Person | null> {
    return this.store.persons.present();
  }

  /** A new PIN for whoever is in. */
  async set_pin(pin: string): Promise<void> {
    if (!PIN.test(pin)) throw new Refused("pin_misshapen");
    const person = await this.present();
    if (person === null) throw new Refused("nobody_in");
    const salt = this.chance(SALT_BYTES);
    const digest = await stretched(pin, salt, ROUNDS);
    const lock = { salt: b64(salt), rounds: ROUNDS, digest, wrong: 0, until_ms: 0 };
    await this.store.persons.change_lock(person.enrolment.actor, () => lock);
  }

  /** Is this the PIN of this person? Refused if it is not, or too soon after a wrong one. An
   * attempt is counted before it is looked at, so that none is free. */
  async unlock(actor: string, pin: string): Promise<void> {
    const now = this.clocks.wall_ms();
    let found: Lock | null = null;
    await this.store.persons.change_lock(actor, (lock) => {
      found = lock;
      if (lock === null || now < lock.until_ms) return lock;
      const wrong = lock.wrong + 1;
      return { ...lock, wrong, until_ms: now + slowed_ms(wrong) };
    });
    const lock = found as Lock | null; // set in the transaction, out of the compiler's sight
    if (lock === null) return;
    if (now < lock.until_ms) throw slow(lock.until_ms - now);
    if (await stretched(pin, unb64(lock.salt), lock.rounds) !== lock.digest) {
      throw new Refused("pin_wrong");
    }
    await this.store.persons.change_lock(
      actor, (held) => held && { ...held, wrong: 0, until_ms: 0 });
  }

  /** This person takes over the tablet, with or without a network. What others have not
   * handed in yet is handed in as before. */
  async switch_to(actor: string, pin: string): Promise<void> {
    await this.unlock(actor, pin);
    await this.store.persons.let_in(actor);
    this.store.projection.person = actor;
  }

  /** Nobody uses the tablet any more. Refused while it holds what the server has not: it may
   * lie in a drawer for weeks (U14). */
  async log_out(): Promise<void> {
    const facts = (await this.store.outbox.waiting()).length;
    const originals = (await this.store.outbox.originals()).filter((one) => one.waiting).length;
    if (facts + originals) throw new Refused("unsent_left", { facts, originals });
    await this.store.persons.leave();
  }
}

/** How long to wait after so many wrong ones: doubling, up to a quarter of an hour. */
export function slowed_ms(wrong: number): number {
  const over = wrong - FREE_ATTEMPTS;
  return over < 1 ? 0 : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(over - 1, 20));
}

function slow(wait_ms: number): Refused {
  return new Refused("pin_slow", { seconds: Math.ceil(wait_ms / 1000) });
}

async function stretched(
  pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number,
): Promise<string> {
  const key = await crypto.subtle.importKey(
    "raw", bytes_of(pin), "PBKDF2", false, ["deriveBits"]);
  const form = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return b64(new Uint8Array(await crypto.subtle.deriveBits(form, key, 256)));
}
