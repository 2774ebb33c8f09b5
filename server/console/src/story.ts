// One order's story, as `GET /v1/orders/<id>/story` tells it, and what is asked of it on
// several parts of the page.
//
// May not enter: how it looks, requests.

import { Order, type Grade } from "#sync/exported/records.ts";
import { KINDS } from "#sync/facts.ts";
import { as_json } from "#sync/json.ts";
import { typed } from "#sync/plain.ts";
import { _ } from "#shared/words.ts";
import type { Card, Deadline } from "./shapes.ts";

export type { Deadline } from "./shapes.ts";

/** When something happened: surely in [first, end), probably in the estimate (V2). */
export interface StoryMoment {
  readonly first_ms: number | null;
  readonly end_ms: number | null;
  readonly estimate_first_ms: number | null;
  readonly estimate_end_ms: number | null;
  readonly grade: Grade;
}

/** Bytes that an entry speaks of; `held`: the server has them. */
export interface StoryBlob {
  readonly sha256: string;
  readonly role: string;
  readonly type: string;
  readonly held: boolean;
}

export type Says = Readonly<Record<string, unknown>>;
export type Words = Readonly<Record<string, string>>;

/** One fact: who, when, from which device (none at the desk), knowing what. */
export interface StoryEntry {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly by: string;
  readonly name: string;
  readonly device: string | null;
  readonly moment: StoryMoment | null;
  readonly received_ms: number;
  readonly position: number;
  readonly knew_position: number;
  readonly words: Words;
  readonly named: Words; // the commitment of each of its words
  readonly blobs: readonly StoryBlob[];
  readonly says: Says;
  readonly review: readonly string[];
  readonly replaced_by: string | null;
}

export interface StoryReview {
  readonly id: string;
  readonly code: string;
  readonly facts: readonly string[];
}

/** Somebody whose order it is: does their tablet hold it as it is given now, and have they
 * opened it (P6)? */
export interface SeenBy {
  readonly actor: string;
  readonly name: string;
  readonly seen: boolean;
  readonly opened: boolean;
  readonly moment: StoryMoment | null;
  readonly contact_ms: number | null;
}

export interface StoryDevice {
  readonly name: string;
  readonly contact_ms: number | null;
}

/** How strong an acceptance is, in the reader's words: `sync/strength.py`. */
export interface Strength {
  readonly code: string;
  readonly words: string;
}

export interface Missing {
  readonly code: string;
  readonly words: string;
}

/** Everything that is known of one order. */
export interface Story {
  readonly id: string;
  readonly rev: number; // what somebody who decides here has seen
  readonly card: Card;
  readonly order: Order;
  readonly private: Words; // of the request, by name
  readonly values: ReadonlyMap<string, string>; // every private text, by its commitment
  readonly masked: boolean; // this reader's work does not need the owner's data (S1)
  readonly entries: readonly StoryEntry[];
  readonly missing: readonly Missing[];
  readonly reviews: readonly StoryReview[];
  readonly deadlines: readonly Deadline[];
  readonly strengths: Readonly<Record<string, Strength>>; // by the sheet that was signed
  readonly owner_link_ms: number | null; // until when the owner's own page can be opened
  readonly seen_by: readonly SeenBy[];
  readonly devices: Readonly<Record<string, StoryDevice>>;
  readonly people: Words; // what they are called
  readonly as_of_ms: number;
}

/** As it comes over the wire: the document is read by the same records as on a tablet. */
export interface ToldStory extends Omit<Story, "order" | "values" | "masked"> {
  readonly order: object;
}

/** What the server told, ready to be shown to somebody who may, or may not, know the owner. */
export function read_story(told: ToldStory, masked: boolean): Story {
  const values = told.entries.flatMap(({ named, words }) => Object.entries(named)
    .map(([name, promised]) => [promised, words[name] ?? ""] as const));
  return {
    ...told, masked, order: typed(Order, as_json(told.order)), values: new Map(values),
  };
}

/** A private value by its name; empty if it was not given, or may not be read here. */
export function text_of(
  { values }: Pick<Story, "values">, held: ReadonlyMap<string, string>, name: string,
): string {
  return values.get(held.get(name) ?? "") ?? "";
}

/** One entry by its fact. */
export function entry_of(story: Story, fact: string): StoryEntry | undefined {
  return story.entries.find(({ id }) => id === fact);
}

/** From a person's id to what people call them. */
export type Name = (actor: string) => string;

/** What somebody is called, as far as this order, or the console, knows. */
export function names_of({ people }: Pick<Story, "people">, other: Name = (one) => one): Name {
  return (actor) => people[actor] || other(actor);
}

/** What a kind of fact is called, in the reader's language. */
export function label_of({ kind, label }: Pick<StoryEntry, "kind" | "label">): string {
  return _(KINDS.get(kind)?.label ?? label);
}

/** Did the desk decide this, or did somebody record it in a home? */
export function is_decision({ kind }: Pick<StoryEntry, "kind">): boolean {
  return KINDS.get(kind)?.decides === true;
}

/** What people call the order; a tablet's own, before the register knows it, by its id. */
export function called(order: Order): string {
  return order.request?.number ?? order.stream.replace("order:", "").slice(0, 8);
}

/** The home, as far as this reader may know it. */
export function home_of({ order, private: held }: Pick<Story, "order" | "private">): string {
  const parts = ["building", "unit", "room"].map((name) => held[name]);
  return [order.request?.site, ...parts].filter(Boolean).join(" ");
}
