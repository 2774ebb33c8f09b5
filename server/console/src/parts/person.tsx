// A person by name, and how old what we know of them is.
//
// May not enter: what they may do.

import { minutes_text } from "#shared/wording.ts";
import { contact_words, is_stale_contact, minutes_since } from "../cards.ts";
import { name_of, now_ms } from "../state.ts";

export function PersonName({ id }: { readonly id: string | null }) {
  return <span class="person">{name_of(id)}</span>;
}

/** The last contact; greyed and marked where it says nothing about now. */
export function Contact({ ms, brief = false }: {
  readonly ms: number | null; readonly brief?: boolean;
}) {
  const stale = is_stale_contact(ms, now_ms.value);
  const words = contact_words(ms, now_ms.value);
  const age = ms === null ? words : minutes_text(minutes_since(ms, now_ms.value));
  return (
    <span class={stale ? "contact stale" : "contact"} title={words}>
      <span aria-hidden="true">{stale ? "◌" : "●"}</span>{" "}
      {brief ? <><span aria-hidden="true">{age}</span><span class="unseen">{words}</span></> : words}
    </span>
  );
}
