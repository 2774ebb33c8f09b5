// A promise's countdown: a shape, words, a colour; any one of them would do.
//
// May not enter: which promise is shown.

import type { ComponentChildren } from "preact";

import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import {
  pressing, PROMISES, SHAPES, standing, standing_text, type Standing,
} from "../deadlines.ts";
import type { Card, Deadline } from "../shapes.ts";
import { now_ms } from "../state.ts";

/** One promise. */
export function DeadlineChip({ of }: { readonly of: Deadline }) {
  return <Chip of={standing(of, now_ms.value)} />;
}

/** The promise of an order that presses most; else what is said where nothing does. */
export function Pressing({ card, otherwise }: {
  readonly card: Card; readonly otherwise: ComponentChildren;
}) {
  const one = pressing(card, now_ms.value);
  return one === null ? <>{otherwise}</> : <Chip of={one} />;
}

function Chip({ of }: { readonly of: Standing }) {
  const due = of.due_ms === null ? undefined : _("到 {at} 为止", { at: at(of.due_ms) });
  return (
    <span class={`due ${of.tone}`} title={due}>
      <span aria-hidden="true">{SHAPES[of.tone]}</span>{" "}
      <span class="promise">{_(PROMISES[of.code] ?? of.code)}</span>{" "}
      <strong class="num">{standing_text(of)}</strong>
    </span>
  );
}
