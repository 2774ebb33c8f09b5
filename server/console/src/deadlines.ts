// How a promise stands this minute: what presses most, and in which words and shape.
//
// Whether it was kept is the server's to say; here minutes run down. May not enter: rules,
// how it is drawn.

import { minutes_text } from "#shared/wording.ts";
import { _, N_ } from "#shared/words.ts";
import type { Card, Deadline } from "./shapes.ts";

const MINUTE_MS = 60_000;
export const SOON_MINUTES = 30;

/** What is promised, by the code of the promise. */
export const PROMISES: Readonly<Record<string, string>> = {
  intake: N_("受理"), arrival: N_("到场"), verification: N_("核实"), appointment: N_("预约"),
  survey: N_("勘察"), repair_single: N_("修复"), repair_several: N_("修复"),
  repair_agreed: N_("修复"), return_visit: N_("回访"), rework: N_("整改"),
  supervision: N_("督办"), answer_simple: N_("答复"), answer_complex: N_("答复"),
  answer_quality: N_("答复"), answer_maintenance: N_("答复"), answer_property: N_("答复"),
};

export type Tone = "late" | "soon" | "calm" | "stopped" | "missed" | "kept" | "unsure";

export interface Standing {
  readonly code: string;
  readonly tone: Tone;
  readonly minutes: number | null; // left; below nought: over
  readonly due_ms: number | null;
}

/** Shapes carry what colours do: readable without any (U30c). */
export const SHAPES: Readonly<Record<Tone, string>> = {
  late: "▲", soon: "◆", calm: "○", stopped: "‖", missed: "✕", kept: "✓", unsure: "?",
};

/** Whole minutes until then; at the very edge none, a moment later one less: over. */
export function minutes_until(due_ms: number, now_ms: number): number {
  return Math.floor((due_ms - now_ms) / MINUTE_MS);
}

/** How this promise stands now. */
export function standing(one: Deadline, now_ms: number): Standing {
  const due_ms = one.due_first_ms ?? one.due_last_ms; // the first that it may be
  const { code, answer } = one;
  if (answer === "kept") return { code, tone: "kept", minutes: null, due_ms };
  if (answer === "missed") return { code, tone: "missed", minutes: null, due_ms };
  if (answer === "undetermined") return { code, tone: "unsure", minutes: null, due_ms };
  if (one.stopped || due_ms === null) return { code, tone: "stopped", minutes: null, due_ms };
  const minutes = minutes_until(due_ms, now_ms);
  const tone = minutes < 0 ? "late" : minutes <= SOON_MINUTES ? "soon" : "calm";
  return { code, tone, minutes, due_ms };
}

/** A promise in words: `剩 42 分`, `超时 1 时 5 分`. */
export function standing_text({ tone, minutes }: Standing): string {
  if (minutes !== null) {
    return minutes < 0
      ? _("超时 {age}", { age: minutes_text(-minutes) })
      : minutes === 0 ? _("剩不到 1 分") : _("剩 {age}", { age: minutes_text(minutes) });
  }
  switch (tone) {
    case "kept": return _("已兑现");
    case "missed": return _("已失约");
    case "stopped": return _("停表");
    default: return _("无法确定");
  }
}

const STILL: ReadonlySet<Tone> = new Set(["late", "soon", "calm"]);

/** Of all promises on an order the one that presses most; null if nothing was promised. */
export function pressing(card: Card, now_ms: number): Standing | null {
  const all = card.deadlines.map((one) => standing(one, now_ms));
  const running = all.filter(({ tone }) => STILL.has(tone));
  running.sort((one, other) => (one.minutes ?? 0) - (other.minutes ?? 0));
  return running[0] ?? all.find(({ tone }) => tone === "stopped")
    ?? all.find(({ tone }) => tone === "missed") ?? null;
}

/** For sorting: the worst first; what has no clock goes by its age behind everything. */
export function pressure(card: Card, now_ms: number): number {
  const one = pressing(card, now_ms);
  return one !== null && STILL.has(one.tone) ? one.minutes ?? 0 : Number.MAX_SAFE_INTEGER;
}
