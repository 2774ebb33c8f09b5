// S7: where everything is that was recorded here, order by order, and what needs a person.
//
// Every word on this screen comes from a stored receipt. May not enter: storage, requests.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { can_tell, keep_for_wifi, only_on_wifi } from "../exchange/wifi.ts";
import { runner } from "../opening.ts";
import { Screen } from "../parts/frame.tsx";
import { OwingRow } from "../parts/owing_row.tsx";
import { Rescue } from "../parts/rescue.tsx";
import { follow, owing } from "../present.ts";
import { renew } from "../renewing.ts";
import { Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { minutes_text, sentence, size_text } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { holding, line, now_ms } from "../state.ts";

export function Outbox() {
  useEffect(follow, []);
  const rows = [...owing.value.values()].sort((one, other) =>
    rank(one.truth) - rank(other.truth));
  const send = async () => {
    await runner().upload_now();
    await renew();
  };
  return (
    <Screen title={_("上传箱")} back="#/"
      foot={<Primary onPress={send}>{line.value.busy ? _("正在上传…") : _("立即上传")}</Primary>}>
      <Sum />
      <Line />
      {rows.length === 0 && <Card><p>{_("本机没有待交的记录。")}</p></Card>}
      {rows.map((one) => <OwingRow key={one.stream} one={one} />)}
      <Wifi />
      <Rescue />
    </Screen>
  );
}

const RANKS = ["attention", "saved", "sending", "handed_over", "backed_up"];

function rank(truth: string): number {
  return RANKS.indexOf(truth);
}

const AMBER_MS = 24 * 3_600_000;
const RED_MS = 72 * 3_600_000;

/** How much lies here that the server does not have, and since when. */
function Sum() {
  const { facts_waiting, originals_waiting, bytes_waiting, oldest_ms, kept } = holding.value;
  const waiting = facts_waiting + originals_waiting;
  if (waiting === 0) {
    return (
      <Card tone="good">
        <p><strong>✓✓ {_("全部都在服务器上")}</strong></p>
        {kept > 0 && <p>{_("{n} 项已收，等备份完成后本机才清理。", { n: kept })}</p>}
      </Card>
    );
  }
  const age = oldest_ms === null ? 0 : Math.max(0, now_ms.value - oldest_ms);
  const tone = age > RED_MS ? "bad" : age > AMBER_MS ? "warn" : undefined;
  return (
    <Card {...(tone ? { tone } : {})}>
      <p>
        <strong>{_("本机 {n} 项 · {size}", { n: waiting, size: size_text(bytes_waiting) })}</strong>
        {" · "}{_("最早 {time}前", { time: minutes_text(Math.floor(age / 60_000)) })}
      </p>
      <p>{_("都已存在本机，断电也不会丢；有网就自动上传。")}</p>
      {tone === "bad" && <p><strong>! {_("已超过三天：请尽快联网，或导出救援包交给调度。")}</strong></p>}
    </Card>
  );
}

/** What is being sent now, and what held up the last attempt. */
function Line() {
  const { busy, done, total, troubles } = line.value;
  return (
    <>
      {busy && total > 0 && (
        <Card>
          <p>↑ {_("上传中 {done}/{total}", { done, total })}</p>
          <progress value={done} max={total} aria-label={_("上传进度")} />
        </Card>
      )}
      {!busy && troubles.length > 0 && (
        <Card tone="warn">
          <ul>
            {troubles.map(({ code, words }) =>
              <li key={code + words}>▲ {code === "no_answer"
                ? _("没有网络或对方无应答，稍后自动再试。") : sentence(code, { why: words })}</li>)}
          </ul>
        </Card>
      )}
    </>
  );
}

function Wifi() {
  const only = useSignal(only_on_wifi());
  if (!can_tell()) return null;
  const toggle = () => {
    only.value = !only.value;
    keep_for_wifi(only.value);
  };
  return (
    <button type="button" class="tick" role="switch" aria-checked={only.value} onClick={toggle}>
      <span aria-hidden="true">{only.value ? "◉" : "○"}</span>
      {_("照片原图只用 Wi-Fi 传（记录和签字随时传）")}
    </button>
  );
}

