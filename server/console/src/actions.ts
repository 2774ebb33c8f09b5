// What the desk may do about one order, as a table: when it fits, which reasons there are,
// what else is asked. Each leaves exactly one fact.
//
// The server decides whether it may be done; a row only says what is worth showing. May not
// enter: requests, how it looks.

import owners from "#sync/exported/owners.json" with { type: "json" };
import type { Order } from "#sync/exported/records.ts";
import { N_ } from "#shared/words.ts";

export interface Action {
  readonly code: string; // the last part of its address
  readonly words: string;
  readonly may: string; // who may do this sees it (`#sync/access.ts`)
  readonly key?: string;
  readonly fits: (order: Order) => boolean;
  readonly reasons: readonly string[]; // codes; none: free words are the reason
  readonly asks?: "technician" | "time" | "until" | "correction" | "approval" | "other_order"
    | "certificate";
  readonly grave?: boolean; // it stops what somebody may be doing now
}

const is_open = (order: Order) => order.cancelled === null && order.closed === null;

export const ACTIONS: readonly Action[] = [
  {
    code: "dispatch", words: N_("派单给师傅"), may: "order.dispatch", key: "d", asks: "technician",
    fits: (order) => is_open(order) && order.assignments.length === 0, reasons: [],
  },
  {
    code: "dispatch", words: N_("改派"), may: "order.dispatch", key: "d", asks: "technician",
    fits: (order) => is_open(order) && order.assignments.length > 0
      && order.stage !== "accepted",
    reasons: ["owner_asked", "technician_unavailable", "closer", "other_trade", "balance"],
  },
  {
    code: "appoint", words: N_("约时间"), may: "order.dispatch", key: "p", asks: "time",
    fits: is_open, reasons: ["owner_asked", "technician_unavailable", "parts"],
  },
  {
    code: "comment", words: N_("留言"), may: "order.decide", key: "c",
    fits: () => true, reasons: [],
  },
  {
    code: "correct", words: N_("更正登记"), may: "order.decide", key: "e", asks: "correction",
    fits: (order) => order.request !== null,
    reasons: ["misheard", "register_says", "priority_changed"],
  },
  {
    code: "approve", words: N_("批准费用"), may: "order.approve", asks: "approval",
    fits: (order) => order.holds.some(({ released }) => released === null), reasons: [],
  },
  {
    code: "hold", words: N_("挂起工单"), may: "order.decide", key: "h", asks: "until",
    fits: (order) => is_open(order) && order.stage !== "accepted" && !is_held(order),
    reasons: ["parts", "owner", "approval", "contractor", "weather"],
  },
  {
    code: "resume", words: N_("恢复工单"), may: "order.decide", key: "h",
    fits: (order) => is_open(order) && is_held(order),
    reasons: ["ready"],
  },
  {
    code: "merge", words: N_("并入别的工单"), may: "order.decide", asks: "other_order",
    fits: (order) => is_open(order) && order.merged_into === null, reasons: [], grave: true,
  },
  {
    code: "cancel", words: N_("取消工单"), may: "order.decide", grave: true,
    fits: (order) => order.cancelled === null,
    reasons: ["owner_withdrew", "duplicate", "out_of_scope", "solved", "unreachable"],
  },
  {
    code: "close", words: N_("办理结案"), may: "order.decide",
    fits: (order) => order.closed === null,
    reasons: ["done", "owner_agreed", "unreachable"], grave: true,
  },
  {
    code: "reopen", words: N_("重新打开工单"), may: "order.decide",
    fits: (order) => order.closed !== null && order.merged_into === null,
    reasons: ["still_broken", "closed_by_mistake", "new_evidence"],
  },
  {
    code: "owner/revoke", words: N_("撤销验收单"), may: "order.approve", asks: "certificate",
    fits: (order) => standing_sheet(order) !== null,
    reasons: Object.keys(owners.revocations).filter((code) => code !== "other"), grave: true,
  },
];

/** The digest of the newest sheet that was accepted by hand, unless it was taken back. */
export function standing_sheet({ rounds, revoked }: Order): string | null {
  const signed = rounds.flatMap(({ verdicts }) => verdicts)
    .filter(({ answer, signature }) => answer === "accepted" && signature !== null).at(-1);
  return signed === undefined || revoked.some(({ sheet }) => sheet === signed.sheet)
    ? null : signed.sheet;
}

/** Is the order held by the desk, so that its promises do not count on? */
export function is_held({ halts }: Order): boolean {
  return halts.at(-1)?.resumed === null;
}

/** What is worth offering for an order that stands like this. */
export function actions_for(order: Order): readonly Action[] {
  return ACTIONS.filter(({ fits }) => fits(order));
}
