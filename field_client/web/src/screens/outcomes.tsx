// How a visit can go otherwise: nobody home, another time, turned away, danger first. Each
// within three taps of the order (U23).
//
// May not enter: storage, network.

import { useSignal } from "@preact/signals";

import { choices_of } from "../choices.ts";
import { to_order } from "../routes.ts";
import { duty_phone } from "../settings.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Card, Dialog } from "../shared/frame.tsx";
import { DAY_MS, windows_of, type Window } from "../shared/windows.ts";
import { day_text, masked_phone } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { now_ms } from "../state.ts";
import type { Standing } from "../steps.ts";
import type { Sight } from "../tablet/sight.ts";
import { record, record_undoable } from "../telling.ts";

type Asked = "nobody" | "later" | "turned" | "safe" | "help" | "left";

/** Buttons for what else can happen, and the question that each asks. */
export function Outcomes({ sight, now }: { readonly sight: Sight; readonly now: Standing }) {
  const asked = useSignal<Asked | null>(null);
  const close = () => { asked.value = null; };
  const ask = (what: Asked) => () => { asked.value = what; };
  const here = now.here;
  if (now.over && !here) return null;
  return (
    <Card title={_("其他情况")}>
      <div class="actions">
        {here && <Button onPress={ask("nobody")}>{_("无人在家")}</Button>}
        <Button onPress={ask("later")}>{_("改约")}</Button>
        {here && <Button onPress={ask("turned")}>{_("业主拒修")}</Button>}
        {here && sight.order.stage === "completed" &&
          <a class="button" href={to_order(sight.order.stream, "refuse")}>{_("业主拒签")}</a>}
        {here && <Button onPress={ask("safe")}>{_("应急先保安全")}</Button>}
        <Button onPress={ask("help")}>{_("需增援")}</Button>
        {here && now.next !== "leave" && <Button onPress={ask("left")}>{_("离场")}</Button>}
        <a class="button" href={to_order(sight.order.stream, "more")}>{_("更多")} ›</a>
      </div>
      {asked.value === "nobody" && <Nobody sight={sight} close={close} />}
      {asked.value === "later" && <Later sight={sight} close={close} />}
      {asked.value === "turned" && <Turned sight={sight} close={close} />}
      {asked.value === "safe" && <Safe sight={sight} close={close} />}
      {asked.value === "help" && <Help close={close} />}
      {asked.value === "left" && <Leaving sight={sight} close={close} />}
    </Card>
  );
}

interface AskedProps {
  readonly sight: Sight;
  readonly close: () => void;
}

function Nobody({ sight, close }: AskedProps) {
  const tell = async () => {
    close();
    await record(sight.order.stream, "visit.nobody_home", {});
  };
  return (
    <Dialog title={_("无人在家")} onClose={close}>
      <p>{_("已按铃、等 30 秒、再按，仍无人应答？请留下到访卡。")}</p>
      <Button kind="primary" onPress={tell}>{_("记录无人在家")}</Button>
      <Button kind="quiet" onPress={close}>{_("返回")}</Button>
    </Dialog>
  );
}

function Turned({ sight, close }: AskedProps) {
  const tell = async (reason: string) => {
    close();
    await record(sight.order.stream, "visit.turned_away", { reason });
  };
  return (
    <Dialog title={_("业主拒修")} onClose={close}>
      <Chips legend={_("原因（点一下就记录）")} chosen={[]} onChoose={(one) => { void tell(one); }}
        choices={choices_of("turned_away")} />
      <Button kind="quiet" onPress={close}>{_("返回")}</Button>
    </Dialog>
  );
}

const DAYS = [0, 1, 2, 3] as const;

function Later({ sight, close }: AskedProps) {
  const day = useSignal<number>(1);
  const reasons = choices_of("postponed");
  const reason = useSignal(reasons[0]?.value ?? "");
  const tell = async ({ start_ms, end_ms }: Window) => {
    close();
    const says = { start_ms, end_ms, reason: reason.value };
    await record_undoable(sight.order.stream, "visit.appointed", says, _("已改约"));
  };
  const windows = windows_of(now_ms.value, day.value);
  return (
    <Dialog title={_("改约")} onClose={close}>
      <Chips legend={_("原因")} choices={reasons} chosen={[reason.value]}
        onChoose={(one) => { reason.value = one; }} />
      <Chips legend={_("哪天")} chosen={[day.value]} onChoose={(one) => { day.value = one; }}
        choices={DAYS.map((one) => ({ value: one, words: day_text(now_ms.value + one * DAY_MS) }))} />
      <Chips legend={_("时段（点一下就记录）")} chosen={[]}
        onChoose={(at) => { const one = windows[at]; if (one) void tell(one); }}
        choices={windows.map((one, index) => ({ value: index, words: one.words }))} />
      <Button kind="quiet" onPress={close}>{_("返回")}</Button>
    </Dialog>
  );
}

function Safe({ sight, close }: AskedProps) {
  const done = useSignal<readonly string[]>([]);
  const toggle = (one: string) => {
    done.value = done.value.includes(one)
      ? done.value.filter((other) => other !== one) : [...done.value, one];
  };
  const tell = async () => {
    close();
    await record_undoable(
      sight.order.stream, "work.made_safe", { measures: done.value }, _("已记录应急处理"));
  };
  return (
    <Dialog title={_("应急先保安全")} onClose={close}>
      <Chips legend={_("已做的措施")} choices={choices_of("measure")} chosen={done.value}
        onChoose={toggle} several />
      <Button kind="primary" onPress={tell} disabled={done.value.length === 0}>{_("记下")}</Button>
      <Button kind="quiet" onPress={close}>{_("返回")}</Button>
    </Dialog>
  );
}

function Help({ close }: { readonly close: () => void }) {
  const phone = duty_phone.value;
  return (
    <Dialog title={_("需增援")} onClose={close}>
      {phone === ""
        ? <p>{_("还没有填值班主管的电话：在“设置”里填一次即可。")}</p>
        : <a class="button primary" href={`tel:${phone}`}>☎ {_("打给值班主管 {phone}", {
          phone: masked_phone(phone) })}</a>}
      {phone === "" && <a class="button" href="#/settings">{_("设置")}</a>}
      <Button kind="quiet" onPress={close}>{_("返回")}</Button>
    </Dialog>
  );
}

function Leaving({ sight, close }: AskedProps) {
  const tell = async () => {
    close();
    await record_undoable(sight.order.stream, "visit.left", {}, _("已记录离场"));
  };
  return (
    <Dialog title={_("现在离场？")} onClose={close}>
      <p>{_("还有步骤没做完。已记录的都会保留，可以再次上门接着做。")}</p>
      <Button kind="primary" onPress={tell}>{_("离场")}</Button>
      <Button kind="quiet" onPress={close}>{_("返回")}</Button>
    </Dialog>
  );
}
