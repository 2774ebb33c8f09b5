// What happens on the owner's screen between being handed over and being signed: the sheet
// that is shown, the owner's word on each item, the strokes, the name put to it.
//
// Every tap is a fact or a draft, so that a tablet that dies comes back to the same place
// (U03). A stroke belongs to the sheet it was written under and to no other (A2). May not
// enter: how it looks.

import { signal } from "@preact/signals";

import type { What } from "../../../../sync/facts.ts";
import { Refused } from "../../../../sync/problems.ts";
import { short_code, shown_hash } from "../../../../sync/sheet.ts";
import { all_of, all_passed, any_failed, completed, known_item, type Check } from "../guidance.ts";
import { renew } from "../renewing.ts";
import { explain } from "../shared/wording.ts";
import { _, language, N_ } from "../shared/words.ts";
import { tablet } from "../state.ts";
import type { Shown } from "../store/projection.ts";
import type { Sight } from "../tablet/sight.ts";
import { answers, items_of, read_sheet, reads_same, texts_of, type Sheet } from "../shared/sheet.ts";
import { is_signed, written, type Stroke } from "./strokes.ts";

export const CONSENT = N_(
  "签字即确认以上内容与现场所见一致；签字只对本页内容有效，内容变动须重新签字。");
const CHANGED = N_("内容刚刚有变动，请您再看一遍，重新签名。");
export const BETWEEN = "、"; // of several reasons in one word
const DAY_MS = 86_400_000;

export type Answer = "pass" | "fail";

/** A sheet as it stands on the screen. */
export interface Displayed {
  readonly shown: Shown;
  readonly sheet: Sheet;
  readonly digest: string;
  readonly code: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** What the owner chose that is not a fact yet. */
export interface Chosen {
  readonly answer: Answer | null;
  readonly relation: string;
  readonly signer: string;
  readonly words: string;
}

interface Kept {
  readonly digest: string;
  readonly strokes: readonly Stroke[];
}

const NOTHING: Chosen = { answer: null, relation: "owner", signer: "", words: "" };

/** One owner before one order's sheet. */
export class Signing {
  readonly stream: string;
  readonly displayed = signal<Displayed | null>(null);
  readonly chosen = signal<Chosen>(NOTHING);
  readonly strokes = signal<readonly Stroke[]>([]);
  readonly told = signal<string | null>(null); // why something has to be done again
  private turn: Promise<unknown> = Promise.resolve();
  private writing = false; // is a write of strokes about to begin?

  constructor(stream: string) {
    this.stream = stream;
  }

  /** As it was left, also by a tablet that died. */
  begin(): Promise<void> {
    return this.next(async () => {
      this.chosen.value = await tablet().draft<Chosen>(this.choice) ?? NOTHING;
      const held = await tablet().draft<Kept>(this.ink);
      await this.draw();
      if (held?.digest === this.displayed.value?.digest) this.strokes.value = held?.strokes ?? [];
    });
  }

  /** Show the sheet anew if anything on it is different by now. */
  look_again(): Promise<void> {
    return this.next(() => this.draw(_(CHANGED)));
  }

  /** Happy with all of it. */
  pass(): Promise<void> {
    return this.answering("pass", (sheet) => {
      const said = answers(sheet);
      return items_of(sheet).filter((item) => said.get(item)?.passed !== true)
        .map((item) => this.word(sheet, item, []));
    });
  }

  /** Not happy; with what comes next. */
  fail(): Promise<void> {
    return this.answering("fail", () => []);
  }

  /** This is what is wrong with it, or is not after all. Items that nobody complains of have
   * passed. */
  blame(item: number, reason: string): Promise<void> {
    return this.answering("fail", (sheet) => {
      const said = answers(sheet);
      const before = reasons(sheet, item);
      const after = before.includes(reason)
        ? before.filter((one) => one !== reason) : [...before, reason];
      const silent = items_of(sheet).filter((one) => one !== item && !said.has(one));
      return [this.word(sheet, item, after), ...silent.map((one) => this.word(sheet, one, []))];
    });
  }

  /** Who signs, and what they want to add. */
  choose(change: Partial<Chosen>): Promise<void> {
    this.chosen.value = { ...this.chosen.value, ...change };
    return this.next(() => tablet().keep_draft(this.choice, this.chosen.value));
  }

  /** What the hand has written so far. A slow disk is never more than one write behind. */
  async write(strokes: readonly Stroke[]): Promise<void> {
    this.strokes.value = strokes;
    this.told.value = null;
    if (this.writing) return;
    this.writing = true;
    await this.next(() => {
      this.writing = false;
      const { digest } = this.displayed.value ?? { digest: "" };
      const written = this.strokes.value;
      const kept: Kept | undefined = written.length ? { digest, strokes: written } : undefined;
      return tablet().keep_draft(this.ink, kept);
    });
  }

