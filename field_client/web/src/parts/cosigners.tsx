// Those present sign the survey too (P5, A0): who has, and a pad for who has not.
//
// May not enter: how a hand signs.

import { tell_all, type Saying } from "../job/telling.ts";
import { hand_over } from "../owner/lock.ts";
import type { Stroke } from "../owner/strokes.ts";
import { Button } from "../shared/controls.tsx";
import { _ } from "../shared/words.ts";
import { sight_of, tablet } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";

/** A signature under a survey while it is being written. */
export interface CosignDraft {
  readonly role: string;
  readonly name: string;
  readonly strokes: readonly Stroke[];
}

/** The draft of that name. */
export function cosign_draft(stream: string): string {
  return `cosign:${stream}`;
}

interface CosignersProps {
  readonly sight: Sight;
  readonly roles: readonly string[];
  readonly survey: () => readonly Saying[]; // what has to be told before it can be signed
}

/** One button for each who is there and has not signed this survey. */
export function Cosigners({ sight, roles, survey }: CosignersProps) {
  const { order } = sight;
  const done = order.countersigned.filter((one) => one.survey === order.survey?.fact);
  const open = roles.filter((role) => !done.some((one) => one.role === role));
  const ask = async (role: string) => {
    if (await tell_all(order.stream, survey()) === null) return;
    if (sight_of(order.stream)?.order.survey == null) return;
    const draft: CosignDraft = { role, name: "", strokes: [] };
    await tablet().keep_draft(cosign_draft(order.stream), draft);
    await hand_over(order.stream, "countersign");
  };
  return (
    <div class="row" role="group" aria-label={_("会签")}>
      {done.map((one) => (
        <span key={one.fact}><span aria-hidden="true">✓</span> {_(one.role)} {_("已会签")}</span>
      ))}
      {open.map((role) => (
        <Button key={role} onPress={() => ask(role)}>
          {_("请{role}会签", { role: _(role) })}
        </Button>
      ))}
    </div>
  );
}
