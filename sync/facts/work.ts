// The repair itself: photographs, parts, cause and remedy, done (V4, V5, V7).
//
// The twin of `work.py`, as far as an order changes.

import { MadeSafe, Part, Photo, WorkRecord } from "../exported/records.ts";
import { blob } from "../facts.ts";
import { is_under_way } from "../order.ts";
import { CORRECTION, type Effects } from "./what.ts";

/** Something that is only ever added to, unless it names what was a slip of the finger. */
const CORRECTABLE = {
  about: ({ corrects }: Correctable) => (corrects ? CORRECTION + corrects : ""),
  puts_right: ({ corrects }: Correctable) => corrects,
};
interface Correctable {
  readonly corrects: string | null;
}

export const WORK: Effects = {
  "work.made_safe": {
    change(order, { measures }, kept) {
      const { id, head } = kept.fact.envelope;
      const done = MadeSafe.make({ fact: id, by: head.by, measures, moment: kept.moment });
      return { ...order, made_safe: [...order.made_safe, done] };
    },
  },

  "work.photographed": {
    ...CORRECTABLE,
    change(order, { moment, item }, kept) {
      const { id, head } = kept.fact.envelope;
      const picture = blob(kept.fact, "photo");
      if (picture === null) return order;
      const taken = Photo.make({ fact: id, blob: picture, moment, item, by: head.by });
      return { ...order, photos: [...order.photos, taken] };
    },
  },

  "work.part_used": {
    ...CORRECTABLE,
    change(order, { line, price_list }, kept) {
      const { id, head } = kept.fact.envelope;
      const used = Part.make({ fact: id, line, price_list, private: head.private });
      return { ...order, parts: [...order.parts, used] };
    },
  },

  "work.recorded": {
    about: ({ item }) => `record ${item}`,
    change(order, says, kept) {
      const { id, head } = kept.fact.envelope;
      const record = WorkRecord.make({ ...says, fact: id, private: head.private });
      return { ...order, records: [...order.records, record] };
    },
  },

  "work.retracted": {
    about: ({ fact }) => CORRECTION + fact,
    puts_right: ({ fact }) => fact,
    /** Who was never there has not arrived. */
    stage(_says, before, after) {
      const alone = before.stage === "on_site" && !after.visits.some(is_under_way);
      return alone ? "dispatched" : before.stage;
    },
  },
};
