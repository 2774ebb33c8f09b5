// Walking through a JSON text without losing sight of it: values, and the very letters
// that they were written in. The twin of `walking.py`.
//
// May not enter: what the values mean.

import { read_json, type Json } from "../../../../sync/json.ts";
import { Refused } from "../../../../sync/problems.ts";

const BLANK = /[ \t\n\r]*/y;
const SCALAR = /[^\s,\]}]+/y; // a number or a word; whether it is one, the reader says
const STRING = /"(?:[^"\\]|\\[^])*"/y;
const INSIDE = /[^"[\]{}]*/y;

/** A place in a JSON text. Refuses where the text is none. */
export class Walk {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The value that stands here; goes on behind it. */
  value(): Json {
    return this.written()[0];
  }

  /** The value that stands here, and how it is written. */
  written(): readonly [Json, string] {
    this.match(BLANK);
    const start = this.at;
    this.pass();
    const text = this.text.slice(start, this.at);
    return [read_json(`{"":${text}}`, null).get("") ?? null, text];
  }

  /** The names in the object that stands here; whoever asks takes each value before the
   * next name. */
  *members(): Iterable<string> {
    for (const _ of this.between("{", "}")) {
      const name = this.value();
      this.expect(":");
      yield String(name);
    }
  }

  /** Stops at each item of the list that stands here; whoever asks takes it. */
  *items(): Iterable<void> {
    yield* this.between("[", "]");
  }

  private *between(first: string, last: string): Iterable<void> {
    this.expect(first);
    this.match(BLANK);
    if (this.text[this.at] === last) {
      this.at++;
      return;
    }
    for (;;) {
      yield;
      if (this.expect(`,${last}`) === last) return;
    }
  }

  private expect(letters: string): string {
    this.match(BLANK);
    const found = this.text[this.at] ?? "";
    if (!found || !letters.includes(found)) {
      throw new Refused("body_unreadable", { why: `${letters} at ${this.at}` });
    }
    this.at++;
    return found;
  }

  /** Goes behind the value that stands here, by its brackets and quotes alone. */
  private pass(): void {
    let depth = 0;
    do {
      this.match(depth ? INSIDE : BLANK);
      const letter = this.text[this.at] ?? "";
      if (letter === '"') this.need(STRING);
      else if (letter === "{" || letter === "[") { depth++; this.at++; }
      else if (letter === "}" || letter === "]") { depth--; this.at++; }
      else this.need(SCALAR);
    } while (depth > 0);
  }

  private need(form: RegExp): void {
    if (this.match(form) === "") {
      throw new Refused("body_unreadable", { why: `no value at ${this.at}` });
    }
  }

  private match(form: RegExp): string {
    form.lastIndex = this.at;
    const found = form.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}
