// What frames every screen of the tablet: bar with the truth chip, one scroll, one foot.
//
// May not enter: what an order is.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Toast } from "../shared/frame.tsx";
import { _ } from "../shared/words.ts";
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
