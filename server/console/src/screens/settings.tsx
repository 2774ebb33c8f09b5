// What somebody chose for this screen, and where else they are logged in.
//
// May not enter: what the company set.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Button, Chips } from "#shared/controls.tsx";
import { Card } from "#shared/frame.tsx";
import { at } from "#shared/wording.ts";
import { _, language, LANGUAGES, NAMES } from "#shared/words.ts";
import { get, remove } from "../api.ts";
import { keys_on } from "../keys.ts";
import { Screen } from "../parts/screen.tsx";
import type { ScreenProps } from "../routes.ts";
import { read_in, session } from "../session.ts";

interface Elsewhere {
  readonly id: string;
  readonly begun_ms: number;
  readonly seen_ms: number;
  readonly client: string;
  readonly address: string;
  readonly current: boolean;
}

export function Settings(_props: ScreenProps) {
  return (
    <Screen title={_("设置")}>
      <Card title={session.value?.name ?? ""}>
        <dl class="facts">
          <dt>{_("账号")}</dt><dd>{session.value?.person}</dd>
          <dt>{_("登录到期")}</dt><dd>{at(session.value?.expires_ms ?? 0)}</dd>
        </dl>
      </Card>
      <Card>
        <Chips legend={_("语言")} chosen={[language.value]}
          choices={LANGUAGES.map((value) => ({ value, words: NAMES[value] }))}
          onChoose={(one) => { void read_in(one); }} />
        <Chips legend={_("单键操作")} chosen={[keys_on.value ? "on" : "off"]}
          choices={[{ value: "on", words: _("打开") }, { value: "off", words: _("关闭") }]}
          onChoose={(one) => { keys_on.value = one === "on"; }} />
        <p class="muted">{_("用语音输入或辅助设备时，请关闭单键操作，以免误触。")}</p>
      </Card>
      <Sessions />
    </Screen>
  );
}

function Sessions() {
  const found = useSignal<readonly Elsewhere[]>([]);
  const look = async () => {
    const said = await get<{ readonly sessions: readonly Elsewhere[] }>("/v1/sessions");
    found.value = said.sessions;
  };
  useEffect(() => { void look().catch(() => undefined); }, []);
  const end = async (id: string) => {
    await remove(`/v1/sessions/${id}`);
    await look();
  };
  return (
    <Card title={_("我的登录")}>
      <ul class="rows">
        {found.value.map((one) => (
          <li key={one.id}>
            <span>{one.client}</span><span class="muted num">{one.address}</span>
            <span class="muted">{_("最后使用 {at}", { at: at(one.seen_ms) })}</span>
            {one.current
              ? <strong>{_("就是这里")}</strong>
              : <Button onPress={() => end(one.id)}>{_("结束")}</Button>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
