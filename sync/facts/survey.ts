// Looking the fault over, and the owner's yes to the plan (V3, V6, L1).
//
// The twin of `survey.py`, as far as an order changes.

import {
  Agreement, Countersignature, Item, Quote, Survey, TakenAway, type Order,
} from "../exported/records.ts";
import { blob, type Payload } from "../facts.ts";
import type { Effects, Kept } from "./what.ts";

export const SURVEY: Effects = {
  "survey.surveyed": {
    about: () => "survey",
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      return { ...order, survey: Survey.make({ ...says, fact: id, private: head.private }) };
    },
  },

  "survey.countersigned": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const signature = blob(kept.fact, "signature")?.sha256 ?? null;
      const hand = Countersignature.make({
        ...says, fact: id, signature, private: head.private,
      });
      return { ...order, countersigned: [...order.countersigned, hand] };
    },
  },

  "survey.item_found": {
    about: ({ item }) => `item ${item}`,
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const found = Item.make({ ...says, fact: id, private: head.private });
      const items = [...order.items, found].sort((one, other) => one.item - other.item);
      return { ...order, items };
    },
  },

  "survey.quoted": {
    about: () => "quote",
    change: (order, says, kept) =>
      ({ ...order, quote: Quote.make({ ...says, fact: kept.fact.envelope.id }) }),
  },

  "survey.plan_agreed": { change: agreed },
  "survey.plan_changed": { change: agreed },

  "survey.taken_away": {
    change(order, { receipt }, kept) {
      const { id, head } = kept.fact.envelope;
      const gone = TakenAway.make({ fact: id, receipt, private: head.private });
      return { ...order, taken_away: [...order.taken_away, gone] };
    },
  },

  "survey.returned": {
    change(order, { receipt }, kept) {
      const returned = kept.fact.envelope.id;
      const taken_away = order.taken_away.map((one) =>
        one.receipt === receipt ? { ...one, returned } : one);
      return { ...order, taken_away };
    },
  },
};

function agreed(
  order: Order, says: Payload<"survey.plan_agreed" | "survey.plan_changed">, kept: Kept,
): Order {
  const { id, head } = kept.fact.envelope;
  const agreement = Agreement.make({ ...says, fact: id, private: head.private });
  return { ...order, agreements: [...order.agreements, agreement] };
}
