// One of those present signs the survey: what was found and who bears it, and a pad (P5).
//
// Shown while the tablet is in their hands. May not enter: what the technician decides.

import { useDraft, type Draft } from "../job/draft.ts";
import { tell_all } from "../job/telling.ts";
import { OwnerFrame } from "../owner/frame.tsx";
import { is_signed, written, type Stroke } from "../owner/strokes.ts";
import { cosign_draft, type CosignDraft } from "../parts/cosigners.tsx";
import { SignaturePad } from "../parts/signature_pad.tsx";
import { go_instead, to_order } from "../routes.ts";
import { Button, Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { Typed } from "../shared/typed.tsx";
import { PAYERS } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { sight_of } from "../state.ts";
import { STROKES_TYPE } from "../tablet/client.ts";
import type { Sight } from "../tablet/sight.ts";
import { where } from "../view.ts";
import "./job.css";

/** The screen for whoever signs the survey beside the owner. */
export function Cosign({ stream }: { readonly stream: string }) {
  const sight = sight_of(stream);
  const draft = useDraft<CosignDraft>(
    cosign_draft(stream), () => ({ role: "", name: "", strokes: [] }));
  if (sight === undefined || draft.value === null) return null;
  const back = async () => { go_instead(to_order(stream, "survey")); };
  const { role } = draft.value;
  const said = lines(sight);
  const done = role === "";
  return (
    <OwnerFrame title={done ? _("已会签") : _("勘察会签：{role}", { role: _(role) })} said={said}
      onTakenBack={back}
      foot={done ? undefined : <Sign sight={sight} draft={draft} said={draft.value} />}>
      <Card title={where(sight)}>{said.map((one) => <p key={one}>{one}</p>)}</Card>
      {done
        ? <Card tone="good"><p>{_("谢谢。请把平板交还师傅。")}</p></Card>
        : <Hand draft={draft} said={draft.value} />}
    </OwnerFrame>
  );
}

interface Part {
  readonly draft: Draft<CosignDraft>;
  readonly said: CosignDraft;
}

function Hand({ draft, said }: Part) {
  const write = (strokes: readonly Stroke[]) => draft.change({ strokes });
  return (
    <Card title={_("请在框里签名")}>
      <SignaturePad label={_("签名框，请用手指或笔写")} strokes={said.strokes}
        onWrite={(strokes) => write(strokes)} />
      <div class="row">
        <Button disabled={!said.strokes.length} onPress={() => write([])}>{_("重签")}</Button>
        <Button disabled={!said.strokes.length}
          onPress={() => write(said.strokes.slice(0, -1))}>{_("撤一笔")}</Button>
      </div>
      <Typed label={_("姓名（可不填）")} value={said.name}
        onType={(name) => draft.change({ name })} />
    </Card>
  );
}

function Sign({ sight, draft, said }: Part & { readonly sight: Sight }) {
  const { order } = sight;
  const { role, name, strokes } = said;
  const sign = async () => {
    if (order.survey === null) return;
    const says = { survey: order.survey.fact, role };
    const told = await tell_all(order.stream, [{
      what: { kind: "survey.countersigned", says }, words: { name },
      blobs: { signature: [written(strokes), STROKES_TYPE] },
    }], [draft.name]);
    if (told !== null) draft.over();
  };
  return (
    <Primary disabled={!is_signed(strokes)} onPress={sign}>{_("确认签字")}</Primary>
  );
}

/** What is signed, in words. */
function lines(sight: Sight): readonly string[] {
  const { survey, items } = sight.order;
  if (survey === null) return [];
  return [
    _("原因：{cause}", { cause: _(survey.cause) }), _("办法：{method}", { method: _(survey.method) }),
    ...items.map((one) => [
      `${one.item}.`, sight.text(one.private, "where"), sight.text(one.private, "what"), "·",
      _(PAYERS[one.payer]),
    ].filter(Boolean).join(" ")),
    ...survey.present.length
      ? [_("在场：{who}", { who: survey.present.map((one) => _(one)).join("、") })] : [],
  ];
}
