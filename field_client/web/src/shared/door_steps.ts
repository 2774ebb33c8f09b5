// The steps at the door (V1), in words, and gathered into lines that an eye takes in at once.
//
// May not enter: which of them a policy demands.

import { N_ } from "./words.ts";

export const STEPS: Readonly<Record<string, string>> = {
  uniform: N_("着工装、佩戴工牌"), rang_twice: N_("按铃，等 30 秒再按"),
  greeted: N_("问候并出示工牌"), shoe_covers: N_("穿鞋套（毛坯房不用）"),
  supervision_card: N_("递交监督卡"), items_confirmed: N_("复述报修内容和部位，请业主确认"),
  duration_told: N_("说明预计时间"), floor_mat: N_("铺垫布"),
  furniture_protected: N_("保护家具"),
};

export type Icon = "bell" | "badge" | "shoe" | "cloth" | "talk" | "card" | "other";

/** One line of the card: a picture and the steps that belong together. */
export interface DoorLine {
  readonly icon: Icon;
  readonly steps: readonly string[];
}

const LINES: readonly DoorLine[] = [
  { icon: "bell", steps: ["rang_twice"] },
  { icon: "badge", steps: ["uniform", "greeted"] },
  { icon: "shoe", steps: ["shoe_covers"] },
  { icon: "cloth", steps: ["floor_mat", "furniture_protected"] },
  { icon: "talk", steps: ["items_confirmed", "duration_told"] },
];

/** The policy's steps in at most six lines. */
export function lines_of(steps: readonly string[]): readonly DoorLine[] {
  const known = LINES.map(({ icon, steps: own }) =>
    ({ icon, steps: own.filter((one) => steps.includes(one)) }));
  const rest = steps.filter((one) => !LINES.some((line) => line.steps.includes(one)));
  return [...known, { icon: "card" as const, steps: rest }].filter((one) => one.steps.length > 0);
}
