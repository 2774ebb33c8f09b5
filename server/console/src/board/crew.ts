// The technicians beside the board: what they have, where they surely are, when they were
// last heard of.
//
// What is planned and what is known stay apart. May not enter: how it is drawn.

import { computed } from "@preact/signals";

import { may } from "#sync/access.ts";
import { people } from "../state.ts";
import { cards, contacts } from "./live.ts";

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly open: number; // orders that are theirs and not accepted: planned
  readonly on_site: number; // of them, where they are known to be: known
  readonly unseen: number; // given, and never looked at
  readonly contact_ms: number | null;
}

/** Everybody who may be given orders, those with most to do first. */
export const crew = computed<readonly Member[]>(() => {
  const able = [...people.value.values()]
    .filter((one) => one.active && may(one.grants, "order.work"));
  const found = new Map(able.map(({ id, name }) => [id, {
    id, name, open: 0, on_site: 0, unseen: 0, contact_ms: contacts.value.get(id) ?? null,
  }]));
  for (const card of cards.value.values()) {
    if (card.technician === null || card.stage === "accepted") continue;
    for (const id of [card.technician, ...card.helpers]) {
      const one = found.get(id);
      if (one === undefined) continue;
      one.open += 1;
      if (card.known.on_site.includes(id)) one.on_site += 1;
      if (card.known.unseen.includes(id)) one.unseen += 1;
    }
  }
  return [...found.values()].sort((one, other) => one.name.localeCompare(other.name, "zh"));
});
