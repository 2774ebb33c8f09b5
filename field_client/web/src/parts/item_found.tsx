// One item of a survey: what it is, where, and who bears it, with the reason for the first
// answer (L1).
//
// May not enter: the survey around it.

import type { Payer } from "../../../../sync/order.ts";
import { answers, chips } from "../job/choosing.ts";
import { payer_hint } from "../job/hint.ts";
import { bearer, type ItemDraft, type SurveyDraft } from "../job/surveying.ts";
import { policy } from "../present.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { PAYERS } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";

interface ItemProps {
  readonly sight: Sight;
  readonly said: SurveyDraft;
  readonly one: ItemDraft;
  readonly onChange: (to: Partial<ItemDraft>) => void;
  readonly onDrop: (() => void) | null;
}

/** One thing to put right: who bears it and why, and what it is called. */
export function ItemCard({ sight, said, one, onChange, onDrop }: ItemProps) {
  const hint = payer_hint(sight.order, one.item, said.cause);
  const payer = bearer(sight.order, one, said.cause);
  const name = [one.where, one.what].filter(Boolean).map((word) => _(word)).join(" ");
  return (
    <section class="item">
      <h3>{one.item}. {name || _("（请选是什么问题）")}</h3>
      <Chips legend={_("谁承担")} chosen={[payer]}
        choices={(Object.keys(PAYERS) as Payer[]).map((value) => ({
          value, words: _(PAYERS[value]),
        }))}
        onChoose={(to) => onChange({ payer: to })} />
      {one.payer === null && <p class="muted small">{_(hint.why)}</p>}
      <details open={one.what === ""}>
        <summary>{_("部位和问题")}</summary>
        <Chips legend={_("部位")} chosen={[one.where]}
          choices={chips(answers(policy.value, "where"), [one.where])}
          onChoose={(where) => onChange({ where })} />
        <Chips legend={_("问题")} chosen={[one.what]}
          choices={chips(answers(policy.value, "what", one.trade), [one.what])}
          onChoose={(what) => onChange({ what })} />
        {onDrop !== null && <Button kind="quiet" onPress={onDrop}>{_("去掉这一项")}</Button>}
      </details>
    </section>
  );
}
