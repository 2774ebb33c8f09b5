// Logging in: by name and password, or with the company's own login.
//
// Over a screen it lets whoever was here go on where the session ended. May not enter: how a
// session is kept.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { SENTENCES } from "#sync/problems.ts";
import { _, choose_language, language, LANGUAGES, NAMES } from "#shared/words.ts";
import { Problem } from "../api.ts";
import { FIRST, go_instead, LOGIN, place, to } from "../routes.ts";
import { ended, log_in, openid, session } from "../session.ts";

export function Login({ over = false }: { readonly over?: boolean }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => { if (over) ref.current?.showModal(); }, [over]);
  useEffect(() => { document.title = _("登录 · 上门调度台"); }, []);
  if (!over) {
    return <main class="alone"><h1>{_("上门 · 调度台")}</h1><Refusal /><Form /></main>;
  }
  return (
    <dialog ref={ref} aria-label={_("请重新登录")} onCancel={(event) => event.preventDefault()}>
      <h2>{_("请重新登录")}</h2>
      <p>{_("登录已到期；后面的画面原样保留。")}</p>
      <Form />
    </dialog>
  );
}

/** What was wrong, when somebody comes back from the company's own login. */
function Refusal() {
  const { screen, query } = place.value;
  const code = screen === LOGIN ? query.get("refused") : null;
  if (code === null) return null;
  const said = SENTENCES.get(code);
  return (
    <p role="alert" class="wrong">
      {said === undefined || said.includes("{") // made up, or it lacks what it speaks of
        ? _("统一登录没有成功，请重试，或用账号和密码登录。") : _(said)}
    </p>
  );
}

function Form() {
  const person = useSignal("");
  const password = useSignal("");
  const wrong = useSignal("");
  const busy = useSignal(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    try {
      await log_in(person.value.trim(), password.value);
      if (place.value.screen === LOGIN) go_instead(to(FIRST));
    } catch (why) {
      if (!(why instanceof Problem)) throw why;
      wrong.value = why.message;
      password.value = "";
    } finally {
      busy.value = false;
    }
  };
  return (
    <form class="login" onSubmit={send} aria-busy={busy.value}>
      <label class="field">{_("账号")}
        <input name="person" autocomplete="username" required autofocus value={person.value}
          onInput={(event) => { person.value = event.currentTarget.value; }} />
      </label>
      <label class="field">{_("密码")}
        <input name="password" type="password" autocomplete="current-password" required
          value={password.value}
          onInput={(event) => { password.value = event.currentTarget.value; }} />
      </label>
      <p role="alert" class="wrong">{wrong.value}</p>
      <button type="submit" class="button primary">{_("登录")}</button>
      {openid.value && (
        <a class="button" href="/v1/session/openid">{_("用公司统一登录")}</a>
      )}
      {session.value === null && !ended.value && <Below />}
    </form>
  );
}

function Below() {
  return (
    <p class="below">
      <a href="#/password">{_("有一次性口令？设置新密码")}</a>
      <label>
        <span class="unseen">{_("语言")}</span>
        <select value={language.value} aria-label={_("语言")}
          onChange={(event) => {
            const wanted = LANGUAGES.find((one) => one === event.currentTarget.value);
            if (wanted !== undefined) void choose_language(wanted);
          }}>
          {LANGUAGES.map((one) => <option key={one} value={one} lang={one}>{NAMES[one]}</option>)}
        </select>
      </label>
    </p>
  );
}
