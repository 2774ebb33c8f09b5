// The list of differences, with how old each is, by when to decide, and what became of it.
//
// May not enter: deciding.

import { useEffect, useRef } from "preact/hooks";

import { _ } from "#shared/words.ts";
import type { Difference, Made, Settling } from "../differing.ts";
import { now_ms } from "../state.ts";

const DAY_MS = 86_400_000;

interface ListProps {
  readonly rows: readonly Difference[];
  readonly at: number;
  readonly settling: Settling;
  readonly onLook: (at: number) => void;
}

export function DifferenceList({ rows, at, settling, onLook }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <ul class="to-review" ref={list}>
      {rows.map((row, n) => {
        const done = settling.made.value.get(row.id);
        return (
          <li key={row.id}>
            <button type="button" aria-current={n === at ? "true" : undefined}
              class={done === undefined ? "" : "done"} onClick={() => onLook(n)}>
              <span class="num">{row.number}</span>{" "}
              <span>{row.project} · {row.severity_label}</span>
              <strong>{row.label}</strong>
              <small class="muted">{done === undefined ? waiting_words(row) : made_words(done, row)}
              </small>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** How long it has waited, by when somebody should decide, and who sees to it. */
export function waiting_words(row: Difference): string {
  const parts = [due_words(row), row.handler_name && _("{name} 在办", { name: row.handler_name })];
  if (row.decision !== null) {
    parts[0] = _("{name} 裁定：{what}", { name: row.settled_name, what: row.choice_label });
  }
  return parts.filter(Boolean).join(" · ");
}

function due_words({ first_ms, due_ms }: Difference): string {
  const now = now_ms.value;
  const age = Math.max(0, Math.floor((now - first_ms) / DAY_MS));
  const left = Math.ceil((due_ms - now) / DAY_MS);
  const since = age === 0 ? _("今天发现") : _("已 {n} 天", { n: age });
  const due = due_ms < now
    ? _("▲ 逾期 {n} 天", { n: Math.max(1, Math.floor((now - due_ms) / DAY_MS)) })
    : _("○ {n} 天内裁定", { n: left });
  return `${since} · ${due}`;
}

/** What became of a decision. */
export function made_words({ choice, state }: Made, { choices }: Difference): string {
  const what = choices.find((one) => one.choice === choice)?.label ?? choice;
  if (state === "going") return _("↑ 正在发出：{what}", { what });
  if (state === "failed") return _("! 没有发出：{what}", { what });
  return _("✓ 已定：{what}", { what });
}
