// The desk gives an order to somebody, takes it back, closes it; people take notice.
//
// The twin of `dispatch.py`, as far as an order changes. Decisions here are the desk's
// alone: no fact of a tablet changes them (invariant 26).

import {
  Assignment, Cancellation, Closing, Halt, Remark, Resolution, Seen,
} from "../exported/records.ts";
import { is_held } from "../order.ts";
import { knowing, type Effects } from "./what.ts";

export const DISPATCH: Effects = {
  "dispatch.dispatched": {
    change(order, says, kept) {
      const given = Assignment.make({ ...says, fact: kept.fact.envelope.id });
      return { ...order, assignments: [...order.assignments, given] };
    },
  },

  "dispatch.cancelled": {
    change(order, { reason }, kept) {
      const gone = Cancellation.make({ reason, fact: kept.fact.envelope.id });
      return { ...order, cancelled: order.cancelled ?? gone };
    },
  },

  "dispatch.closed": {
    change(order, { reason }, kept) {
      const shut = Closing.make({ reason, fact: kept.fact.envelope.id });
      return { ...order, closed: order.closed ?? shut };
    },
  },

  // A merged order stays closed: its other half goes on.
  "dispatch.reopened": {
    change: (order) => ({ ...order, closed: order.merged_into ? order.closed : null }),
  },

  // Held already, nothing changes.
  "dispatch.held": {
    change(order, says, kept) {
      if (is_held(order)) return order;
      const { id, head } = kept.fact.envelope;
      const halt = Halt.make({
        ...says, fact: id, moment: kept.moment, private: head.private,
      });
      return { ...order, halts: [...order.halts, halt] };
    },
  },

  "dispatch.resumed": {
    change(order, _says, kept) {
      if (!is_held(order)) return order;
      const over = order.halts.slice(0, -1);
      return { ...order, halts: [...over, { ...order.halts.at(-1)!, resumed: kept.moment }] };
    },
  },

  "dispatch.commented": {
    change(order, _says, kept) {
      const { id, head } = kept.fact.envelope;
      const said = Remark.make({ fact: id, by: head.by, private: head.private });
      return { ...order, remarks: [...order.remarks, said] };
    },
  },

  "review.resolved": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const looked_at = Resolution.make({ ...says, fact: id, private: head.private });
      return { ...order, resolutions: [...order.resolutions, looked_at] };
    },
  },

  "dispatch.seen": {
    change(order, _says, kept) {
      const { id, head } = kept.fact.envelope;
      const mark = Seen.make({
        by: head.by, fact: id, basis: knowing(kept), moment: kept.moment,
      });
      return { ...order, seen: [...order.seen, mark] };
    },
  },
};
