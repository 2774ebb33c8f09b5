// What frames every screen that an owner holds: larger letters, another language, reading
// aloud, and the one way back to the technician (U27).
//
// May not enter: what the owner is asked.

import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { let_in } from "../locking.ts";
import { PinPad } from "../parts/pin_pad.tsx";
import { Button, Hold } from "../shared/controls.tsx";
import { Dialog } from "../shared/frame.tsx";
import { _, LANGUAGES, language, NAMES } from "../shared/words.ts";
import { elder, tablet } from "../state.ts";
import { read_as, take_back } from "./lock.ts";
import "./owner.css";
import { hush, is_reading, read_aloud, voice } from "./voice.ts";

interface OwnerFrameProps {
  readonly title: string;
  readonly said: readonly string[]; // what is read aloud
  readonly children: ComponentChildren;
  readonly foot?: ComponentChildren; // the one primary button
  readonly fixed?: boolean; // the language of what is shown cannot change any more
  readonly onTakenBack?: (() => void) | undefined; // instead of the order's page
}

/** One of the owner's screens. */
export function OwnerFrame(
  { title, said, children, foot, fixed = false, onTakenBack }: OwnerFrameProps,
) {
  useEffect(() => { document.title = title; }, [title]);
  useEffect(() => hush, []);
  return (
    <div class="screen owner" data-testid="owner">
      <header class="bar">
        <h1 tabIndex={-1}>{title}</h1>
        <Reader said={said} fixed={fixed} />
      </header>
      <main>
        {children}
        <HandBack onTakenBack={onTakenBack} />
      </main>
      {foot}
    </div>
  );
}

function Reader({ said, fixed }: { readonly said: readonly string[]; readonly fixed: boolean }) {
  const aloud = () => { if (is_reading.value) hush(); else read_aloud(said); };
  const others = fixed ? [] : LANGUAGES.filter((one) => one !== language.value);
  return (
    <div class="reader">
      <button type="button" class="button" aria-pressed={elder.value}
        onClick={() => read_as({ elder: !elder.value })}>
        {_("长辈版")} <span aria-hidden="true">Aa</span>
      </button>
      {voice.value !== null && (
        <button type="button" class="button" aria-pressed={is_reading.value} onClick={aloud}>
          {is_reading.value ? _("停") : _("读给我听")}
        </button>
      )}
      {others.map((one) => (
        <button type="button" key={one} class="button" lang={one}
          onClick={() => read_as({ language: one })}>{NAMES[one]}</button>
      ))}
    </div>
  );
}

function HandBack({ onTakenBack }: Pick<OwnerFrameProps, "onTakenBack">) {
  const asked = useSignal<string | null>(null); // whose PIN is asked for
  const back = async () => {
    hush();
    await take_back();
    let_in();
    onTakenBack?.();
  };
  const held = async () => {
    const person = await tablet().people.present();
    if (person?.lock) asked.value = person.enrolment.actor;
    else await back();
  };
  const actor = asked.value;
  return (
    <div class="hand-back">
      <Hold onHeld={held}>{_("师傅长按 2 秒收回平板")}</Hold>
      {actor !== null && (
        <Dialog title={_("请师傅输入密码")} onClose={() => { asked.value = null; }}>
          <PinPad onEntered={async (pin) => {
            await tablet().people.unlock(actor, pin);
            await back();
          }} />
          <Button kind="quiet" onPress={() => { asked.value = null; }}>{_("取消")}</Button>
        </Dialog>
      )}
    </div>
  );
}
