// A new password, with the one-time code that an administrator handed over.
//
// May not enter: who may hand out codes.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { tell_person } from "#shared/notice.ts";
import { _ } from "#shared/words.ts";
import { post, Problem } from "../api.ts";
import { go_instead, to, type ScreenProps } from "../routes.ts";

export function NewPassword({ place }: ScreenProps) {
  const code = useSignal(place.query.get("code") ?? "");
  const password = useSignal("");
  const again = useSignal("");
  const wrong = useSignal("");
  useEffect(() => { document.title = _("设置新密码 · 上门调度台"); }, []);
  const send = async (event: Event) => {
    event.preventDefault();
    if (password.value !== again.value) {
      wrong.value = _("两次输入的密码不一样");
      return;
    }
    try {
      await post("/v1/password", { code: code.value.trim(), password: password.value });
      tell_person({ words: _("密码已设好，请登录") });
      go_instead(to("board"));
    } catch (why) {
      if (!(why instanceof Problem)) throw why;
      wrong.value = why.message;
    }
  };
  return (
    <main class="alone">
      <h1>{_("设置新密码")}</h1>
      <form class="login" onSubmit={send}>
        <label class="field">{_("一次性口令")}
          <input name="code" required autofocus autocomplete="one-time-code" value={code.value}
            onInput={(event) => { code.value = event.currentTarget.value; }} />
        </label>
        <label class="field">{_("新密码")}
          <input name="password" type="password" required autocomplete="new-password"
            value={password.value}
            onInput={(event) => { password.value = event.currentTarget.value; }} />
        </label>
        <label class="field">{_("再输一次")}
          <input name="again" type="password" required autocomplete="new-password"
            value={again.value}
            onInput={(event) => { again.value = event.currentTarget.value; }} />
        </label>
        <p role="alert" class="wrong">{wrong.value}</p>
        <button type="submit" class="button primary">{_("保存密码")}</button>
        <p class="below"><a href={to("board")}>{_("返回登录")}</a></p>
      </form>
    </main>
  );
}
