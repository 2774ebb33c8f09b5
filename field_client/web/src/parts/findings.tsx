// What a check found, one line for each question: a shape, words, and what to do.
//
// May not enter: asking.

import type { Finding, Verdict } from "../going_out.ts";
import { _, N_ } from "../shared/words.ts";

const SHAPES: Readonly<Record<Verdict, readonly [shape: string, words: string]>> = {
  ok: ["●", N_("好")], warn: ["▲", N_("注意")], broken: ["✗", N_("有问题")],
};

export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul class="card" aria-label={_("检查结果")}>
      {findings.map(({ name, title, verdict, words, todo }) => {
        const [shape, said] = SHAPES[verdict];
        return (
          <li key={name} class={`finding ${verdict}`} data-finding={name} data-verdict={verdict}>
            <span class="shape" role="img" aria-label={_(said)}>{shape}</span>
            <span><strong>{title}</strong> <span class="num">{words}</span></span>
            {todo && <span>{todo}</span>}
          </li>
        );
      })}
    </ul>
  );
}
