// One screen under the bar: its title, what one can do there, its content.
//
// May not enter: what a screen is about.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { _ } from "#shared/words.ts";

interface Props {
  readonly title: string;
  readonly tools?: ComponentChildren; // beside the title
  readonly hint?: string | undefined; // which keys do what here
  readonly wide?: boolean; // uses all of the window and scrolls by itself
  readonly children: ComponentChildren;
}

export function Screen({ title, tools, hint, wide = false, children }: Props) {
  useEffect(() => { document.title = _("{title} · 上门调度台", { title }); }, [title]);
  return (
    <main class={wide ? "screen wide" : "screen"}>
      <div class="head">
        <h1>{title}</h1>
        {hint !== undefined && <span class="muted">{hint}</span>}
        {tools}
      </div>
      {children}
    </main>
  );
}