  /** May the pad be written on: has every item an answer that fits? */
  ready(): boolean {
    const { answer } = this.chosen.value;
    const sheet = this.displayed.value?.sheet;
    if (answer === null || sheet === undefined) return false;
    const said = answers(sheet);
    const passed = items_of(sheet).map((item) => said.get(item)?.passed);
    return answer === "pass" ? passed.every((one) => one === true) : passed.includes(false);
  }

  /** The owner's word, on exactly the sheet on the screen. False if it has to be looked at
   * and signed anew. */
  sign(): Promise<boolean> {
    return this.next(async () => {
      const displayed = this.displayed.value;
      if (displayed === null || !this.ready() || !is_signed(this.strokes.value)) return false;
      try {
        await this.say(displayed, this.chosen.value);
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        this.told.value = why.code === "sheet_changed" ? _(CHANGED) : explain(why);
        await this.draw();
        return false;
      }
      await renew();
      return true;
    });
  }

  private async say(displayed: Displayed, { answer, relation, signer, words }: Chosen) {
    const { shown, sheet, digest, texts } = displayed;
    const on = { round: shown.round, sheet: digest, covers: sheet.covers, relation };
    const what: What = answer === "pass"
      ? { kind: "acceptance.accepted", says: on }
      : { kind: "acceptance.rejected", says: { ...on, ...await this.rework() } };
    const reads: Check = (sight) => {
      if (!reads_same(texts, texts_of(sheet, sight as Sight))) {
        throw new Refused("sheet_changed", { shown: displayed.code });
      }
    };
    const settled = answer === "pass" ? all_passed : any_failed;
    const said = { signer, ...(answer === "fail" ? { words } : {}) };
    const given = Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ""));
    await tablet().tell_on_sheet(shown, what, given, written(this.strokes.value), {
      check: all_of(completed, reads, settled), ends: [this.ink, this.choice],
    });
  }

  private async rework() {
    const { rework_days } = await tablet().policy();
    const { actor } = await tablet().who();
    return {
      responsible: actor, due_ms: tablet().clocks.wall_ms() + rework_days * DAY_MS,
    };
  }

  private word(sheet: Sheet, item: number, why: readonly string[]): What {
    const reason = why.length ? why.join(BETWEEN) : null;
    const says = { round: sheet.round, item, passed: why.length === 0, reason };
    return { kind: "acceptance.inspected", says };
  }

  private answering(
    answer: Answer, words: (sheet: Sheet) => readonly What[],
  ): Promise<void> {
    return this.next(async () => {
      const sheet = this.displayed.value?.sheet;
      if (sheet === undefined) return;
      this.told.value = null;
      this.chosen.value = { ...this.chosen.value, answer };
      await tablet().keep_draft(this.choice, this.chosen.value);
      try {
        for (const what of words(sheet)) {
          await tablet().tell(this.stream, what, {}, {}, { check: inspects(sheet, what) });
        }
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        this.told.value = explain(why);
      }
      await renew();
      await this.draw();
    });
  }

  /** Draw the sheet up as it is now. Strokes under another one are gone: they were put to
   * something else. */
  private async draw(why: string | null = null): Promise<void> {
    const before = this.displayed.value;
    const shown = await tablet().show_sheet(this.stream, language.value, _(CONSENT));
    const digest = await shown_hash(shown.sheet);
    const sheet = read_sheet(shown.sheet);
    const texts = texts_of(sheet, await tablet().order(this.stream));
    if (before?.digest === digest && reads_same(before.texts, texts)) {
      this.displayed.value = { ...before, shown };
      return;
    }
    this.displayed.value = { shown, sheet, digest, code: short_code(digest), texts };
    if (before === null) return;
    if (why !== null) this.told.value = why;
    this.strokes.value = [];
    await tablet().keep_draft(this.ink, undefined);
  }

  private next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work, work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private get choice(): string { return `answer:${this.stream}`; }
  private get ink(): string { return `signature:${this.stream}`; }
}

/** Why the owner is not happy with an item. */
export function reasons(sheet: Sheet, item: number): readonly string[] {
  const said = answers(sheet).get(item);
  return said === undefined || said.passed ? [] : (said.reason ?? "").split(BETWEEN);
}

function inspects(sheet: Sheet, { says }: What): Check {
  const item = "item" in says && sheet.items.length ? says.item as number : null;
  return all_of(completed, known_item(item));
}
