// One entry as the rows of `says.ts` ask for it: its payload with what is usual filled in, its
// private words, people's names.
//
// May not enter: sentences.

import { PAYLOADS } from "#sync/exported/payloads.ts";
import { as_json } from "#sync/json.ts";
import type { Shape } from "#sync/plain.ts";
import { Refused } from "#sync/problems.ts";
import { yuan_text } from "#shared/money.ts";
import { _ } from "#shared/words.ts";
import type { Name, Says, StoryEntry, Words } from "./story.ts";

/** What a row is told about its entry. */
export class Told {
  readonly says: Says;
  readonly name: Name;
  readonly label: (fact: string) => string;
  private readonly words: Words;

  constructor(entry: StoryEntry, name: Name, label: (fact: string) => string) {
    this.says = whole_payload(entry);
    this.words = entry.words;
    this.name = name;
    this.label = label;
  }

  /** A word of the payload; empty if there is none. */
  text(name: string): string {
    const said = this.says[name];
    return typeof said === "string" ? said : "";
  }

  /** A number of the payload. */
  whole(name: string): number | null {
    const said = this.says[name];
    return typeof said === "number" ? said : null;
  }

  /** Several words of the payload. */
  list(name: string): readonly string[] {
    const said = this.says[name];
    return Array.isArray(said) ? said.filter((one) => typeof one === "string") : [];
  }

  /** A word that people pick from a list, in the reader's language. */
  chosen(name: string): string {
    const said = this.text(name);
    return said === "" ? "" : _(said);
  }

  /** A sum of the payload. */
  fen(name: string): string {
    return yuan_text(this.whole(name) ?? 0);
  }

  /** A private text; empty if it was not given, or may not be read here. */
  held(name: string): string {
    return this.words[name] ?? "";
  }
}

/** The payload with what it left out because it is usual; as it came, if a newer version
 * wrote it. */
function whole_payload({ kind, says }: StoryEntry): Says {
  const shape = (PAYLOADS as Readonly<Record<string, Shape<object>>>)[kind];
  if (shape === undefined) return says;
  try {
    return { ...shape.read(as_json(says), kind) };
  } catch (why) {
    if (!(why instanceof Refused)) throw why;
    return says;
  }
}
