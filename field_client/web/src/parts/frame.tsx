// What frames every screen: bar with the truth chip, cards, dialogs, words that go by.
//
// May not enter: what an order is.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { notice } from "../state.ts";
import { _ } from "../words.ts";
import { Button } from "./controls.tsx";
import { TruthChip } from "./truth.tsx";

interface ScreenProps {
  readonly title: string;
  readonly back?: string; // the hash that the arrow leads to
  readonly children: ComponentChildren;
  readonly foot?: ComponentChildren; // the one primary button
  readonly list?: ComponentChildren; // on its left where the screen is wide
  readonly aside?: ComponentChildren; // on its right where the screen is wide
}

/** One screen: bar on top, one scroll, the next step at the bottom. */
export function Screen({ title, back, children, foot, list, aside }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { document.title = title; }, [title]);
  return (
    <div class="screen">
      <header class="bar">
        {back !== undefined &&
          <a class="back" href={back} aria-label={_("返回")}>‹</a>}
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        <TruthChip />
      </header>
      <div class={list ? "body with-list" : aside ? "body with-aside" : "body"}>
        {list && <nav class="list" aria-label={_("今日工单")}>{list}</nav>}
        <div class="side">
          <main>{children}</main>
          {foot}
        </div>
        {aside && <aside class="wide-only">{aside}</aside>}
      </div>
      <Toast />
    </div>
  );
}

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

function Toast() {
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
