// JSON text, read as strictly as the Python reader does and written as Python writes it.
//
// JSON.parse will not do: it takes equal keys, fractions, integers that it cannot hold and
// broken characters without a word (X19). Objects become maps, so that their sequence
// survives and no key means anything to the language. May not enter: what a text is about.

import { Refused } from "./problems.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | ReadonlyMap<string, Json>;
export type JsonObject = ReadonlyMap<string, Json>;

export const MAX_BODY_BYTES = 16 * 1024;
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
export const MOST_NESTING = 24; // a bound of the format, so that no reader's stack decides

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
};
const WORDS: ReadonlyArray<readonly [string, Json]> = [
  ["null", null], ["true", true], ["false", false],
];
const BLANK = /[ \t\n\r]*/y;
const INTEGER = /-?(?:0|[1-9][0-9]*)/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX = /^[0-9a-fA-F]{4}$/;
const LONE_SURROGATE = /[\ud800-\udfff]/u; // `u`: a whole pair is one character, and no match

/** The object in a JSON text: no equal keys, no fractions, no huge integers, no NUL, no
 * broken UTF-8. `most_bytes` null: a text that is bounded elsewhere. */
export function read_json(
  text: string, most_bytes: number | null = MAX_BODY_BYTES,
): JsonObject {
  if (!is_unicode(text)) throw unreadable("UTF-8");
  if (most_bytes !== null && new TextEncoder().encode(text).length > most_bytes) {
    throw new Refused("body_too_long", { limit: most_bytes });
  }
  const value = new Text(text).whole();
  if (!is_object(value)) throw unreadable("not an object");
  return value;
}

/** The text of a JSON value, without a blank; as Python's `json.dumps` has it. */
export function write_json(value: Json): string {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw unreadable("integers only");
    return String(value);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (is_object(value)) {
    const pairs = [...value].map(([key, held]) => `${write_json(key)}:${write_json(held)}`);
    return `{${pairs.join(",")}}`;
  }
  return `[${value.map(write_json).join(",")}]`;
}

export function is_object(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

export function is_list(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Can every database keep this text as it is? */
export function is_clean(text: string): boolean {
  return !text.includes("\0") && is_unicode(text);
}

/** Has this text a form in UTF-8? What was cut in the middle of a character has none. */
export function is_unicode(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** What a bundler or `import … with { type: "json" }` brings in, as read by `read_json`. */
export function as_json(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(as_json);
  if (typeof value === "object") {
    return new Map(Object.entries(value).map(([key, held]) => [key, as_json(held)]));
  }
  throw unreadable(`not JSON: ${typeof value}`);
}

/** Python's sequence of texts, by code points; JavaScript's own goes by halves of them. */
export function by_code_point(one: string, other: string): number {
  const [left, right] = [[...one], [...other]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const distance = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (distance !== 0) return distance;
  }
  return left.length - right.length;
}

/** The first of these texts in Python's sequence. */
export function least(texts: Iterable<string>): string {
  return [...texts].sort(by_code_point)[0] ?? "";
}

function unreadable(why: string): Refused {
  return new Refused("body_unreadable", { why });
}

/** A text and how far it has been read. */
class Text {
  private at = 0;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  whole(): Json {
    const value = this.value();
    this.match(BLANK);
    if (this.at < this.text.length) throw unreadable("more than one value");
    return value;
  }

  private value(): Json {
    this.match(BLANK);
    switch (this.text[this.at]) {
      case "{": return this.nested(() => this.object());
      case "[": return this.nested(() => this.list());
      case '"': return this.string();
      default: return this.word();
    }
  }

  private nested<T>(inner: () => T): T {
    if (++this.depth > MOST_NESTING) throw unreadable("nested too deeply");
    const value = inner();
    this.depth--;
    return value;
  }

  private object(): JsonObject {
    const found = new Map<string, Json>();
    for (const _ of this.members("}")) {
      if (this.text[this.at] !== '"') throw unreadable("a key is a text");
      const key = this.string();
      if (found.has(key)) throw unreadable(`equal keys: ${key.slice(0, 20)}`);
      this.match(BLANK);
      if (!this.take(":")) throw unreadable("no value after a key");
      found.set(key, this.value());
    }
    return found;
  }

  private list(): readonly Json[] {
    const found: Json[] = [];
    for (const _ of this.members("]")) found.push(this.value());
    return found;
  }

  /** Stops before every member of a list or an object, and takes what stands between. */
  private *members(end: string): Iterable<void> {
    this.at++;
    this.match(BLANK);
    if (this.take(end)) return;
    for (;;) {
      this.match(BLANK);
      yield;
      this.match(BLANK);
      if (this.take(end)) return;
      if (!this.take(",")) throw unreadable("no comma");
    }
  }

  private string(): string {
    this.at++;
    let found = "";
    for (;;) {
      found += this.match(PLAIN);
      if (this.take('"')) break;
      if (!this.take("\\")) throw unreadable("a text without end");
      found += this.escaped();
    }
    if (!is_clean(found)) throw unreadable("NUL or a lone surrogate");
    return found;
  }

  private escaped(): string {
    const letter = this.text[this.at++] ?? "";
    if (letter !== "u") {
      const meant = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
      if (meant === undefined) throw unreadable("an unknown escape");
      return meant;
    }
    const digits = this.text.slice(this.at, this.at + 4);
    if (!HEX.test(digits)) throw unreadable("an unknown escape");
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  private word(): Json {
    for (const [word, value] of WORDS) if (this.take(word)) return value;
    const digits = this.match(INTEGER);
    if (digits === "") throw unreadable("no value");
    if (/[.eE]/.test(this.text[this.at] ?? "")) throw unreadable("integers only");
    const value = Number(digits);
    if (digits.length > 17 || Math.abs(value) > MAX_INTEGER) {
      throw unreadable("an integer beyond 2^53");
    }
    return value === 0 ? 0 : value; // -0 is 0
  }

  private take(what: string): boolean {
    if (!this.text.startsWith(what, this.at)) return false;
    this.at += what.length;
    return true;
  }

  private match(form: RegExp): string {
    form.lastIndex = this.at;
    const found = form.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}
