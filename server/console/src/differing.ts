// Differences from the central log that wait for a person, and what became of them in this
// sitting. A decision is a fact at once; taking it back is another one.
//
// May not enter: how anything looks.

import { signal } from "@preact/signals";

import type {
  Choice, Detail as Around, Difference, Differences as Page,
} from "#sync/exported/api.ts";
import { tell_person } from "#shared/notice.ts";
import { _ } from "#shared/words.ts";
import { get, post, Problem } from "./api.ts";

export type { Around, Choice, Difference };

const MOST = 500; // on one screen; the rest comes when these are decided
const AT_ONCE = 200;

/** A decision of this sitting, and how far it has got. */
export interface Made {
  readonly choice: string;
  readonly reason: string;
  readonly words: string;
  readonly state: "going" | "sent" | "failed";
}

export type State = "open" | "decided";

/** What waits, the oldest first; or what is decided. */
export async function differing(state: State): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await get("/v1/differences", { state, cursor, limit: AT_ONCE });
    found.push(...page.differences);
    cursor = page.next;
  } while (cursor !== null && found.length < MOST);
  return found;
}

export function around(id: string): Promise<Around> {
  return get(`/v1/differences/${id}`);
}

/** What is shown stays in its place; what others decided goes, what is new comes last. */
export function merged(
  shown: readonly Difference[], found: readonly Difference[], settling: Settling,
): readonly Difference[] {
  const made = settling.made.peek();
  const now = new Map(found.map((row) => [row.id, row]));
  const known = new Set(shown.map(({ id }) => id));
  return [
    ...shown.filter(({ id }) => now.has(id) || made.has(id)).map((row) => now.get(row.id) ?? row),
    ...found.filter(({ id }) => !known.has(id)),
  ];
}

/** The reason that goes with a choice if nobody picks another one. */
export function usual_reason({ suggested, choices }: Difference, choice: string): string {
  if (suggested.choice === choice) return suggested.reason;
  return choices.find((one) => one.choice === choice)?.reasons[0]?.reason ?? "";
}

/** Decisions of this sitting, by difference. */
export class Settling {
  readonly made = signal<ReadonlyMap<string, Made>>(new Map());
  private readonly batches: (readonly string[])[] = []; // the last one is taken back first

  /** Decide the same about these, which are of one cause; kept or not, it is shown. */
  async decide(
    rows: readonly Difference[], choice: string, reason: string, words: string,
  ): Promise<void> {
    const names = rows.map(({ id }) => id).filter((id) => this.is_open(id)).slice(0, AT_ONCE);
    const [first] = names;
    if (first === undefined) return;
    const said = { choice, reason, words };
    this.put(names, { ...said, state: "going" });
    const kept = await asked(() => names.length === 1
      ? post(`/v1/differences/${first}/settle`, said)
      : post("/v1/differences/settle", { ...said, differences: names }));
    this.put(names, { ...said, state: kept ? "sent" : "failed" });
    if (kept) this.batches.push(names);
  }

  /** Take the last decision back; which differences wait again. */
  async take_back(): Promise<readonly string[]> {
    const names = this.batches.pop();
    if (names === undefined) {
      tell_person({ words: _("这次没有可撤销的裁定；更早的请在“已裁定”里打开撤销") });
      return [];
    }
    return this.undo(names);
  }

  /** Take these decisions back, whoever made them. */
  async undo(names: readonly string[]): Promise<readonly string[]> {
    const back: string[] = [];
    for (const id of names) {
      if (await asked(() => post(`/v1/differences/${id}/undo`, {}))) back.push(id);
    }
    const left = new Map(this.made.value);
    for (const id of back) left.delete(id);
    this.made.value = left;
    return back;
  }

  is_open(id: string): boolean {
    const made = this.made.value.get(id);
    return made === undefined || made.state === "failed";
  }

  private put(names: readonly string[], made: Made): void {
    const now = new Map(this.made.value);
    for (const id of names) now.set(id, made);
    this.made.value = now;
  }
}

/** Was it kept? If not, the person is told why. */
export async function asked(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell_person({ words: problem.message, grave: true });
    return false;
  }
}
