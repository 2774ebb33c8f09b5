// The owner looks at the sheet, says pass or fail item by item, and signs (A1, A2).
//
// Shown while the tablet is in the owner's hands and at no other time. May not enter: what
// a technician decides.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { choices_of } from "../choices.ts";
import { OwnerFrame } from "../owner/frame.tsx";
import { Blame, Results, said_aloud, SheetView } from "../owner/sheet_view.tsx";
import { reasons, Signing, type Displayed } from "../owner/signing.ts";
import { is_signed } from "../owner/strokes.ts";
import { RELATIONS } from "../shared/sheet_wording.ts";
import { SignaturePad } from "../parts/signature_pad.tsx";
import { follow } from "../present.ts";
import { go_instead, to_order } from "../routes.ts";
import { Button, Chips, Primary } from "../shared/controls.tsx";
import { Dialog } from "../shared/frame.tsx";
import { _, language } from "../shared/words.ts";
import { sight_of, sights } from "../state.ts";
import { AfterSigning } from "./after_signing.tsx";

const ASKED: ReadonlySet<string> = new Set(["completed", "unsigned"]);

/** The owner's screen for this order. */
export function Owner({ stream }: { readonly stream: string }) {
  useEffect(follow, []);
  const sight = sight_of(stream);
  if (sight === undefined) return <Gone />;
  const verdict = sight.order.rounds.at(-1)?.verdicts.at(-1);
  if (ASKED.has(sight.order.stage) || verdict === undefined) return <Asked stream={stream} />;
  return <AfterSigning stream={stream} verdict={verdict} round={sight.order.rounds.length} />;
}

/** The order is not on this tablet (any more): nothing to sign, but the way back. */
function Gone() {
  const said = _("这张工单不在这台平板上，请把平板交还师傅。");
  return (
    <OwnerFrame title={_("没有可以签的内容")} said={[said]} onTakenBack={() => { go_instead("#/"); }}>
      <p class="large">{said}</p>
    </OwnerFrame>
  );
}

function Asked({ stream }: { readonly stream: string }) {
  const signing = useMemo(() => new Signing(stream), [stream]);
  useEffect(() => { void signing.begin(); }, [signing]);
  useEffect(() => { void signing.look_again(); }, [signing, sights.value, language.value]);
  const displayed = signing.displayed.value;
  const said = displayed === null ? [] : said_aloud(displayed.sheet, displayed.texts);
  return (
    <OwnerFrame title={_("请您确认维修结果")} said={said} foot={<Foot signing={signing} />}
      onTakenBack={() => { go_instead(to_order(stream, "unsigned")); }}>
      {signing.told.value !== null &&
        <p class="card warn told" role="alert">{signing.told.value}</p>}
      {displayed !== null && (
        <>
          <p class="muted">{heading(displayed)}</p>
          <SheetView displayed={displayed} />
          <Answering signing={signing} displayed={displayed} />
          {signing.ready() && <Hand signing={signing} displayed={displayed} />}
          <NotSigning />
        </>
      )}
    </OwnerFrame>
  );
}

function heading({ sheet: { number, round } }: Displayed): string {
  const name = number ?? _("（暂无单号）");
  return round > 1
    ? _("验收单 {name}，第 {n} 次验收", { name, n: round }) : _("验收单 {name}", { name });
}

/** The one next thing: to say how it is, then to sign. */
function Foot({ signing }: { readonly signing: Signing }) {
  if (signing.displayed.value === null) return null;
  if (signing.chosen.value.answer === null) {
    return (
      <div class="foot pair">
        <Button kind="pass" onPress={() => signing.pass()}>
          <span aria-hidden="true">✓</span> {_("满意，通过")}
        </Button>
        <Button kind="danger" onPress={() => signing.fail()}>
          <span aria-hidden="true">✗</span> {_("不通过")}
        </Button>
      </div>
    );
  }
  return (
    <Primary disabled={!signing.ready() || !is_signed(signing.strokes.value)}
      onPress={async () => { await signing.sign(); }}>
      {signing.ready() ? _("确认签字") : _("请先点一下哪里不满意")}
    </Primary>
  );
}

