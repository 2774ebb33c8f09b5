// The vectors of tests/vectors/, and small ways to take them apart.

/// <reference types="node" />
import { readFileSync } from "node:fs";
import { is_list, is_object, type Json, type JsonObject } from "../../sync/json.ts";

/** A file of vectors that is one object. */
export function vectors(name: string): JsonObject {
  const value = file_of(name);
  if (!is_object(value)) throw new TypeError(`${name} is no object`);
  return value;
}

/** A file of vectors. Fractions stand in it, so it is read by the language's own reader. */
export function file_of(name: string): Json {
  const file = new URL(`../../../../tests/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf-8"), (_key, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? new Map(Object.entries(value)) : value) as Json;
}

export function each(held: JsonObject, name: string): readonly JsonObject[] {
  return items(held, name).map((one) => {
    if (!is_object(one)) throw new TypeError(name);
    return one;
  });
}

export function items(held: JsonObject, name: string): readonly Json[] {
  const value = held.get(name);
  if (!is_list(value)) throw new TypeError(`no list ${name}`);
  return value;
}

export function inside(held: JsonObject, name: string): JsonObject {
  const value = held.get(name);
  if (!is_object(value)) throw new TypeError(`no object ${name}`);
  return value;
}

export function text(held: JsonObject, name: string): string {
  const value = held.get(name);
  if (typeof value !== "string") throw new TypeError(`no text ${name}`);
  return value;
}

export function number(held: JsonObject, name: string): number {
  const value = held.get(name);
  if (typeof value !== "number") throw new TypeError(`no number ${name}`);
  return value;
}

export function any(held: JsonObject, name: string): Json {
  return held.get(name) ?? null;
}

/** A number or nothing. */
export function perhaps(held: JsonObject, name: string): number | null {
  return held.get(name) == null ? null : number(held, name);
}
