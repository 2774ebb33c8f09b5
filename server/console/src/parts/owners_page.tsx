// What the desk does for the owner: the link to the owner's own page, as text and to be
// scanned, its end, and the question to the owner's own phone.
//
// May not enter: what the owner answers; it stands in the story.

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { QrCode } from "#shared/qr_code.tsx";
import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { post, remove } from "../api.ts";
import { can } from "../session.ts";
import type { Story } from "../story.ts";
import { AskReason } from "./ask_reason.tsx";
import { refused_into } from "./asked.tsx";

interface OwnersPageProps {
  readonly story: Story;
  readonly onDone: () => void; // the story says something else now
}

interface Link {
  readonly path: string;
  readonly url: string;
}

/** The owner's own page, and what may be done about it; nothing of it on paper. */
export function OwnersPage({ story, onDone }: OwnersPageProps) {
  const address = useSignal("");
  const stopping = useSignal(false);
  const told = useSignal("");
  const why = useSignal("");
  const { order, owner_link_ms: until_ms } = story;
  if (!can("order.decide", order.request?.site ?? "")) return null;
  const door = `/v1/orders/${story.id}/owner`;
  const show = () => refused_into(why, async () => {
    const { path, url } = await post<Link>(`${door}/link`);
    address.value = new URL(url || path, location.href).href;
    onDone();
  });
  const ask = async () => {
    told.value = "";
    const done = await refused_into(why, async () => { await post(`${door}/ask`); });
    if (done) told.value = _("已请业主确认；不回复不当作同意");
    onDone();
  };
  const stop = async (reason: string) => {
    await remove(`${door}/link`, { body: { reason } });
    address.value = "";
    stopping.value = false;
    onDone();
  };
  const last = order.rounds.at(-1)?.verdicts.at(-1);
  const asks = last?.answer === "accepted" && story.strengths[last.sheet]?.code !== "confirmed";
  return (
    <section class="panel owners-page no-print">
      <h2>{_("业主专页")}</h2>
      <p>{until_ms === null ? _("没有可用的链接")
        : _("链接可用到 {at}", { at: at(until_ms) })}</p>
      {address.value !== "" && <Address address={address.value} told={told} />}
      <div class="row">
        <Button onPress={async () => { await show(); }}>{_("出示业主的链接")}</Button>
        {until_ms !== null && (
          <Button onPress={() => { stopping.value = true; }}>{_("停用链接")}</Button>
        )}
        {asks && <Button onPress={ask}>{_("请业主确认验收单")}</Button>}
      </div>
      <p role="status">{told.value}</p>
      {why.value !== "" && <p role="alert" class="flag">! {why.value}</p>}
      {stopping.value && (
        <AskReason title={_("停用链接")} verb={_("停用链接")}
          usual={[_("链接泄露"), _("业主换人"), _("业主要求")]}
          onDecide={stop} onClose={() => { stopping.value = false; }} />
      )}
    </section>
  );
}

/** To be copied, or scanned from this screen; whoever has it reads the order whole. */
function Address({ address, told }: {
  readonly address: string; readonly told: { value: string };
}) {
  const name = useId();
  const copy = async () => {
    const box = document.getElementById(name) as HTMLInputElement;
    box.select(); // where a page may not write to the clipboard, Ctrl+C does
    try {
      await navigator.clipboard.writeText(address);
      told.value = _("已复制");
    } catch {
      told.value = _("请按 Ctrl+C 复制");
    }
  };
  return (
    <>
      <p class="small">{_("只给业主本人：有链接的人能看到整张工单。")}</p>
      <QrCode text={address} label={_("业主专页的二维码")} />
      <div class="field">
        <label for={name}>{_("业主的链接")}</label>
        <input id={name} value={address} readOnly onFocus={(e) => e.currentTarget.select()} />
      </div>
      <div class="row"><Button onPress={copy}>{_("复制")}</Button></div>
    </>
  );
}
