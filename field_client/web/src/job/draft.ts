// What somebody began on a screen and has not told yet: in the store after every tap, so
// that a tablet that dies loses nothing.
//
// May not enter: what it is about.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { tablet } from "../state.ts";

const writing = new Map<string, Promise<void>>();

/** Wait until what was last changed under this name is on disk: what ends a draft must come
 * after it. */
export async function written(name: string): Promise<void> {
  await writing.get(name);
}

export interface Draft<T extends object> {
  readonly name: string;
  readonly value: T | null; // null until the store has been asked
  readonly begun: boolean; // is there anything that was not told?
  readonly change: (changes: Partial<T>) => void;
  readonly over: () => void; // it was told: begin from what the order says now
}

/** The draft of this name. What it does not hold yet is as `first` says: also a draft of an
 * older version, and one that nobody has begun. */
export function useDraft<T extends object>(name: string, first: () => T): Draft<T> {
  const held = useSignal<{ readonly name: string; readonly said: Partial<T> } | null>(null);
  useEffect(() => {
    held.value = null;
    void tablet().draft<Partial<T>>(name).then((said) => {
      held.value = { name, said: said ?? {} };
    });
  }, [name]);
  const now = held.value?.name === name ? held.value.said : null;
  const change = (changes: Partial<T>): void => {
    const said = { ...held.value?.said, ...changes };
    held.value = { name, said };
    const before = writing.get(name) ?? Promise.resolve();
    const keep = () => tablet().keep_draft(name, said);
    writing.set(name, before.then(keep, keep));
  };
  const over = (): void => { held.value = { name, said: {} }; };
  const begun = now !== null && Object.keys(now).length > 0;
  return { name, value: now === null ? null : { ...first(), ...now }, begun, change, over };
}
