// What the owner sent back, and what was done since (A1).
//
// May not enter: words, drawing.

import type { Inspection, Order } from "../../../../sync/order.ts";

/** Was this fact stated after the owner last sent work back? Always, if never. */
export function since_sent_back(order: Order, fact: string): boolean {
  const names = order.history.map(({ id }) => id);
  return names.indexOf(fact) > last_sent_back(order, names);
}

/** What the owner found not right, while it waits for a new record. */
export function to_put_right(order: Order): readonly Inspection[] {
  const names = order.history.map(({ id }) => id);
  if (last_sent_back(order, names) < 0 || order.stage === "completed") return [];
  const last = new Map(order.rounds.flatMap(({ inspections }) => inspections)
    .map((one) => [one.item, one]));
  const redone = new Set(order.records.filter(({ fact }) => since_sent_back(order, fact))
    .map(({ item }) => item));
  return [...last.values()].filter(({ passed, item }) => !passed && !redone.has(item));
}

function last_sent_back(order: Order, names: readonly string[]): number {
  const facts = order.rounds.flatMap(({ verdicts }) => verdicts)
    .filter(({ answer }) => answer === "rejected").map(({ fact }) => fact);
  return Math.max(-1, ...facts.map((fact) => names.indexOf(fact)));
}
