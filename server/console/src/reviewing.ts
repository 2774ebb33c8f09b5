// What may be decided about a review, and decisions on their way out: for a few seconds each
// can be taken back with one key, then it is sent, and stands.
//
// May not enter: how it looks, how it is sent.

import { signal } from "@preact/signals";

import { CHOICES, DECISIONS } from "#shared/settling.ts";
import { _ } from "#shared/words.ts";
import type { Card } from "./shapes.ts";
import { is_decision, label_of, type Name, type StoryEntry, type StoryReview } from "./story.ts";

export type Key = "a" | "b" | "m";

/** Facts that stand together: those of the field (a), those of the desk or later ones (b). */
export interface ReviewSide {
  readonly side: Key;
  readonly entries: readonly string[];
  readonly lines: readonly SideLine[];
}

interface SideLine {
  readonly kind: string;
  readonly label: string;
  readonly name: string;
}

/** What it is about, in a line: who did what. */
export function about_text({ sides }: Pick<Waiting, "sides">): string {
  const line = sides[0]?.lines[0];
  return line === undefined ? "" : `${line.name} ${label_of(line)}`;
}

/** One row of the list, as the server tells it. */
export interface Waiting {
  readonly order: Card;
  readonly review: StoryReview;
  readonly sides: readonly ReviewSide[];
  readonly suggested: Key;
}

/** Something that may be decided: its key, its code in the fact, what it says. */
export interface Choice {
  readonly key: Key;
  readonly code: string;
  readonly title: string;
}

/** What may be decided about this. One side: let it be, or ask for more. Two: which counts. */
export function choices_of(
  row: Pick<Waiting, "sides">, entries: readonly StoryEntry[], name: Name,
): readonly Choice[] {
  const sides = row.sides.map((one) =>
    ({ side: one.side, facts: entries.filter(({ id }) => one.entries.includes(id)) }))
    .filter(({ facts }) => facts.length > 0);
  const mixed = new Set(sides.flatMap(({ facts }) => facts.map(is_decision))).size > 1;
  const of = sides.length < 2 ? "one" : mixed ? "mixed" : "alike";
  const said = sides.map(({ side, facts }) => [side, stands(facts, name)] as const);
  const differ = new Set(said.map(([, title]) => title)).size > 1; // of one person: no help
  const titles = new Map(of === "alike" && differ ? said : []);
  return KEYS.map((key) => {
    const code = CHOICES[of][key];
    return { key, code, title: titles.get(key) ?? title_of(key, code) };
  });
}

const KEYS: readonly Key[] = ["a", "b", "m"];

function title_of(key: Key, code: string): string {
  return key === "m" ? _("另行处理，写明办法") : _(DECISIONS[code] ?? code);
}

/** Of two of a kind: whose is meant. */
function stands(facts: readonly StoryEntry[], name: Name): string {
  const author = facts[0]!; // a side that says nothing is not one
  return _("以 {name} 的“{label}”为准", { name: name(author.by), label: label_of(author) });
}

/** A decision that was made, and whether it is sent. */
export interface Made {
  readonly row: Waiting;
  readonly choice: Choice;
  readonly words: string;
  readonly state: "held" | "going" | "sent" | "failed";
}

const HELD_MS = 6_000;

/** Was it kept? */
export type Send = (made: Made, leaving: boolean) => Promise<boolean>;

/** Decisions of this sitting, by review; those that are held can be taken back. */
export class Decisions {
  readonly made = signal<ReadonlyMap<string, Made>>(new Map());
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly send: Send;

  constructor(send: Send) {
    this.send = send;
  }

  /** Decide; it goes out in a few seconds. */
  decide(row: Waiting, choice: Choice, words: string): void {
    const { id } = row.review;
    if (this.made.value.has(id) && this.made.value.get(id)?.state !== "failed") return;
    this.put({ row, choice, words, state: "held" });
    this.timers.set(id, setTimeout(() => { void this.out(id, false); }, HELD_MS));
  }

  /** Take the last one back that is still here; which one it was. */
  take_back(): Made | null {
    const last = [...this.made.value.values()].reverse().find(({ state }) => state === "held");
    if (last === undefined) return null;
    this.forget(last.row.review.id);
    return last;
  }

  /** Send what is held at once: somebody leaves the page. */
  leave(): void {
    for (const id of this.timers.keys()) void this.out(id, true);
  }

  private async out(id: string, leaving: boolean): Promise<void> {
    const made = this.made.value.get(id);
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    if (made?.state !== "held") return;
    this.put({ ...made, state: "going" });
    const sent = await this.send(made, leaving);
    this.put({ ...made, state: sent ? "sent" : "failed" });
  }

  private put(made: Made): void {
    this.made.value = new Map(this.made.value).set(made.row.review.id, made);
  }

  private forget(id: string): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    const left = new Map(this.made.value);
    left.delete(id);
    this.made.value = left;
  }
}
