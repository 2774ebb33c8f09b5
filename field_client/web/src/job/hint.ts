// Who probably bears an item, and why: a first answer that a person may change (L1).
//
// The tablet does not hold when a home was handed over, so it reckons by what it knows: what
// was agreed for other items here, and what the cause says. The office determines it in the
// end. May not enter: how it is asked.

import type { Order, Payer } from "../../../../sync/order.ts";
import { N_ } from "../shared/words.ts";

export interface Hint {
  readonly payer: Payer;
  readonly why: string;
}

// Causes that no warranty covers, and those that point to whoever built it.
const MISUSE: ReadonlySet<string> = new Set([N_("使用不当")]);
const BUILT: ReadonlySet<string> = new Set([
  N_("安装不当"), N_("施工缺陷"), N_("防水层破损"), N_("管根渗漏"), N_("地漏周边渗漏"),
]);

const BY_MISUSE: Hint = { payer: "paid", why: N_("使用不当不在保修范围") };
const BY_BUILDING: Hint = { payer: "A", why: N_("施工问题由施工方负责") };
const AS_BEFORE = N_("同本单其他事项");
const AS_USUAL: Hint = { payer: "A", why: N_("先按保修内记，办公室按交付日期核定") };

/** Who probably bears an item with this cause. */
export function payer_hint(order: Order, item: number, cause: string): Hint {
  if (MISUSE.has(cause)) return BY_MISUSE;
  if (BUILT.has(cause)) return BY_BUILDING;
  const other = order.items.find((one) => one.item !== item);
  return other === undefined ? AS_USUAL : { payer: other.payer, why: AS_BEFORE };
}
