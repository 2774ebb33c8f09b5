// Every refusal that a tablet may meet, with its stable code and the sentence that says what
// to do. What only a desk is told, the server says in words.
//
// The catalogue is data, written by `python -m infra.export`. May not enter: anything about
// HTTP, screens or logging.

import sentences from "./exported/problems.json" with { type: "json" };

export type Facts = Readonly<Record<string, string | number | boolean | null>>;

export const SENTENCES: ReadonlyMap<string, string> = new Map(Object.entries(sentences));

/** No, and repeating the same thing will not help. `facts` fill the sentence. */
export class Refused extends Error {
  readonly code: string;
  readonly facts: Facts;

  constructor(code: string, facts: Facts = {}) {
    super(fill(SENTENCES.get(code) ?? code, facts));
    this.name = "Refused";
    this.code = code;
    this.facts = facts;
  }
}

/** The sentence with these values in it; one that is missing leaves a gap. */
export function fill(sentence: string, facts: Facts): string {
  return sentence.replace(/\{(\w+)\}/g, (_place, name: string) =>
    Object.hasOwn(facts, name) ? String(facts[name]) : "…");
}
