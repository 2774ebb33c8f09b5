// Written by `python -m infra.export`; do not edit.

import {
  list, mapping, one_of, optional, record, text, truth, whole,
} from "../plain.ts";
import { GRADES, type Grade } from "./records.ts";

export interface Season {
  readonly starts: string;
  readonly week: readonly (readonly (readonly number[])[])[];
}
export const Season = record<Season, never>("Season", {
  starts: text,
  week: list(list(list(whole))),
}, {
});

export interface Calendar {
  readonly source: string;
  readonly known_until: string;
  readonly offset_minutes: number;
  readonly seasons: readonly Season[];
  readonly holidays: ReadonlyMap<string, string>;
  readonly make_up: ReadonlyMap<string, number>;
}
export const Calendar = record<Calendar, never>("Calendar", {
  source: text,
  known_until: text,
  offset_minutes: whole,
  seasons: list(Season),
  holidays: mapping(text),
  make_up: mapping(whole),
}, {
});

export interface Band {
  readonly hours: readonly number[];
  readonly minutes: number;
}
export const Band = record<Band, never>("Band", {
  hours: list(whole),
  minutes: whole,
}, {
});

export interface PromiseRow {
  readonly code: string;
  readonly rule: string;
  readonly since: string;
  readonly starts: string;
  readonly ends: string;
  readonly priority: string | null;
  readonly minutes: number | null;
  readonly bands: readonly Band[];
  readonly working_minutes: number | null;
  readonly working_days: number | null;
  readonly rest_day_waits: boolean;
  readonly runs_on: boolean;
  readonly gives_way_to: string | null;
  readonly source: string;
}
export const PromiseRow = record<PromiseRow, "priority" | "minutes" | "bands" | "working_minutes" | "working_days" | "rest_day_waits" | "runs_on" | "gives_way_to" | "source">("Promise", {
  code: text,
  rule: text,
  since: text,
  starts: text,
  ends: text,
  priority: optional(text),
  minutes: optional(whole),
  bands: list(Band),
  working_minutes: optional(whole),
  working_days: optional(whole),
  rest_day_waits: truth,
  runs_on: truth,
  gives_way_to: optional(text),
  source: text,
}, {
  priority: null,
  minutes: null,
  bands: [],
  working_minutes: null,
  working_days: null,
  rest_day_waits: false,
  runs_on: false,
  gives_way_to: null,
  source: "",
});

export interface Promises {
  readonly promises: readonly PromiseRow[];
  readonly worth: readonly Grade[];
}
export const Promises = record<Promises, "worth">("Policy", {
  promises: list(PromiseRow),
  worth: list(one_of(GRADES)),
}, {
  worth: ["A", "B"],
});
