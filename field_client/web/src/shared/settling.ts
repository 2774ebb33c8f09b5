// What waits for a person, in plain words: how it came about, what may be decided, and what
// a decision means for whoever recorded it. One set of words for desk and tablet.
//
// A reason's code stands in the fact for good: add, never rename. May not enter: who decides.

import labels from "../../../../sync/exported/labels.json" with { type: "json" };
import { N_ } from "./words.ts";

const REVIEWS: Readonly<Record<string, string>> = labels.reviews;

/** What a review is about; an unknown code is shown as it is. */
export function review_label(code: string): string {
  return REVIEWS[code] ?? code;
}

/** How such a thing comes about, for somebody who has not read the protocol. */
export const CAUSES: Readonly<Record<string, string>> = {
  not_assigned: N_("平板离线时看不到改派。两边都没有做错：调度的决定和现场的记录都在，要由您定以哪个为准。"),
  cancelled_unseen: N_("平板离线时看不到取消，维修人员照单上门。记录都在，要定这次上门算不算。"),
  after_cancelled: N_("记录时已经知道工单取消，仍然到场或签字。请问清情况。"),
  closed_unseen: N_("结案之后才收到，记录时还不知道已结案。"),
  after_closed: N_("记录时已经知道结案。请问清情况。"),
  double_arrival: N_("同一人没有离场又签到一次，两次相隔很久：可能忘了记离场，也可能真的来了两次。"),
  contradiction: N_("同一轮里，一处记为合格，另一处记为不合格或拒签。业主究竟怎么说，请核实。"),
  parallel_edit: N_("两人互不知情，各写了一份。工单显示其中一份，另一份也保留着。"),
  signed_older_version: N_("业主签字时没有看到这一条。签字只对当时看到的内容有效。"),
  record_incomplete: N_("已经记完工，但有事项没有写原因和处理。"),
  signature_missing: N_("验收合格，却没有业主的签字。"),
  correction_missed: N_("要更正或撤回的那一条找不到，或者不能撤回。"),
  out_of_turn: N_("这一步通常要在别的步骤之后。记录已保留。"),
  lamport_jump: N_("记录的序号跳得很远，平时不会这样。"),
  owner_disputes: N_("业主在自己的页面上对这次验收提出异议。请联系业主问清；在您决定之前，核对页一直显示“有争议”。"),
  owner_complains: N_("业主在自己的页面上投诉。请联系业主，答复了什么写在说明里。"),
  fork: N_("同一编号有两条记录：平板的数据可能被复制或恢复过。两条都算数。"),
};

/** What a decision says, by its code, and which of them A, B and M are: `sync/suggestions.py`. */
export const DECISIONS: Readonly<Record<string, string>> = labels.decisions;
export const CHOICES: Readonly<Record<"one" | "mixed" | "alike", Readonly<Record<"a" | "b" | "m",
  string>>>> = labels.choices;

/** A decision in words; what an integrator or the command line wrote stays as it is. */
export function decision_words(code: string): string {
  return DECISIONS[code] ?? code;
}

const SETTLEMENTS: Readonly<Record<string, string>> = labels.settlements;

/** What was decided about a difference from the central log, in words. */
export function settlement_words(choice: string): string {
  return SETTLEMENTS[choice] ?? choice;
}
