// What everybody's screens say alike: times, stretches, sizes, names for eyes that pass by,
// and the words for stages, moments, answers.
//
// May not enter: an order, a store, how something is drawn.

import type { Moment } from "../../../../sync/moment.ts";
import type { Grade, Payer, Stage } from "../../../../sync/order.ts";
import { fill, Refused, SENTENCES } from "../../../../sync/problems.ts";
import { _, language, N_ } from "./words.ts";

export const STAGES: Readonly<Record<Stage, string>> = {
  unknown: N_("未知"), logged: N_("已登记"), dispatched: N_("已派单"),
  on_site: N_("已到场"), surveyed: N_("已勘察"), agreed: N_("方案已同意"),
  completed: N_("已完工"), rework: N_("二次整改"), unsigned: N_("业主拒签"),
  accepted: N_("已验收"),
};

export const PAYERS: Readonly<Record<Payer, string>> = {
  A: N_("A 类（施工方）"), B: N_("B 类（公司）"), paid: N_("有偿（业主）"),
};

export const MOMENTS: Readonly<Record<string, string>> = {
  reported: N_("报修时"), before: N_("维修前"), during: N_("维修过程中"),
  after: N_("维修后"), other: N_("其他"),
};

export const ANSWERS: Readonly<Record<string, string>> = {
  accepted: N_("验收合格"), rejected: N_("验收不通过"), signature_refused: N_("业主拒签"),
};

export const OUTCOMES: Readonly<Record<string, string>> = {
  nobody_home: N_("无人在家"), turned_away: N_("业主拒修"),
};

export const PRIORITIES: Readonly<Record<string, string>> = {
  emergency: N_("特急"), urgent: N_("紧急"), normal: N_("一般"),
};

/** Why the desk put an order on hold. */
export const HOLD_REASONS: Readonly<Record<string, string>> = {
  parts: N_("等配件"), owner: N_("等业主"), approval: N_("等费用批准"),
  contractor: N_("等施工单位"), weather: N_("等天气"), other: N_("其他"),
};

/** What a grade of time is worth, in plain words (V2). */
export const GRADES: Readonly<Record<Grade, string>> = {
  A: N_("时间可靠"), B: N_("时间较可靠"), C: N_("只知大概"), D: N_("只有本机时钟"),
};

/** A name for eyes that pass by: 张**. */
export function masked(name: string): string {
  const [first, ...rest] = [...name];
  return first === undefined ? "" : first + "*".repeat(Math.min(2, rest.length));
}

/** A number for eyes that pass by: 138****1234. */
export function masked_phone(phone: string): string {
  return phone.length < 8 ? phone : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

/** A time that can be defended: where it lies for certain, and what that rests on (V2). */
export function moment_text(moment: Moment): string {
  const worth = _(GRADES[moment.grade]);
  const { earliest_ms, latest_ms, claimed_ms } = moment;
  if (earliest_ms === null || latest_ms === null) {
    return `${clock_or_none(claimed_ms)}（${worth}）`;
  }
  const [first, last] = [at(earliest_ms), at(latest_ms - 1)];
  return first === last ? `${first}（${worth}）` : `${first}–${last.slice(-5)}（${worth}）`;
}

function clock_or_none(ms: number | null): string {
  return ms === null ? "—" : at(ms);
}

/** Month, day, hour and minute, where the tablet is. */
export function at(ms: number): string {
  return shown(ms, {
    month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
}

/** A day with its weekday. */
export function day_text(ms: number): string {
  return shown(ms, { month: "long", day: "numeric", weekday: "short" });
}

function shown(ms: number, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.value, how).format(ms);
}

/** A stretch of minutes, in hours and minutes. */
export function minutes_text(minutes: number): string {
  if (minutes < 60) return _("{n} 分", { n: minutes });
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 48) return _("{n} 天", { n: Math.floor(hours / 24) });
  return rest === 0 ? _("{n} 时", { n: hours }) : _("{h} 时 {m} 分", { h: hours, m: rest });
}

/** Bytes as people count them. */
export function size_text(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e5) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${Math.max(bytes > 0 ? 1 : 0, Math.round(bytes / 1000))} KB`;
}

/** A refusal's sentence, in the language that is spoken. */
export function explain(why: Refused): string {
  return fill(_(SENTENCES.get(why.code) ?? why.code), why.facts);
}

/** The sentence of a code that came from the server. */
export function sentence(code: string, facts: Readonly<Record<string, string>> = {}): string {
  return fill(_(SENTENCES.get(code) ?? code), facts);
}
