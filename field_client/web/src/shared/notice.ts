// Words that go by by themselves, to whoever looks at the screen.
//
// May not enter: what is said.

import { signal } from "@preact/signals";

/** Words that go by by themselves; `undo` takes the last step back where it can. */
export interface Notice {
  readonly words: string;
  readonly undo?: () => void | Promise<void>;
  readonly grave?: boolean;
}
export const notice = signal<Notice | null>(null);

export function tell_person(said: Notice): void {
  notice.value = said;
}
