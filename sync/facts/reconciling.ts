// What a person decides where the central service log and the field differ.
//
// The twin of `reconciling.py`, as far as an order changes.

import { Handling, Settlement } from "../exported/records.ts";
import type { Effects } from "./what.ts";

export const RECONCILING: Effects = {
  "reconcile.settled": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const made = Settlement.make({
        ...says, fact: id, by: head.by, moment: kept.moment, private: head.private,
      });
      return { ...order, settlements: [...order.settlements, made] };
    },
  },

  "reconcile.undone": {
    change(order, { settled }, kept) {
      const undone = kept.fact.envelope.id;
      const settlements = order.settlements.map((one) =>
        one.fact === settled ? { ...one, undone: one.undone || undone } : one);
      return { ...order, settlements };
    },
  },

  "reconcile.taken": {
    change(order, says, kept) {
      const taken = Handling.make({ ...says, fact: kept.fact.envelope.id });
      return { ...order, handlings: [...order.handlings, taken] };
    },
  },
};
