// What can be chosen for this tablet, who uses it, and what is true of its storage.
//
// May not enter: enrolling, locking (their own screens).

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { CLIENT } from "../exchange/contact.ts";
import { MAP_APPS, type MapApp } from "../maps.ts";
import { Screen } from "../parts/frame.tsx";
import { me } from "../present.ts";
import { duty_phone, elder_first, map_app, sun } from "../settings.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { size_text } from "../shared/wording.ts";
import { _, choose_language, language, LANGUAGES, N_, NAMES } from "../shared/words.ts";
import { elder, tablet } from "../state.ts";
import type { Person } from "../store/persons.ts";

const MAPS: Readonly<Record<MapApp, string>> = {
  amap: N_("高德地图"), tencent: N_("腾讯地图"), baidu: N_("百度地图"),
  apple: N_("Apple 地图"), geo: N_("手机默认地图"),
};

const SWITCH = [{ value: "on", words: N_("开") }, { value: "off", words: N_("关") }] as const;

export function Settings() {
  const turn = SWITCH.map(({ value, words }) => ({ value, words: _(words) }));
  return (
    <Screen title={_("设置")} back="#/">
      <Card>
        <Chips legend={_("语言")} chosen={[language.value]}
          choices={LANGUAGES.map((one) => ({ value: one, words: NAMES[one] }))}
          onChoose={(one) => { void choose_language(one); }} />
        <Chips legend={_("导航用哪个地图")} chosen={[map_app.value]}
          choices={MAP_APPS.map((one) => ({ value: one, words: _(MAPS[one]) }))}
          onChoose={(one) => { map_app.value = one; }} />
        <Chips legend={_("业主屏默认长辈版（大字）")} chosen={[elder_first.value]} choices={turn}
          onChoose={(one) => { elder_first.value = one; elder.value = one === "on"; }} />
        <Chips legend={_("阳光模式（黑白高对比）")} chosen={[sun.value]} choices={turn}
          onChoose={(one) => { sun.value = one; }} />
        <label class="field">
          <span>{_("值班主管电话（需增援时拨打）")}</span>
          <input type="tel" inputMode="tel" autoComplete="off" value={duty_phone.value}
            onChange={(e) => { duty_phone.value = e.currentTarget.value.trim(); }} />
        </label>
      </Card>
      <People />
      <Storage />
    </Screen>
  );
}

function People() {
  const people = useSignal<readonly Person[]>([]);
  useEffect(() => { void tablet().people.all().then((all) => { people.value = all; }); }, []);
  return (
    <Card title={_("使用本机的人")}>
      <ul>
        {people.value.map(({ enrolment }) => (
          <li key={enrolment.actor}>
            {enrolment.actor}{enrolment.actor === me.value ? ` · ${_("当前")}` : ""}
          </li>
        ))}
      </ul>
      <div class="row">
        <a class="button" href="#/people">{_("换人 · 密码 · 退出")}</a>
        <a class="button" href="#/enrol">{_("登记新人")}</a>
      </div>
    </Card>
  );
}

function Storage() {
  const known = useSignal<{ readonly kept: boolean; readonly used: number; readonly granted: number } | null>(null);
  const look = async () => {
    const kept = await navigator.storage.persisted();
    known.value = { kept, ...(await tablet().store.room.usage()) };
  };
  useEffect(() => { void look(); }, []);
  const ask = async () => {
    await navigator.storage.persist();
    await look();
  };
  const found = known.value;
  return (
    <Card title={_("本机存储")}>
      {found !== null && (
        <dl class="facts">
          <dt>{_("持久存储")}</dt>
          <dd data-testid="persisted">{found.kept ? `● ${_("已开启")}` : `▲ ${_("未开启")}`}</dd>
          <dt>{_("已用")}</dt>
          <dd class="num">{size_text(found.used)} / {size_text(found.granted)}</dd>
          <dt>{_("版本")}</dt>
          <dd>{CLIENT}</dd>
        </dl>
      )}
      {found?.kept === false && <Button onPress={ask}>{_("开启持久存储")}</Button>}
    </Card>
  );
}
