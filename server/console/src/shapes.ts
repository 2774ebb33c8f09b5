// What the console reads from the server, as the API's document describes it.
//
// Shapes only. May not enter: requests, how something looks.

import type { Stage } from "#sync/exported/records.ts";

export type { Stage };
export type Priority = "emergency" | "urgent" | "normal";

export interface Grant {
  readonly role: string;
  readonly project: string; // "*": every one
}

export interface Session {
  readonly person: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly csrf: string;
  readonly language: string | null;
  readonly expires_ms: number;
  readonly openid: boolean;
}

/** One promise about an order's time, and how it stands. */
export interface Deadline {
  readonly code: string;
  readonly rule: string;
  readonly due_first_ms: number | null;
  readonly due_last_ms: number | null;
  readonly answer: "kept" | "missed" | "undetermined" | "open";
  readonly basis: string;
  readonly minutes_left: number | null;
  readonly stopped: boolean;
}

/** A visit as far as it is known; `until_ms` is null while it is not known to be over. */
export interface Trip {
  readonly actor: string;
  readonly from_ms: number | null;
  readonly until_ms: number | null;
  readonly sure: boolean;
}

/** What the field has told, apart from what is planned. */
export interface Known {
  readonly on_site: readonly string[];
  readonly on_way: readonly string[]; // set off, and not heard of since
  readonly trips: readonly Trip[];
  readonly taken_out: boolean;
  readonly unseen: readonly string[];
  readonly contact_ms: number | null;
  readonly as_of_ms: number;
}

export interface Appointment {
  readonly start_ms: number;
  readonly end_ms: number;
}

/** An order as lists and the board show it. */
export interface Card {
  readonly id: string;
  readonly number: string | null;
  readonly provisional: boolean;
  readonly project: string;
  readonly sort: string;
  readonly trade: string;
  readonly priority: Priority;
  readonly stage: Stage;
  readonly home: string;
  readonly fault: string;
  readonly technician: string | null;
  readonly helpers: readonly string[];
  readonly appointment: Appointment | null;
  readonly registered_ms: number;
  readonly round: number;
  readonly rework: number;
  readonly reviews: readonly string[];
  readonly open: boolean;
  readonly held: boolean;
  readonly cancelled: boolean;
  readonly accepted_ms: number | null; // while it stands accepted
  readonly rev: number;
  readonly known: Known;
  readonly deadlines: readonly Deadline[];
}

export interface CardPage {
  readonly orders: readonly Card[];
  readonly next: string | null;
  readonly as_of_ms: number;
  readonly cursor: string;
  readonly contacts: Readonly<Record<string, number>>; // person -> when last heard of
}

export interface Changes {
  readonly orders: readonly Card[];
  readonly gone: readonly string[];
  readonly cursor: string;
  readonly complete: boolean; // else there is more to ask for at once
  readonly contacts: Readonly<Record<string, number>>;
  readonly as_of_ms: number;
}

export interface Reason {
  readonly code: string;
  readonly words: string;
  readonly value?: unknown;
}

/** Somebody who could be given an order, with why and why not. */
export interface Candidate {
  readonly person: string;
  readonly name: string;
  readonly rank: number;
  readonly fits: boolean;
  readonly reasons: readonly Reason[];
  readonly qualified: boolean;
  readonly expires_day: string | null;
  readonly load: { readonly today: number; readonly open: number };
  readonly place: { readonly distance_m: number | null; readonly of: string };
  readonly contact_ms: number | null;
  readonly on_duty: boolean;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly active: boolean;
}

export interface Resident {
  readonly name: string;
  readonly phone: string;
  readonly relation: string;
}

/** A home as a call finds it, with who lives there and what was done. */
export interface Home {
  readonly project: string;
  readonly building: string;
  readonly unit: string;
  readonly room: string;
  readonly residents: readonly Resident[];
  readonly handed_over_day: string;
  readonly note: string;
  readonly warranty: readonly { readonly trade: string; readonly until_day: string }[];
  readonly orders: readonly Card[];
}

export interface Lookup {
  readonly homes: readonly Home[];
  readonly duplicates: readonly Card[]; // open orders of the same home and trade
  readonly repeats: readonly Card[]; // accepted lately
}

export interface View {
  readonly name: string;
  readonly query: string;
}
