// Who uses this tablet: a PIN, changing over, leaving. What was recorded stays whoever
// comes and goes (F14, U14).
//
// May not enter: how a PIN is known, what is handed in.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Refused, type Facts } from "../../../../sync/problems.ts";
import type { ScreenProps } from "../app.tsx";
import { change_over, look_at_gate } from "../locking.ts";
import { Screen } from "../parts/frame.tsx";
import { PinPad } from "../parts/pin_pad.tsx";
import { go } from "../routes.ts";
import { Button } from "../shared/controls.tsx";
import { Card, Dialog } from "../shared/frame.tsx";
import { tell_person } from "../shared/notice.ts";
import { explain } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { tablet } from "../state.ts";
import type { Person } from "../store/persons.ts";
import "./people.css";

const ROLES: Readonly<Record<string, string>> = {
  technician: "维修人员", contractor: "施工单位人员", dispatcher: "调度",
};

/** The people of this tablet. */
export function PeopleScreen(_props: ScreenProps) {
  const all = useSignal<readonly Person[]>([]);
  const present = useSignal<Person | null>(null);
  const asking = useSignal(false);
  const unsent = useSignal<Facts | null>(null);
  const look = async () => {
    all.value = await tablet().people.all();
    present.value = await tablet().people.present();
  };
  useEffect(() => { void look(); }, []);
  const log_out = async () => {
    try {
      await tablet().people.log_out();
      await look_at_gate();
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      if (why.code === "unsent_left") unsent.value = why.facts;
      else tell_person({ words: explain(why), grave: true });
    }
  };
  const who = present.value?.enrolment;
  return (
    <Screen title={_("使用人")} back="#/settings">
      {who !== undefined && (
        <Card title={who.actor}>
          <p>{_(ROLES[who.role] ?? who.role)}</p>
          <p class="muted num">{who.device} · {who.server}</p>
          <Button onPress={() => { asking.value = true; }}>
            {present.value?.lock === null ? _("设密码") : _("换密码")}
          </Button>
        </Card>
      )}
      <Card title={_("轮班使用")}>
        <p>{_("这台平板上已登记 {n} 人。换人不影响已记录的内容，没传的照样会传。", {
          n: all.value.length,
        })}</p>
        <div class="row">
          <Button disabled={all.value.length < 2} onPress={change_over}>{_("换人")}</Button>
          <a class="button" href="#/enrol">{_("登记另一位师傅")}</a>
        </div>
      </Card>
      <Card title={_("退出")}>
        <p>{_("平板上还有没传的内容时不能退出。")}</p>
        <Button onPress={log_out}>{_("退出登录")}</Button>
      </Card>
      {asking.value && <NewPin onDone={async () => { asking.value = false; await look(); }} />}
      {unsent.value !== null &&
        <Unsent left={unsent.value} onClose={() => { unsent.value = null; }} />}
    </Screen>
  );
}

/** A new PIN is entered twice. */
function NewPin({ onDone }: { readonly onDone: () => Promise<void> }) {
  const first = useSignal<string | null>(null);
  const wrong = useSignal(false);
  const entered = async (pin: string) => {
    if (first.value === null) {
      first.value = pin;
      wrong.value = false;
    } else if (first.value === pin) {
      await tablet().people.set_pin(pin);
      await onDone();
      tell_person({ words: _("密码设好了。五分钟不用会锁上。") });
    } else {
      first.value = null;
      wrong.value = true;
    }
  };
  return (
    <Dialog title={first.value === null ? _("新密码") : _("再输一遍")} onClose={() => { void onDone(); }}>
      {wrong.value && <p class="wrong" role="alert">{_("两次不一样，请重新输入。")}</p>}
      <PinPad key={first.value ?? ""} onEntered={entered} />
      <Button kind="quiet" onPress={onDone}>{_("取消")}</Button>
    </Dialog>
  );
}

/** Nobody leaves a tablet that still owes: three ways on, and staying (U14). */
function Unsent({ left, onClose }: { readonly left: Facts; readonly onClose: () => void }) {
  const to = (hash: string) => { onClose(); go(hash); };
  return (
    <Dialog title={_("还有没传的内容，先不能退出")} onClose={onClose}>
      <p>{_("记录 {facts} 条，照片和签名 {originals} 件只在这台平板上。", left)}</p>
      <Button kind="primary" onPress={() => to("#/outbox")}>{_("上传")}</Button>
      <Button onPress={() => to("#/outbox")}>{_("导出救援包")}</Button>
      <Button onPress={() => { onClose(); change_over(); }}>{_("交接给另一位师傅")}</Button>
      <Button kind="quiet" onPress={onClose}>{_("取消")}</Button>
    </Dialog>
  );
}
