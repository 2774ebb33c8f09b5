// A decision that wants a reason: usual ones by digit, others typed; Enter decides.
//
// May not enter: what is decided.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { Typed } from "#shared/typed.tsx";
import { _ } from "#shared/words.ts";
import { Problem } from "../api.ts";

interface Props {
  readonly title: string;
  readonly usual: readonly string[]; // reasons, in the reader's language
  readonly verb: string; // on the button
  readonly needed?: boolean; // may not be left empty
  readonly children?: ComponentChildren;
  readonly onDecide: (reason: string) => Promise<void>;
  readonly onClose: () => void;
}

export function AskReason(
  { title, usual, verb, needed = true, children, onDecide, onClose }: Props,
) {
  const reason = useSignal("");
  const wrong = useSignal("");
  const decide = async () => {
    if (needed && reason.value.trim() === "") {
      wrong.value = _("请选择或填写原因");
      return;
    }
    try {
      await onDecide(reason.value.trim());
    } catch (why) {
      if (!(why instanceof Problem)) throw why;
      wrong.value = why.message;
    }
  };
  const box = useRef<HTMLDivElement>(null);
  const choose = (words: string) => {
    reason.value = words;
    box.current?.querySelector<HTMLElement>(".ends .primary")?.focus(); // Enter decides
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.isComposing
      && !(event.target as HTMLElement).matches("button, textarea")) {
      event.preventDefault();
      void decide();
    }
    const chosen = usual[Number(event.key) - 1];
    if (chosen === undefined || (event.target as HTMLElement).matches("input")) return;
    event.preventDefault();
    choose(chosen);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <div class="stack" ref={box} onKeyDown={key}>
        <div class="usual" role="group" aria-label={_("常用原因")}>
          {usual.map((words, index) => (
            <button key={words} type="button" class="button" aria-pressed={reason.value === words}
              onClick={() => choose(words)}>
              <kbd>{index + 1}</kbd> {words}
            </button>
          ))}
        </div>
        <Typed label={_("原因")} value={reason.value} onType={(said) => { reason.value = said; }} />
        <p role="alert" class="wrong">{wrong.value}</p>
        <div class="ends">
          <Button onPress={onClose}>{_("取消")}</Button>
          <Button kind="primary" onPress={decide}>{verb}</Button>
        </div>
      </div>
    </Dialog>
  );
}
