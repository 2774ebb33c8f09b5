// Which doors the server has and what they say, for the compiler alone: the app no longer
// builds when a door is gone, or when an answer lacks a field that is read here.
//
// Nothing of it is left at run time. May not enter: asking, reading.

import type * as api from "../../../../sync/exported/api.ts";
import type {
  Claim, Gone, Limits, Opened, Outcomes, Page, Receipt, Welcome,
} from "../../../../sync/exported/records.ts";
import type { Enrolment } from "../store/owed.ts";

type Door = keyof api.Doors;
export type Method = Door extends `${infer M} ${string}` ? M : never;

/** Where one may ask in this way: a path with its names filled in, perhaps a query. */
export type Target<M extends Method> = Addresses<Extract<Door, `${M} ${string}`>>;

type Addresses<D extends Door> = D extends `${string} ${infer Path}`
  ? Filled<Path> | `${Filled<Path>}?${string}` : never;

type Filled<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Filled<After>}` : Path;

/** The fields that are read and that the server does not say. */
type Unsaid<Read, Said> = Exclude<keyof Read, keyof Said>;
type Nothing<T extends never> = T;

/** Each record that comes from the server, held against its shape in the document. */
export type Held = [
  Nothing<Unsaid<Welcome, api.Welcome>>, Nothing<Unsaid<Limits, api.Limits>>,
  Nothing<Unsaid<Opened, api.Opened>>, Nothing<Unsaid<Outcomes, api.Outcomes>>,
  Nothing<Unsaid<Receipt, api.Receipt>>, Nothing<Unsaid<Page, api.Page>>,
  Nothing<Unsaid<Gone, api.Gone>>, Nothing<Unsaid<Claim, api.Claim>>,
  Nothing<Unsaid<Omit<Enrolment, "server" | "name">, api.Enrolled>>,
];
