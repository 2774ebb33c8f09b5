// A call as it is written down: what was said so far, what is lacking, what is sent.
//
// Pure. May not enter: requests, keys, how it is drawn.

import { N_ } from "#shared/words.ts";
import type { Appointment, Card, Home, Resident } from "../shapes.ts";

export interface Draft {
  readonly sort: string;
  readonly project: string;
  readonly building: string;
  readonly unit: string;
  readonly room: string;
  readonly owner: string;
  readonly phone: string;
  readonly trade: string;
  readonly where: string;
  readonly what: string;
  readonly typed: string | null; // the fault in the dispatcher's own words
  readonly remark: string;
  readonly priority: string;
  readonly appointment: Appointment | null;
}

export const EMPTY: Draft = {
  sort: "repair", project: "", building: "", unit: "", room: "", owner: "", phone: "",
  trade: "", where: "", what: "", typed: null, remark: "", priority: "normal",
  appointment: null,
};

/** What was typed looks like a phone number, or like the end of one. */
export function is_phone(text: string): boolean {
  return /^[0-9+ -]{4,}$/.test(text);
}

/** The draft for this home; who calls is known by the phone, else the first who lives there. */
export function for_home(draft: Draft, home: Home, asked: string): Draft {
  const { project, building, unit, room } = home;
  const who: Resident | undefined =
    home.residents.find(({ phone }) => is_phone(asked) && phone.endsWith(asked.trim()))
    ?? home.residents[0];
  const phone = who?.phone || (is_phone(asked) ? asked.trim() : draft.phone);
  return { ...draft, project, building, unit, room, phone, owner: who?.name ?? draft.owner };
}

/** The draft where nobody was found: what was typed is a phone or nothing; one project is
 * the one that is meant. */
export function by_itself(draft: Draft, asked: string, projects: readonly string[]): Draft {
  const phone = is_phone(asked) ? asked.trim() : draft.phone;
  return { ...draft, phone, project: draft.project || (projects.length === 1 ? projects[0]! : "") };
}

/** The fault in words: typed, else where and what were picked. */
export function fault_of(draft: Draft): string {
  return draft.typed ?? `${draft.where}${draft.what}`;
}

export function home_name({ building, unit, room }: Pick<Draft, "building" | "unit" | "room">) {
  return [building, unit, room].filter(Boolean).join("-");
}

/** What is lacking yet, in words, and at which field; null if it can be sent. */
export function lacking(draft: Draft): { readonly at: string; readonly words: string } | null {
  if (draft.project === "") return { at: "place", words: N_("请选择项目") };
  if (draft.phone === "" && draft.room === "") {
    return { at: "place", words: N_("请填写电话或房号") };
  }
  if (draft.sort === "repair" && draft.trade === "") {
    return { at: "trade", words: N_("请选择工种") };
  }
  if (fault_of(draft).trim() === "") return { at: "where", words: N_("请说明报修内容") };
  return null;
}

/** What is sent. */
export function body_of(draft: Draft): object {
  const { where: _where, what: _what, typed: _typed, appointment, ...said } = draft;
  const fault = fault_of(draft).trim();
  return { channel: "phone", ...said, fault, ...(appointment === null ? {} : { appointment }) };
}

/** Of some orders those of this trade: a warning is about the same thing again. */
export function of_trade(orders: readonly Card[], draft: Draft): readonly Card[] {
  return orders.filter(({ trade }) => draft.trade === "" || trade === draft.trade);
}
