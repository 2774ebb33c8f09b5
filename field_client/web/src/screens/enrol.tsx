// A tablet becomes known: by the QR code that the desk shows, or its letters typed in. A
// second person enrols on it in the same way.
//
// May not enter: keys, requests.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Refused } from "../../../../sync/problems.ts";
import { thumbprint } from "../../../../sync/signing.ts";
import type { ScreenProps } from "../app.tsx";
import { can_scan } from "../camera/codes.ts";
import { NoAnswer } from "../exchange/transport.ts";
import { let_in } from "../locking.ts";
import { runner } from "../opening.ts";
import { CodeReader } from "../parts/code_reader.tsx";
import { Screen } from "../parts/frame.tsx";
import { renew } from "../renewing.ts";
import { go_instead } from "../routes.ts";
import { Button, Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { tell_person } from "../shared/notice.ts";
import { explain } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { tablet } from "../state.ts";
import type { Enrolment } from "../store/owed.ts";
import "./people.css";

/** How the desk's code looks: ten letters, a dot, the first sixteen of the server's key. */
const CODE = /([0-9A-Z]{10})[.~]([\w-]{16})/i;

/** What was scanned, typed or followed as a link, as a code; empty if it is none. */
export function code_in(text: string): string {
  const found = CODE.exec(text.replaceAll(/\s/g, "").replaceAll(/%7e/gi, "~"));
  return found === null ? "" : `${found[1]?.toUpperCase()}.${found[2]}`;
}

/** Enrol this tablet, or one more person on it. */
export function Enrol(_props: ScreenProps) {
  const others = useSignal(0);
  useEffect(() => {
    void tablet().people.all().then((all) => { others.value = all.length; });
  }, []);
  return <Ask second={others.value > 0} />;
}

function Ask({ second }: { readonly second: boolean }) {
  const typed = useSignal(code_in(location.hash));
  const name = useSignal(_("平板"));
  const scanning = useSignal(false);
  const wrong = useSignal<string | null>(null);
  const code = code_in(typed.value);
  useEffect(() => {
    // A link with a code was followed while this is shown: the page stays, the hash is new.
    const follow = () => {
      const led = code_in(location.hash);
      if (led === "") return;
      typed.value = led;
      scanning.value = false;
      wrong.value = null;
    };
    addEventListener("hashchange", follow);
    return () => { removeEventListener("hashchange", follow); };
  }, []);
  const enrol = async () => {
    wrong.value = null;
    try {
      await begin(await tablet().enrol(code, location.origin, name.value));
    } catch (why) {
      wrong.value = no_way(why);
    }
  };
  return (
    <Screen title={second ? _("登记另一位师傅") : _("登记这台平板")}
      {...(second ? { back: "#/people" } : {})}
      foot={<Primary disabled={code === ""} onPress={enrol}>{_("登记")}</Primary>}>
      <Card>
        <p>{_("请向调度要登记码：扫二维码，或输入码。码只能用一次，十分钟内有效。")}</p>
        {can_scan() && !scanning.value &&
          <Button onPress={() => { scanning.value = true; }}>{_("扫二维码")}</Button>}
        {scanning.value && (
          <CodeReader onRead={(text) => {
            scanning.value = false;
            typed.value = code_in(text);
            if (typed.value === "") wrong.value = _("这不是登记码，请扫调度给的二维码。");
          }} />
        )}
        <label class="field">
          {_("登记码")}
          <input value={typed.value} autocomplete="off" autocapitalize="characters"
            spellcheck={false} placeholder="XXXXXXXXXX.xxxxxxxxxxxxxxxx"
            onInput={(e) => { typed.value = e.currentTarget.value; }} />
        </label>
        {typed.value !== "" && code === "" &&
          <p class="muted">{_("登记码是十位码、一个点、十六位指纹，请照抄。")}</p>}
        {code !== "" && (
          <p>{_("服务器指纹")} <strong class="num">{code.split(".")[1]}</strong></p>
        )}
        {!second && (
          <label class="field">
            {_("这台平板叫什么")}
            <input value={name.value} maxLength={60}
              onInput={(e) => { name.value = e.currentTarget.value; }} />
          </label>
        )}
      </Card>
      {wrong.value !== null && <Card tone="bad"><p role="alert">{wrong.value}</p></Card>}
    </Screen>
  );
}

/** The new one is in, and sees what is theirs as soon as it has come. */
async function begin(who: Enrolment): Promise<void> {
  let_in();
  await renew();
  void runner().upload_now();
  go_instead("#/");
  tell_person({
    words: _("登记好了：{who}。服务器指纹 {print}。断网也能用了。", {
      who: who.actor, print: (await thumbprint(who.server_key)).slice(0, 16),
    }),
  });
}

/** Why it was not enrolled, and what to do. */
function no_way(why: unknown): string {
  if (why instanceof Refused) return explain(why);
  if (!(why instanceof NoAnswer)) {
    return why instanceof Error && why.name === "Answered"
      ? _("登记码不对、已用过或已过期，请向调度要一个新码。")
      : _("没有登记成，请再试一次。");
  }
  return why.status === null
    ? _("连不上服务器。请检查网络，再试一次；码还在有效期内就可以接着用。")
    : _("回答的不是服务器。这个无线网可能要先登录：请打开浏览器登录网络，或换手机热点，再试。");
}
