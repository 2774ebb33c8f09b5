// In whose hands the tablet is. Once it was handed to an owner, nothing but the owner's
// screen can be reached: not by going back, reloading, another address or another start; it
// stands in the store. Only the technician's long press takes it back (U27).
//
// May not enter: what the owner is shown.

import { signal } from "@preact/signals";

import type { What } from "../../../../sync/facts.ts";
import { Refused } from "../../../../sync/problems.ts";
import { go_instead } from "../routes.ts";
import { elder_first } from "../settings.ts";
import { language, speak, type Language } from "../shared/words.ts";
import { elder, tablet } from "../state.ts";

/** What the tablet was handed over for. */
export type Purpose = "accept" | "agree" | "countersign";

export interface Handed {
  readonly stream: string;
  readonly purpose: Purpose;
  readonly language: Language; // the technician's, to go back to
  readonly reader: Reader;
}

/** How whoever holds it likes to read. */
export interface Reader {
  readonly language: Language;
  readonly elder: boolean;
}

/** To whom the tablet was handed; null while it is the technician's. */
export const in_hand = signal<Handed | null>(null);

// What only an owner can say, and only on the owner's screen.
export const OWNERS_KINDS: ReadonlySet<string> = new Set([
  "acceptance.inspected", "acceptance.accepted", "acceptance.rejected", "acceptance.rated",
]);

const NAME = "owner"; // of the draft that remembers it
const HELD = "held"; // marks the entry of the history that "back" uses up

/** Hand the tablet to the owner. */
export async function hand_over(stream: string, purpose: Purpose): Promise<void> {
  const reader: Reader = { language: language.value, elder: elder_first.value === "on" };
  await keep({ stream, purpose, language: language.value, reader });
}

/** The owner reads it like this. */
export async function read_as(change: Partial<Reader>): Promise<void> {
  const handed = in_hand.value;
  if (handed !== null) await keep({ ...handed, reader: { ...handed.reader, ...change } });
}

async function keep(handed: Handed): Promise<void> {
  await tablet().keep_draft(NAME, handed);
  await shut(handed);
}

/** The technician has it back, by a long press on the owner's screen. */
export async function take_back(): Promise<void> {
  const handed = in_hand.value;
  await tablet().keep_draft(NAME, undefined);
  in_hand.value = null;
  enlarge(false);
  if (handed === null) return;
  await speak(handed.language);
  go_instead(`#/order/${handed.stream.replace(/^order:/, "")}`);
}

/** From now on nobody but an owner says what only an owner can say. */
export function keep_owners_word(): void {
  tablet().guard = owners_word;
  addEventListener("popstate", stay);
  addEventListener("hashchange", () => {
    const handed = in_hand.value;
    if (handed !== null && location.hash !== address(handed)) stay();
  });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void recall();
  });
}

/** Find out in whose hands it is: at every start, and when somebody looks again. */
export async function recall(): Promise<void> {
  const handed = await handed_to();
  if (handed === null) in_hand.value = null;
  else await shut(handed);
}

/** Refuse whatever only an owner may say while the tablet is not in the owner's hands. The
 * store is asked, not the screen. */
async function owners_word({ kind }: What, stream: string): Promise<void> {
  if (!OWNERS_KINDS.has(kind)) return;
  if ((await handed_to())?.stream !== stream) throw new Refused("owner_only");
}

async function handed_to(): Promise<Handed | null> {
  if (await tablet().people.present() === null) return null;
  return (await tablet().draft<Handed>(NAME)) ?? null;
}

async function shut(handed: Handed): Promise<void> {
  enlarge(handed.reader.elder);
  if (language.value !== handed.reader.language) await speak(handed.reader.language);
  in_hand.value = handed;
  stay();
}

function enlarge(larger: boolean): void {
  elder.value = larger;
  document.documentElement.classList.toggle("elder", larger);
}

/** Every way out leads back in. Another entry in the history for "back" to use up. */
function stay(): void {
  const handed = in_hand.value;
  if (handed === null) return;
  const here = address(handed);
  if (location.hash !== here) go_instead(here);
  if (history.state !== HELD) history.pushState(HELD, "", here);
}

function address({ stream }: Handed): string {
  return `#/owner/${stream.replace(/^order:/, "")}`;
}
