// What it comes to, in one line: material, labour, what others bear, what the owner pays.
//
// The sum is the bill that is signed. May not enter: how it adds up.

import type { Bill } from "../../../../sync/prices.ts";
import { yuan_text } from "../shared/money.ts";
import { _ } from "../shared/words.ts";

/** The line of money. */
export function Fee({ bill }: { readonly bill: Bill }) {
  const { material_fen, labour_fen, owner_fen } = bill;
  const less = material_fen + labour_fen - owner_fen;
  return (
    <p class="fee num" aria-live="polite" data-testid="fee">
      <span>{_("材料")} {yuan_text(material_fen)}</span>
      <span>{_("人工")} {yuan_text(labour_fen)}</span>
      {less !== 0 && <span>{_("减免")} −{yuan_text(less)}</span>}
      <strong>{_("应收")} <output data-testid="owner-fee">{yuan_text(owner_fen)}</output></strong>
    </p>
  );
}
