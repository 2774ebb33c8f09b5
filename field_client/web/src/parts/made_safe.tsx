// Made safe first: in an emergency before anything is surveyed, priced or approved (P4a), and
// where the rest must wait for approval (L4).
//
// May not enter: the survey.

import { answers, chips } from "../job/choosing.ts";
import { useDraft } from "../job/draft.ts";
import { tell_all } from "../job/telling.ts";
import { policy } from "../present.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { at } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";

interface SafeDraft {
  readonly measures: readonly string[];
}

/** What was done to make it safe, and what may still be. Open where it is urgent. */
export function MadeSafe({ sight, urgent }: {
  readonly sight: Sight; readonly urgent: boolean;
}) {
  const { order } = sight;
  const done = order.made_safe;
  const draft = useDraft<SafeDraft>(`safe:${order.stream}`, () => ({ measures: [] }));
  if (draft.value === null) return null;
  const { measures } = draft.value;
  const turn = (one: string) => draft.change({
    measures: measures.includes(one) ? measures.filter((held) => held !== one) : [...measures, one],
  });
  const tell = async () => {
    const what = { kind: "work.made_safe", says: { measures } } as const;
    if (await tell_all(order.stream, [{ what }], [draft.name]) !== null) draft.over();
  };
  const inside = (
    <>
      {done.map((one) => (
        <p key={one.fact}><span aria-hidden="true">✓</span> {one.measures.map((m) => _(m)).join("、")}
          {" "}<span class="muted small">{one.by} {made_at(one.moment.claimed_ms)}</span></p>
      ))}
      <Chips legend={_("做了什么")} several chosen={measures} onChoose={turn}
        choices={chips(answers(policy.value, "measure"))} />
      <Button disabled={!measures.length} onPress={tell}>{_("已保安全")}</Button>
    </>
  );
  if (urgent && !done.length) {
    return <Card tone="bad" title={_("应急：先保安全，再勘察")}>{inside}</Card>;
  }
  return (
    <details class="card" open={done.length > 0}>
      <summary>{done.length ? _("已做应急处理") : _("需要先应急处理？")}</summary>
      {inside}
    </details>
  );
}

function made_at(ms: number | null): string {
  return ms === null ? "" : at(ms);
}
