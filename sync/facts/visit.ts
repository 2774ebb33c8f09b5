// On the way and at the door: appointment, setting off, arrival, protocol, nobody home,
// turned away, leaving (P3, V1, V2, V7).
//
// The twin of `visit.py`, as far as an order changes.

import { Appointment, Departure, Visit, type Order } from "../exported/records.ts";
import { is_under_way } from "../order.ts";
import type { Effects, Kept } from "./what.ts";

export const VISIT: Effects = {
  "visit.arrived": {
    change(order, _says, kept) {
      const { id, head } = kept.fact.envelope;
      const place = head.private.get("place") ?? null;
      const visit = Visit.make({ fact: id, by: head.by, moment: kept.moment, place });
      return { ...order, visits: [...order.visits, visit] };
    },
  },

  "visit.placed": {
    change(order, { arrival }, kept) {
      const place = kept.fact.envelope.head.private.get("place") ?? null;
      const here = order.visits.find((one) => one.fact === arrival && one.place === null);
      return on_visit(order, here, { place });
    },
  },

  "visit.appointed": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const agreed = Appointment.make({ ...says, fact: id, by: head.by });
      return { ...order, appointments: [...order.appointments, agreed] };
    },
  },

  "visit.set_off": {
    change(order, _says, kept) {
      const { id, head } = kept.fact.envelope;
      const gone = Departure.make({ fact: id, by: head.by, moment: kept.moment });
      return { ...order, departures: [...order.departures, gone] };
    },
  },

  "visit.door_protocol": {
    change(order, { steps, ...consents }, kept) {
      const visit = last_visit(order, kept.fact.envelope.head.by);
      return on_visit(order, visit, { door: steps, ...consents });
    },
  },

  "visit.nobody_home": {
    change: (order, _says, kept) => visit_ended(order, kept, "nobody_home"),
  },

  "visit.turned_away": {
    change: (order, _says, kept) => visit_ended(order, kept, "turned_away"),
  },

  "visit.left": {
    change(order, _says, kept) {
      const visit = last_visit(order, kept.fact.envelope.head.by);
      if (visit?.left !== null) return order;
      return on_visit(order, visit, { left: kept.moment });
    },
  },
};

/** The latest visit of this person, over or not. */
export function last_visit(order: Order, by: string): Visit | undefined {
  return order.visits.filter((one) => one.by === by).at(-1);
}

/** The order with this visit changed; unchanged if there is none. */
function on_visit(
  order: Order, visit: Visit | undefined, changes: Partial<Visit>,
): Order {
  const visits = order.visits.map((one) => (one === visit ? { ...one, ...changes } : one));
  return { ...order, visits };
}

/** The order with the author's visit ended like this; an earlier visit that is over keeps
 * what it ended with. */
function visit_ended(order: Order, kept: Kept, outcome: string): Order {
  const visit = last_visit(order, kept.fact.envelope.head.by);
  if (visit === undefined || !is_under_way(visit)) return order;
  return on_visit(order, visit, { outcome });
}
