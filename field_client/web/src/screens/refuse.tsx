// The owner will not sign: the technician records why, and who saw it (A3). It never turns
// into an acceptance.
//
// May not enter: passing or failing anything.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Refused } from "../../../../sync/problems.ts";
import { short_code, shown_hash } from "../../../../sync/sheet.ts";
import type { ScreenProps } from "../app.tsx";
import { choices_of } from "../choices.ts";
import { completed } from "../guidance.ts";
import { hand_over } from "../owner/lock.ts";
import { read_sheet } from "../shared/sheet.ts";
import { Screen } from "../parts/frame.tsx";
import { renew } from "../renewing.ts";
import { go_instead, to_order } from "../routes.ts";
import { Chips, Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { tell_person } from "../shared/notice.ts";
import { explain } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { tablet } from "../state.ts";
import type { Shown } from "../store/projection.ts";

const WITNESSES = [N_("物业人员"), N_("同事"), N_("邻居"), N_("业主家人"), N_("其他人")];

/** Refused to sign: reason, witness, one tap each. */
export function Refuse({ place }: ScreenProps) {
  const stream = place.order ?? "";
  const shown = useSignal<Shown | null>(null);
  const code = useSignal("");
  const reason = useSignal<string | null>(null);
  const witness = useSignal<string | null>(null);
  const name = useSignal("");
  const words = useSignal("");
  useEffect(() => {
    const look = async () => {
      shown.value = await tablet().store.projection.shown(stream);
      if (shown.value !== null) code.value = short_code(await shown_hash(shown.value.sheet));
    };
    void look();
  }, [stream]);
  const tell = async () => {
    if (shown.value === null || reason.value === null || witness.value === null) return;
    try {
      await refuse(shown.value, reason.value, {
        witness: [witness.value, name.value].filter(Boolean).join(" "), words: words.value,
      });
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      tell_person({ words: explain(why), grave: true });
      return;
    }
    await renew();
    go_instead(to_order(stream));
  };
  const ready = shown.value !== null && reason.value !== null && witness.value !== null;
  return (
    <Screen title={_("业主拒签")} back={to_order(stream, "hand-over")}
      foot={<Primary disabled={!ready} onPress={tell}>{_("记下拒签")}</Primary>}>
      {shown.value === null
        ? <Card tone="warn"><p>{_("还没有给业主看过验收单。先点“交给业主”。")}</p></Card>
        : <Card><p>{_("业主看过的验收单：{code}", { code: code.value })}</p>
          <p>{_("拒签不算验收通过，会提请主管跟进；业主以后仍可签字。")}</p></Card>}
      <Card>
        <Chips legend={_("业主的理由")} choices={choices_of("refused")}
          chosen={reason.value === null ? [] : [reason.value]}
          onChoose={(one) => { reason.value = one; }} />
        <Chips legend={_("谁在场看到")} chosen={witness.value === null ? [] : [witness.value]}
          choices={WITNESSES.map((one) => ({ value: one, words: _(one) }))}
          onChoose={(one) => { witness.value = one; }} />
        <label class="field">
          {_("见证人姓名（可不填）")}
          <input value={name.value} maxLength={60}
            onInput={(e) => { name.value = e.currentTarget.value; }} />
        </label>
        <label class="field">
          {_("业主还说了什么（可不填）")}
          <textarea rows={2} maxLength={1000} value={words.value}
            onInput={(e) => { words.value = e.currentTarget.value; }} />
        </label>
      </Card>
    </Screen>
  );
}

/** The tablet came back without a word of the owner: what now? */
export function Unsigned({ place }: ScreenProps) {
  const stream = place.order ?? "";
  return (
    <Screen title={_("业主还没有签字")} back={to_order(stream)}
      foot={<Primary onPress={() => hand_over(stream, "accept")}>{_("再交给业主")}</Primary>}>
      <Card>
        <div class="actions">
          <a class="button" href={to_order(stream, "refuse")}>{_("业主拒签")}</a>
          <a class="button" href={to_order(stream)}>{_("回到工单")}</a>
        </div>
      </Card>
    </Screen>
  );
}

/** Write the refusal down, on the sheet that the owner was shown last. */
async function refuse(
  shown: Shown, reason: string, said: Readonly<Record<string, string>>,
): Promise<void> {
  const { covers } = read_sheet(shown.sheet);
  const sheet = await shown_hash(shown.sheet);
  const words = Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ""));
  await tablet().tell_on_sheet(
    shown,
    { kind: "acceptance.signature_refused", says: { round: shown.round, sheet, covers, reason } },
    words, null, { check: completed },
  );
}
