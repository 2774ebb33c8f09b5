// What is known about the way to the server, as screens show it.
//
// Said by one tab to all. May not enter: how it is found out.

import type { Trouble } from "./contact.ts";

export interface Line {
  readonly reached_ms: number | null; // wall clock of the last sealed answer to hello
  readonly lost_ms: number | null; // wall clock of the first attempt since that failed
  readonly online: boolean; // did the last attempt reach the server?
  readonly busy: boolean; // is an exchange under way, in whichever tab?
  readonly lane: string; // what is being done: facts, documents, signatures, photos
  readonly done: number; // of that, how much
  readonly total: number;
  readonly bytes: number; // of the original that is being sent
  readonly of_bytes: number;
  readonly photos_held: boolean; // photos wait for Wi-Fi because somebody wanted that
  readonly troubles: readonly Trouble[]; // of the last exchange
}

export const AT_REST = { busy: false, lane: "", done: 0, total: 0, bytes: 0, of_bytes: 0 };

export const UNTRIED: Line = {
  ...AT_REST, reached_ms: null, lost_ms: null, online: false, photos_held: false,
  troubles: [],
};

/** The line after `watch` said this. */
export function moved(line: Line, what: string, done: number, of: number): Line {
  if (what === "bytes") return { ...line, bytes: done, of_bytes: of };
  return { ...line, lane: what, done, total: of, bytes: 0, of_bytes: 0 };
}
