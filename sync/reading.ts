// What a device's clocks showed, and what the server can vouch for about it.
//
// The twin of `reading.py`: the shapes that carry time evidence. May not enter: a clock,
// and any judgement about the values (`timing.ts`).

import { is_object, type Json, type JsonObject } from "./json.ts";
import { Refused } from "./problems.ts";

export const LONGEST_NAME = 512; // characters of a token or a boot id

/** The device's clocks when a person acted, and when its newest token came in.
 *
 * `wall_ms` is UTC as the device believes it; the zone offset is for showing only. `boot`
 * names the run of the boot clock that `boot_ms` counts in. `token_boot_ms` belongs to the
 * same run: a device that restarted since the token leaves it out. */
export interface Reading {
  readonly wall_ms: number;
  readonly offset_minutes: number;
  readonly boot_ms: number | null;
  readonly boot: string | null;
  readonly token: string | null;
  readonly token_wall_ms: number | null;
  readonly token_boot_ms: number | null;
  readonly rtt_ms: number | null;
}

export const READING_KEYS = {
  w: "wall_ms", z: "offset_minutes", m: "boot_ms", i: "boot", k: "token",
  kw: "token_wall_ms", km: "token_boot_ms", kr: "rtt_ms",
} as const;
type Key = keyof typeof READING_KEYS;
const TEXTS: readonly Key[] = ["i", "k"];
const NEEDED: readonly Key[] = ["w", "z"];

export const Reading = {
  /** From the wire. Types are strict; no clock *value* is refused (32). */
  parse(at: Json): Reading {
    if (!is_object(at)) throw new Refused("reading_malformed", { field: "at" });
    for (const [key, value] of at) {
      if (is_key(key) && (value !== null || NEEDED.includes(key))) check(key, value);
    }
    const missing = NEEDED.find((key) => !at.has(key));
    if (missing) throw malformed(missing);
    return {
      wall_ms: whole(at, "w") ?? 0, offset_minutes: whole(at, "z") ?? 0,
      boot_ms: whole(at, "m"), boot: name(at, "i"), token: name(at, "k"),
      token_wall_ms: whole(at, "kw"), token_boot_ms: whole(at, "km"),
      rtt_ms: whole(at, "kr"),
    };
  },

  /** The short form that travels in a fact; what is unknown is left out. */
  wire(reading: Reading): JsonObject {
    const keys = Object.keys(READING_KEYS) as Key[];
    return new Map(keys.flatMap((key): [string, Json][] => {
      const value = reading[READING_KEYS[key]];
      return value === null ? [] : [[key, value]];
    }));
  },
};

/** One contact: the server's time, and the device's clocks at its own end of it.
 *
 * Before an act it is an answer (the device read its clocks up to `rtt_ms` after the
 * server's time), after an act a request (up to `rtt_ms` before it). null: nobody measured
 * the way; the policy's bound is used. */
export interface Anchor {
  readonly server_ms: number;
  readonly wall_ms: number;
  readonly boot_ms: number | null;
  readonly boot: string | null;
  readonly rtt_ms: number | null;
}

/** What the server swears to about one fact.
 *
 * Not before: the newest token among the fact and its chain's ancestors was given out
 * then. Not after: the server first saw the fact, or its chain's tip, then. */
export interface Witness {
  readonly not_before_ms: number | null;
  readonly not_after_ms: number | null;
  readonly before: Anchor | null;
  readonly after: Anchor | null;
}

export const NOBODY: Witness = {
  not_before_ms: null, not_after_ms: null, before: null, after: null,
};

/** The contact before the act, as the fact itself tells it; `server_ms` is the token's own
 * time, which the device cannot choose. */
export function token_anchor(reading: Reading, server_ms: number): Anchor | null {
  if (reading.token_wall_ms === null) return null;
  return {
    server_ms, wall_ms: reading.token_wall_ms, boot_ms: reading.token_boot_ms,
    boot: reading.boot, rtt_ms: reading.rtt_ms,
  };
}

/** The contact after the act: the clocks in the hello whose tip froze the fact. */
export function hello_anchor(reading: Reading, server_ms: number): Anchor {
  return {
    server_ms, wall_ms: reading.wall_ms, boot_ms: reading.boot_ms,
    boot: reading.boot, rtt_ms: null,
  };
}

/** What a tablet can say to itself before the exchange; B at best. */
export function own_witness(newest: Anchor | null): Witness {
  if (newest === null) return NOBODY;
  return { ...NOBODY, not_before_ms: newest.server_ms, before: newest };
}

/** The reading a device writes into a fact, given its newest contact. */
export function read_clocks(
  newest: Anchor | null,
  token: string | null,
  clocks: {
    readonly wall_ms: number;
    readonly offset_minutes: number;
    readonly boot_ms?: number | null;
    readonly boot?: string | null;
  },
): Reading {
  const boot = clocks.boot ?? null;
  const same_run = newest !== null && boot !== null && newest.boot === boot;
  return {
    wall_ms: clocks.wall_ms,
    offset_minutes: clocks.offset_minutes,
    boot_ms: clocks.boot_ms ?? null,
    boot,
    token,
    token_wall_ms: newest?.wall_ms ?? null,
    token_boot_ms: same_run ? newest.boot_ms : null,
    rtt_ms: newest?.rtt_ms ?? null,
  };
}

function is_key(key: string): key is Key {
  return Object.hasOwn(READING_KEYS, key);
}

/** Types are strict, values are not looked at. */
function check(key: Key, value: Json): void {
  const fits = TEXTS.includes(key)
    ? typeof value === "string" && [...value].length <= LONGEST_NAME
    : typeof value === "number";
  if (!fits) throw malformed(key);
}

function whole(at: JsonObject, key: Key): number | null {
  const value = at.get(key);
  return typeof value === "number" ? value : null;
}

function name(at: JsonObject, key: Key): string | null {
  const value = at.get(key);
  return typeof value === "string" ? value : null;
}

function malformed(key: Key): Refused {
  return new Refused("reading_malformed", { field: key, name: READING_KEYS[key] });
}
