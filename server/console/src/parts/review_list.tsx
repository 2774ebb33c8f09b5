// The list of what waits, and what became of each in this sitting.
//
// May not enter: deciding.

import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { review_label } from "#shared/settling.ts";
import { _ } from "#shared/words.ts";
import { about_text, type Decisions, type Made, type Waiting } from "../reviewing.ts";

interface ListProps {
  readonly rows: readonly Waiting[];
  readonly at: number;
  readonly decisions: Decisions;
  readonly onLook: (at: number) => void;
}

export function List({ rows, at, decisions, onLook }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  const made = useComputed(() => decisions.made.value).value;
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <ul class="to-review" ref={list}>
      {rows.map((row, n) => {
        const done = made.get(row.review.id);
        return (
          <li key={row.review.id}>
            <button type="button" aria-current={n === at ? "true" : undefined}
              class={done === undefined ? "" : "done"} onClick={() => onLook(n)}>
              <span class="num">{row.order.number ?? row.order.id.slice(0, 8)}</span>{" "}
              <span>{row.order.home}</span>
              <strong>{_(review_label(row.review.code))}</strong>
              <small class="muted">{about_text(row)}</small>
              {done !== undefined && <small>{made_words(done)}</small>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** What became of a decision. */
export function made_words({ choice, state }: Made): string {
  if (state === "held") return _("… 即将发出：{what}（按 U 撤销）", { what: choice.title });
  if (state === "going") return _("↑ 正在发出：{what}", { what: choice.title });
  if (state === "failed") return _("! 没有发出：{what}", { what: choice.title });
  return _("✓ 已定：{what}", { what: choice.title });
}
