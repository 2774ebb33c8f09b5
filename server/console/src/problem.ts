// What the server, or the way to it, says no with (RFC 9457).
//
// May not enter: requests, screens.

/** A refusal with its code and a sentence in the reader's language; `facts` is all of it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, words: string, facts: object = {}) {
    super(words);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.facts = { ...facts };
  }
}

/** Somebody was quicker: what is shown is not how it stands any more. */
export function is_stale(why: unknown): boolean {
  return why instanceof Problem && (why.status === 412 || why.code === "version_changed");
}
