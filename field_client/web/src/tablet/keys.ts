// The device's key, salts and names that nobody can guess.
//
// The twin of `keys.py`, and the only module of the tablet that draws chance; `chance(n)`
// gives n bytes and may be handed in. May not enter: where keys are kept, what they sign.

import { b64, hex, SALT_BYTES, type Private } from "../../../../sync/envelope.ts";

export type Chance = (count: number) => Uint8Array<ArrayBuffer>;

export const CHANCE: Chance = (count) => crypto.getRandomValues(new Uint8Array(count));

/** A new device key (ES256). Its private half can be used and never taken out. */
export async function make_key(): Promise<CryptoKeyPair> {
  const form = { name: "ECDSA", namedCurve: "P-256" };
  return crypto.subtle.generateKey(form, false, ["sign", "verify"]);
}

/** Private values, each with a salt of its own. */
export function salted(
  values: ReadonlyMap<string, string>, chance: Chance = CHANCE,
): Private {
  return new Map([...values].map(([name, text]) => [name, [b64(chance(SALT_BYTES)), text]]));
}

/** The name of a log: the device and a random instance. */
export function new_log(device: string, chance: Chance = CHANCE): string {
  return `${device}.${hex(chance(5))}`;
}

/** A number in [0, 1) that spreads a herd (F27). */
export function share(chance: Chance = CHANCE): number {
  return new DataView(chance(4).buffer).getUint32(0) / 2 ** 32;
}
