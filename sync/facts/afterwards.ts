// What the owner gives after the work: money, and a mark (L6, R2).
//
// The twin of `afterwards.py`, as far as an order changes.

import { Payment, Rating } from "../exported/records.ts";
import type { Effects } from "./what.ts";

export const AFTERWARDS: Effects = {
  "acceptance.paid": {
    change(order, says, kept) {
      const paid = Payment.make({ ...says, fact: kept.fact.envelope.id });
      return { ...order, payments: [...order.payments, paid] };
    },
  },

  "acceptance.rated": {
    change(order, says, kept) {
      const mark = Rating.make({ ...says, fact: kept.fact.envelope.id });
      return { ...order, ratings: [...order.ratings, mark] };
    },
  },
};
