// What stands on every face: cards, dialogs, words that go by.
//
// May not enter: what an order is, bars of one face.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Button } from "./controls.tsx";
import { notice } from "./notice.ts";
import { _ } from "./words.ts";

/** A part of a screen that belongs together. */
export function Card({ title, children, tone }: {
  readonly title?: string; readonly children: ComponentChildren;
  readonly tone?: "warn" | "good" | "bad";
}) {
  return (
    <section class={tone ? `card ${tone}` : "card"}>
      {title !== undefined && <h2>{title}</h2>}
      {children}
    </section>
  );
}

/** A question that must be answered; Escape is the same as the quiet answer. */
export function Dialog({ title, children, onClose }: {
  readonly title: string; readonly children: ComponentChildren; readonly onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => { ref.current?.showModal(); }, []);
  return (
    <dialog ref={ref} aria-label={title} onClose={onClose}
      onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

const SHOWN_MS = 10_000;

/** What was said last, until it was seen. */
export function Toast() {
  const said = notice.value;
  useEffect(() => {
    if (said === null || said.grave) return undefined;
    const timer = setTimeout(() => { notice.value = null; }, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const close = () => { notice.value = null; };
  return (
    <div class="toasts" role="status" aria-live="polite">
      {said !== null && (
        <div class={said.grave ? "toast grave" : "toast"}>
          <p>{said.words}</p>
          {said.undo !== undefined && (
            <Button onPress={async () => { close(); await said.undo?.(); }}>{_("撤销")}</Button>
          )}
          <Button kind="quiet" onPress={close}>{_("知道了")}</Button>
        </div>
      )}
    </div>
  );
}
