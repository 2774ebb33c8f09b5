// A request enters the books: from the register, by the desk, or found on site.
//
// The twin of `intake.py`, as far as an order changes.

import { Closing, Found, Photo, Remark, Request, Taking, type Order } from "../exported/records.ts";
import { blob, type Payload } from "../facts.ts";
import type { Effects, Kept } from "./what.ts";

const WHY = "words"; // a private value that says why, and nothing about the request

export const INTAKE: Effects = {
  "intake.logged": { change: asked_for },
  "intake.amended": {
    change(order, says, kept) {
      const asked = asked_for(order, says, kept);
      const { id, head } = kept.fact.envelope;
      const why = head.private.get(WHY);
      if (why === undefined) return asked;
      const said = Remark.make({ fact: id, by: head.by, private: new Map([[WHY, why]]) });
      return { ...asked, remarks: [...asked.remarks, said] };
    },
  },

  "intake.taken": {
    change(order, { person, repeats }, kept) {
      const { id, head } = kept.fact.envelope;
      const taking = Taking.make({
        person, repeats, fact: id, by: head.by, moment: kept.moment,
      });
      return { ...order, takings: [...order.takings, taking] };
    },
  },

  "intake.found_on_site": {
    change(order, { beside: _beside, ...says }, kept) {
      const { id, head } = kept.fact.envelope;
      const found = Found.make({ fact: id, by: head.by });
      if (order.request) {
        return { ...order, found: order.found ?? { ...found, stands: false } };
      }
      const request = Request.make({
        ...says, channel: "on_site", sort: "repair", private: head.private,
      });
      return { ...order, request, found };
    },
    stage(_says, before, after) {
      const first = before.request === null && after.request !== null;
      return first && before.stage === "logged" ? "dispatched" : before.stage;
    },
  },

  "intake.pictured": {
    change(order, _says, kept) {
      const { id, head } = kept.fact.envelope;
      const picture = blob(kept.fact, "photo");
      if (picture === null) return order;
      const shown = Photo.make({ fact: id, blob: picture, moment: "reported", by: head.by });
      return { ...order, reported: [...order.reported, shown] };
    },
  },

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
  const said = new Map([...head.private].filter(([name]) => name !== WHY));
  const request = Request.make({ ...says, private: said });
  const found = order.found && { ...order.found, stands: false };
  return { ...order, request, found };
}
