// Ten keys for a PIN: large, in their usual places, and a keyboard works as well.
//
// May not enter: whose PIN it is, what it opens.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Refused } from "../../../../sync/problems.ts";
import { explain } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import "./pin_pad.css";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "⌫"] as const;
export const LEAST = 4;
export const MOST = 12;

interface PinPadProps {
  /** Throws a refusal if it is not the one; its sentence is shown. */
  readonly onEntered: (pin: string) => Promise<void>;
  readonly label?: string;
}

/** The keys, what was pressed as dots, and what was wrong with it. */
export function PinPad({ onEntered, label }: PinPadProps) {
  const pin = useSignal("");
  const wrong = useSignal<string | null>(null);
  const busy = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { box.current?.focus(); }, []);
  const press = (key: string) => {
    if (busy.value) return;
    wrong.value = null;
    pin.value = key === "⌫" ? pin.value.slice(0, -1) : (pin.value + key).slice(0, MOST);
  };
  const enter = async () => {
    if (busy.value || pin.value.length < LEAST) return;
    busy.value = true;
    try {
      await onEntered(pin.value);
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      wrong.value = explain(why);
    } finally {
      pin.value = "";
      busy.value = false;
    }
  };
  const typed = (event: KeyboardEvent) => {
    if (/^[0-9]$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") press("⌫");
    else if (event.key === "Enter" && event.target === box.current) void enter();
  };
  return (
    <div class="pin" ref={box} tabIndex={-1} role="group" aria-label={label ?? _("密码")}
      onKeyDown={typed}>
      <p class="dots" aria-label={_("已输入 {n} 位", { n: pin.value.length })}>
        {"●".repeat(pin.value.length) || _("4 至 12 位数字")}
      </p>
      <div class="keys">
        {KEYS.map((key, place) => key === ""
          ? <span key={place} />
          : <button type="button" class="button" key={place} onClick={() => press(key)}
            aria-label={key === "⌫" ? _("删一位") : key}>{key}</button>)}
      </div>
      <p class="wrong" role="alert">{wrong.value ?? ""}</p>
      <button type="button" class="button primary" disabled={pin.value.length < LEAST}
        aria-busy={busy.value} onClick={enter}>{_("确定")}</button>
    </div>
  );
}
