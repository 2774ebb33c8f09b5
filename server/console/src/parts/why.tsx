// Why the desk does something: a reason picked from a list, words where the list says too
// little. Nothing is done before there is one.
//
// May not enter: what is done.

import { useId } from "preact/hooks";

import { Chips } from "#shared/controls.tsx";
import { _ } from "#shared/words.ts";
import { REASONS } from "../wording.ts";

export interface Why {
  readonly reason: string; // a code; empty where the words are the reason
  readonly words: string;
}

export const NO_REASON: Why = { reason: "", words: "" };

interface ReasonProps {
  readonly reasons: readonly string[];
  readonly why: Why;
  readonly onChange: (why: Why) => void;
}

/** The choices and the words. */
export function Reason({ reasons, why, onChange }: ReasonProps) {
  const name = useId();
  const choices = [...reasons, "other"]
    .map((value) => ({ value, words: _(REASONS[value] ?? value) }));
  return (
    <>
      {reasons.length > 0 && (
        <Chips legend={_("原因")} choices={choices} chosen={[why.reason]}
          onChoose={(reason) => onChange({ ...why, reason })} />
      )}
      <div class="field">
        <label for={name}>{reasons.length > 0 ? _("说明") : _("内容或原因")}</label>
        <textarea id={name} rows={3} maxLength={1000} value={why.words}
          onInput={(e) => onChange({ ...why, words: e.currentTarget.value })} />
      </div>
    </>
  );
}

/** Is it said why? "Other" says nothing without words. */
export function is_said(why: Why, reasons: readonly string[]): boolean {
  if (reasons.length === 0 || why.reason === "other") return why.words.trim() !== "";
  return why.reason !== "";
}

/** A reason as free words, for facts that hold nothing but words. */
export function as_words({ reason, words }: Why): string {
  const picked = reason === "" || reason === "other" ? "" : _(REASONS[reason] ?? reason);
  return [picked, words.trim()].filter(Boolean).join("；");
}
