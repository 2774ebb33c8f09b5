// What an order on the tablet looks like in words: stage, address, people.
//
// The twin of `view.py`. May not enter: storage, decisions, how it is drawn.

import type { Order, Payer } from "../../../sync/order.ts";
import { PRIORITIES, STAGES } from "./shared/wording.ts";
import { _, N_ } from "./shared/words.ts";
import type { Sight } from "./tablet/sight.ts";

const BRIEF_PAYERS: Readonly<Record<Payer, string>> = {
  A: N_("保修内"), B: N_("公司承担"), paid: N_("有偿"),
};

/** Where the work stands, in words. */
export function stage_text(order: Order): string {
  const text = _(STAGES[order.stage]);
  return order.cancelled === null ? text : _("{stage}（已取消）", { stage: text });
}

/** Site, building, unit and room. */
export function where(sight: Sight): string {
  const request = sight.order.request;
  if (request === null) return "";
  const parts = ["building", "unit", "room"].map((name) => sight.text(request.private, name));
  return [request.site, ...parts].filter(Boolean).join(" ");
}

/** The flat alone: building, unit, room. */
export function flat(sight: Sight): string {
  const held = sight.order.request?.private ?? new Map<string, string>();
  const parts = ["building", "unit", "room"].map((name) => sight.text(held, name));
  return parts.filter(Boolean).join(" ") || sight.order.request?.site || sight.name;
}

/** Something private of the request, by its name. */
export function asked(sight: Sight, name: string): string {
  const held = sight.order.request?.private;
  return held === undefined ? "" : sight.text(held, name);
}

/** How urgent; empty for what is usual. */
export function priority_text(order: Order): string {
  const said = order.request?.priority ?? "normal";
  return said === "normal" ? "" : _(PRIORITIES[said] ?? said);
}

/** Who pays, as far as it was found. */
export function payer_text(order: Order): string {
  const payers = new Set(order.items.map((item) => item.payer));
  return [...payers].map((one) => _(BRIEF_PAYERS[one])).join("、");
}
