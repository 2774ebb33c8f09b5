// A request enters the books: from the register, or taken by the desk.
//
// The twin of `intake.py`, as far as an order changes.

import { Closing, Request, type Order } from "../exported/records.ts";
import type { Payload } from "../facts.ts";
import type { Effects, Kept } from "./what.ts";

export const INTAKE: Effects = {
  "intake.logged": { change: asked_for },
  "intake.amended": { change: asked_for },

  "intake.merged": {
    change(order, { into }, kept) {
      const shut = Closing.make({ reason: "merged", fact: kept.fact.envelope.id });
      const merged_into = order.merged_into ?? into;
      return { ...order, merged_into, closed: order.closed ?? shut };
    },
  },

  "intake.duplicate_found": {
    change(order, { duplicate }) {
      const known = new Set([...order.duplicates, duplicate]);
      return { ...order, duplicates: [...known].sort() };
    },
  },
};

function asked_for(
  order: Order, says: Payload<"intake.logged" | "intake.amended">, kept: Kept,
): Order {
  const { head } = kept.fact.envelope;
  return { ...order, request: Request.make({ ...says, private: head.private }) };
}
