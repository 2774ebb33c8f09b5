// What somebody began on a screen and has not told yet: in the store after every tap, so
// that a tablet that dies loses nothing.
//
// May not enter: what it is about.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { tablet } from "../state.ts";

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
  const turn = useRef<Promise<void>>(Promise.resolve());
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
    turn.current = turn.current.then(() => tablet().keep_draft(name, said));
  };
  const over = (): void => { held.value = { name, said: {} }; };
  const begun = now !== null && Object.keys(now).length > 0;
  return { name, value: now === null ? null : { ...first(), ...now }, begun, change, over };
}
