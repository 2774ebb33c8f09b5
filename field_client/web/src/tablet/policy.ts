// The policy as far as a visit needs it: what was taken home last, else what ships.
//
// What a server of an older release does not say is as it ships, so a tablet always has its
// chips. May not enter: where it is kept, what follows from it.

import shipped from "../../../../sync/exported/policy.json" with { type: "json" };
import { as_json, is_object, type Json, type JsonObject } from "../../../../sync/json.ts";
import { list, mapping, record, text, typed, whole } from "../../../../sync/plain.ts";
import { PriceList } from "../../../../sync/prices.ts";

/** From this month and day on, these stretches of minutes on Monday … Sunday. */
export interface Season {
  readonly starts: string;
  readonly week: readonly (readonly (readonly number[])[])[];
}
const Season = record<Season>("Season", {
  starts: text, week: list(list(list(whole))),
}, {});

/** The company's working days; days are written 2026-05-01. */
export interface Calendar {
  readonly source: string;
  readonly known_until: string;
  readonly offset_minutes: number;
  readonly seasons: readonly Season[];
  readonly holidays: ReadonlyMap<string, string>;
  readonly make_up: ReadonlyMap<string, number>; // works as the weekday it names, Monday = 0
}
const Calendar = record<Calendar>("Calendar", {
  source: text, known_until: text, offset_minutes: whole, seasons: list(Season),
  holidays: mapping(text), make_up: mapping(whole),
}, {});

export interface Policy {
  readonly price_lists: readonly PriceList[];
  readonly calendar: Calendar;
  readonly door_steps: readonly string[];
  readonly demanded_steps: readonly string[]; // of the door card
  readonly rework_days: number;
  readonly approval_fen: number; // above it the work waits for the desk (L4)
  readonly choices: ReadonlyMap<string, readonly string[]>; // chips, a trade's own as name:trade
  readonly shots: ReadonlyMap<string, readonly string[]>; // what to photograph, by moment
}

const PolicyRecord = record<Policy>("Policy", {
  price_lists: list(PriceList), calendar: Calendar, door_steps: list(text),
  demanded_steps: list(text), rework_days: whole, approval_fen: whole,
  choices: mapping(list(text)), shots: mapping(list(text)),
}, {});
const NEEDED: readonly string[] = [
  "price_lists", "calendar", "door_steps", "demanded_steps", "rework_days", "approval_fen",
  "choices", "shots",
];
const SHIPPED = needed(as_json(shipped));

/** The policy in the note that the exchange keeps; what ships before the first contact. */
export function read_policy(note: Json): Policy {
  const held = is_object(note) ? note.get("policy") : undefined;
  const said = is_object(held) ? needed(held) : new Map<string, Json>();
  return typed(PolicyRecord, new Map([...SHIPPED, ...said]));
}

function needed(said: Json): JsonObject {
  const pairs = is_object(said) ? [...said] : [];
  return new Map(pairs.filter(([name]) => NEEDED.includes(name)));
}