function Answering({ signing, displayed }: {
  readonly signing: Signing; readonly displayed: Displayed;
}) {
  const { answer } = signing.chosen.value;
  const top = useRef<HTMLElement>(null);
  useEffect(() => {
    if (answer === "fail") top.current?.scrollIntoView({ block: "start" });
  }, [answer]);
  if (answer === null) return null;
  return (
    <section class="card" ref={top}>
      <h2>{answer === "pass" ? _("您说：满意，通过") : _("您说：不通过。哪里不满意？")}</h2>
      {answer === "fail" && (
        <Blame displayed={displayed} choices={choices_of("failed")}
          of={(item) => reasons(displayed.sheet, item)}
          onBlame={(item, reason) => signing.blame(item, reason)} />
      )}
      {signing.ready() && <Results displayed={displayed} />}
      {answer === "fail" && signing.ready() && (
        <label class="field">
          {_("还想说什么（可不填）")}
          <textarea rows={2} maxLength={1000} value={signing.chosen.value.words}
            onChange={(e) => signing.choose({ words: e.currentTarget.value })} />
        </label>
      )}
      <Button onPress={() => answer === "pass" ? signing.fail() : signing.pass()}>
        {answer === "pass" ? _("改成不通过") : _("改成满意，通过")}
      </Button>
    </section>
  );
}

/** The hand put to it. */
function Hand({ signing, displayed }: {
  readonly signing: Signing; readonly displayed: Displayed;
}) {
  const strokes = signing.strokes.value;
  const { relation, signer } = signing.chosen.value;
  const section = useRef<HTMLElement>(null);
  const several = displayed.sheet.items.length > 1 && signing.chosen.value.answer === "fail";
  useEffect(() => {
    if (!several) section.current?.scrollIntoView({ block: "end" });
  }, []);
  return (
    <section class="card hand" ref={section} aria-label={_("签名")}>
      <p>{displayed.sheet.consent}</p>
      <h2>{_("请在框里签名")}</h2>
      <SignaturePad label={_("签名框，请用手指或笔写")} strokes={strokes}
        onWrite={(now) => { void signing.write(now); }} />
      <div class="row">
        <Button disabled={strokes.length === 0} onPress={() => signing.write([])}>
          {_("重签")}
        </Button>
        <Button disabled={strokes.length === 0}
          onPress={() => signing.write(strokes.slice(0, -1))}>{_("撤一笔")}</Button>
        <p class="code">
          {_("摘要码")} <strong class="num" data-testid="code">{displayed.code}</strong>
        </p>
      </div>
      <Chips legend={_("签名的是")} chosen={[relation]}
        choices={RELATIONS.map(([value, words]) => ({ value, words: _(words) }))}
        onChoose={(value) => { void signing.choose({ relation: value }); }} />
      <label class="field">
        {_("姓名（可不填）")}
        <input value={signer} maxLength={60} autocomplete="off"
          onChange={(e) => signing.choose({ signer: e.currentTarget.value })} />
      </label>
    </section>
  );
}

/** Nobody is pressed to sign: what there is instead (A0, A3). */
function NotSigning() {
  const open = useSignal(false);
  return (
    <>
      <Button kind="quiet" onPress={() => { open.value = true; }}>
        {_("写不了字，或不想签？")}
      </Button>
      {open.value && (
        <Dialog title={_("写不了字，或不想签")} onClose={() => { open.value = false; }}>
          <p>{_("写不了字：可以请家人、租户或受托人代签，签名时请选好身份。")}</p>
          <p>{_("不想签：请把平板还给师傅，师傅会记下您的理由和见证人。没有签字就不算验收通过。")}</p>
          <Button onPress={() => { open.value = false; }}>{_("知道了")}</Button>
        </Dialog>
      )}
    </>
  );
}
