// The policy as far as a visit needs it: what was taken home last, else what ships.
//
// May not enter: where it is kept, what follows from it.

import shipped from "../../../../sync/exported/policy.json" with { type: "json" };
import { as_json, is_object, type Json, type JsonObject } from "../../../../sync/json.ts";
import { list, record, text, typed, whole } from "../../../../sync/plain.ts";
import { PriceList } from "../../../../sync/prices.ts";

export interface Policy {
  readonly price_lists: readonly PriceList[];
  readonly demanded_steps: readonly string[]; // of the door card
  readonly rework_days: number;
}

const NEEDED = ["price_lists", "demanded_steps", "rework_days"];
const PolicyRecord = record<Policy, keyof Policy>("Policy", {
  price_lists: list(PriceList), demanded_steps: list(text), rework_days: whole,
}, { price_lists: [], demanded_steps: [], rework_days: 3 });

/** The policy in the note that the exchange keeps; what ships before the first contact. */
export function read_policy(note: Json): Policy {
  const held = is_object(note) ? note.get("policy") : undefined;
  return typed(PolicyRecord, needed(is_object(held) ? held : as_json(shipped)));
}

function needed(said: Json): JsonObject {
  const pairs = is_object(said) ? [...said] : [];
  return new Map(pairs.filter(([name]) => NEEDED.includes(name)));
}
