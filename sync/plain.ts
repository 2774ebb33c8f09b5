// Typed records as plain JSON values, and back.
//
// One mechanism for payloads of facts, documents and answers. A shape says how a value is
// read and written; a record's field that has its default is left out, so a record grows
// without old ones changing. May not enter: JSON text (see `json.ts`), meaning.

import { is_list, is_object, least, write_json, type Json } from "./json.ts";
import { Refused } from "./problems.ts";

/** How values of one type stand in JSON. Methods, so that a shape of a narrower type fits
 * where a wider one is asked for. */
export interface Shape<T> {
  read(value: Json, where: string): T;
  write(value: T): Json;
}

/** A record of which the fields `D` may be left out. */
export interface RecordShape<T extends object, D extends keyof T> extends Shape<T> {
  readonly record: string;
  make(given: Omit<T, D> & Partial<Pick<T, D>>): T;
}

export const text: Shape<string> = scalar((value) => typeof value === "string");
export const whole: Shape<number> = scalar((value) => typeof value === "number");
export const truth: Shape<boolean> = scalar((value) => typeof value === "boolean");
export const anything: Shape<Json> = { read: (value) => value, write: (value) => value };

export function optional<T>(inner: Shape<T>): Shape<T | null> {
  return {
    read: (value, where) => (value === null ? null : inner.read(value, where)),
    write: (value) => (value === null ? null : inner.write(value)),
  };
}

export function list<T>(inner: Shape<T>): Shape<readonly T[]> {
  return {
    read(value, where) {
      if (!is_list(value)) throw new Refused("field_misshapen", { field: where });
      return value.map((held) => inner.read(held, where));
    },
    write: (value) => value.map((held) => inner.write(held)),
  };
}

export function mapping<T>(inner: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return {
    read(value, where) {
      if (!is_object(value)) throw new Refused("field_misshapen", { field: where });
      return new Map([...value].map(([key, held]) => [key, inner.read(held, where)]));
    },
    write: (value) => new Map([...value].map(([key, held]) => [key, inner.write(held)])),
  };
}

export function one_of<T extends string>(known: readonly T[]): Shape<T> {
  return {
    read(value, where) {
      const found = known.find((one) => one === value);
      if (found === undefined) {
        throw new Refused("value_unknown", { field: where, known: known.join(", ") });
      }
      return found;
    },
    write: (value) => value,
  };
}

/** A record with these fields, in this sequence; refuses what does not fit exactly. */
export function record<T extends object, D extends keyof T = never>(
  name: string,
  fields: { readonly [K in keyof T]: Shape<T[K]> },
  defaults: Readonly<Pick<T, D>>,
): RecordShape<T, D> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries(fields));
  const usual = new Map<string, string>();
  for (const [field, value] of Object.entries(defaults)) {
    usual.set(field, write_json(shapes.get(field)!.write(value)));
  }
  const needed = [...shapes.keys()].filter((field) => !usual.has(field));

  function read(value: Json, where: string): T {
    if (!is_object(value)) throw new Refused("field_misshapen", { field: where });
    const surplus = [...value.keys()].filter((key) => !shapes.has(key));
    if (surplus.length) throw new Refused("field_unknown", { field: least(surplus) });
    const missing = needed.filter((field) => !value.has(field));
    if (missing.length) throw new Refused("field_missing", { field: least(missing) });
    const held = [...value].map(([key, one]) => [key, shapes.get(key)!.read(one, key)]);
    return whole_record<T>({ ...defaults, ...Object.fromEntries(held) });
  }

  function write(value: T): Json {
    const held = new Map<string, Json>();
    for (const [field, one] of Object.entries(value)) {
      if (!shapes.has(field)) throw new TypeError(`${name} has no field ${field}`);
      held.set(field, shapes.get(field)!.write(one));
    }
    const said = [...shapes.keys()].flatMap((field): [string, Json][] => {
      const one = held.get(field);
      if (one === undefined) throw new TypeError(`${name} without its ${field}`);
      return usual.get(field) === write_json(one) ? [] : [[field, one]];
    });
    return new Map(said);
  }

  const make = (given: Omit<T, D> & Partial<Pick<T, D>>): T =>
    whole_record<T>({ ...defaults, ...given });
  return { record: name, read, write, make };
}

// What is spread from the defaults and what was given is a whole record; the compiler
// cannot follow that through generic keys.
function whole_record<T>(value: object): T {
  return value as T;
}

/** The record that a JSON value stands for. */
export function typed<T extends object, D extends keyof T>(
  shape: RecordShape<T, D>, value: Json,
): T {
  return shape.read(value, shape.record);
}

function scalar<T extends string | number | boolean>(
  fits: (value: Json) => boolean,
): Shape<T> {
  return {
    read(value, where) {
      if (!fits(value)) throw new Refused("field_misshapen", { field: where });
      return value as T;
    },
    write: (value) => value,
  };
}
