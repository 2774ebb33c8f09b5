// One order as a card: how it presses, where, what, who, and what must be known first.
//
// May not enter: lists, requests.

import { useEffect, useRef } from "preact/hooks";

import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { appointment_words, card_name, priority_words, stage_words } from "../cards.ts";
import { to_order } from "../routes.ts";
import { contact_of } from "../board/live.ts";
import type { Card } from "../shapes.ts";
import { name_of } from "../state.ts";
import { Pressing } from "./deadline.tsx";
import { Contact } from "./person.tsx";
import { Warnings } from "./warnings.tsx";

/** What can be done with it at once. */
export interface CardAction {
  readonly words: string;
  readonly run: () => void;
}

interface Props {
  readonly card: Card;
  readonly focused?: boolean; // the keyboard came here
  readonly action?: CardAction | undefined; // nobody may: no button
}

export function OrderCard({ card, focused = false, action }: Props) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => { if (focused) link.current?.focus({ preventScroll: true }); }, [focused]);
  return (
    <article class={card.priority === "normal" ? "order" : `order ${card.priority}`}>
      <p class="first">
        <Pressing card={card} otherwise={<Stands card={card} />} />
      </p>
      <h3>
        {card.priority !== "normal" && <b class="priority">{priority_words(card)}</b>}
        <a ref={link} href={to_order(card.id)} draggable={false}>{card_name(card)}</a>
      </h3>
      <p class="what">{[_(card.trade), card.fault].filter(Boolean).join(" · ")}</p>
      <p class="whose">
        <span class="who">{card.technician === null ? card.project : name_of(card.technician)}</span>
        {card.appointment !== null
          ? <span class="when num">{appointment_words(card)}</span>
          : card.technician !== null && <Contact ms={contact_of(card)} brief />}
      </p>
      <div class="last">
        <Warnings card={card} />
        {action !== undefined && (
          <button type="button" class="give" onClick={action.run} aria-haspopup="dialog">
            {action.words} <span class="unseen">{card_name(card)}</span>
          </button>
        )}
      </div>
    </article>
  );
}

/** Where it stands, if no promise presses. */
function Stands({ card }: { readonly card: Card }) {
  if (card.accepted_ms === null) return <span class="due">○ {stage_words(card)}</span>;
  return (
    <span class="due kept">
      ✓ {stage_words(card)} <span class="num">{at(card.accepted_ms)}</span>
    </span>
  );
}
