// What is changed after the owner has signed is not what was signed, and it says so (A2).
//
// May not enter: what is changed.

import type { Order } from "../../../../sync/order.ts";
import { Card } from "../shared/frame.tsx";
import { _ } from "../shared/words.ts";
import { is_signed } from "../steps.ts";

/** A warning where there is a signature; nothing otherwise. */
export function AfterSignature({ order }: { readonly order: Order }) {
  if (!is_signed(order)) return null;
  return (
    <Card tone="warn" title={_("业主已签字")}>
      <p>{_("再改的内容不在签字之内：会提请核对，并须业主重新签字。")}</p>
    </Card>
  );
}
