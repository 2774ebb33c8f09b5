// What the owner says without an account, from a phone of their own (A0, A4, C1–C6).
//
// The twin of `owner.py`, as far as an order changes.

import {
  Complaint, Confirmation, Dispute, Enquiry, Mark, Revocation,
} from "../exported/records.ts";
import type { Effects } from "./what.ts";

export const OWNER: Effects = {
  "owner.asked": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const asked = Enquiry.make({ ...says, fact: id, by: head.by, moment: kept.moment });
      return { ...order, asked: [...order.asked, asked] };
    },
  },

  "owner.confirmed": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const said = Confirmation.make({
        ...says, fact: id, private: head.private, moment: kept.moment,
      });
      return { ...order, confirmed: [...order.confirmed, said] };
    },
  },

  "owner.rated": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const mark = Mark.make({ ...says, fact: id, private: head.private });
      return { ...order, marks: [...order.marks, mark] };
    },
  },

  "owner.complained": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const said = Complaint.make({ ...says, fact: id, private: head.private });
      return { ...order, complaints: [...order.complaints, said] };
    },
  },

  "owner.disputed": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const said = Dispute.make({ ...says, fact: id, private: head.private });
      return { ...order, disputes: [...order.disputes, said] };
    },
  },

  "acceptance.revoked": {
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const said = Revocation.make({
        ...says, fact: id, private: head.private, moment: kept.moment,
      });
      return { ...order, revoked: [...order.revoked, said] };
    },
  },
};
