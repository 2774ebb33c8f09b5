// Cost above what may be decided on site: held, the owner told, approved by the desk (L4).
//
// The twin of `approval.py`, as far as an order changes.

import { Hold } from "../exported/records.ts";
import type { Effects } from "./what.ts";

export const APPROVAL: Effects = {
  "survey.held": {
    change(order, says, kept) {
      const waits = Hold.make({ ...says, fact: kept.fact.envelope.id });
      return { ...order, holds: [...order.holds, waits] };
    },
  },

  "dispatch.approved": {
    change(order, { hold, up_to_fen }, kept) {
      const released = kept.fact.envelope.id;
      const holds = order.holds.map((one) =>
        one.fact === hold ? { ...one, released, up_to_fen } : one);
      return { ...order, holds };
    },
  },
};
