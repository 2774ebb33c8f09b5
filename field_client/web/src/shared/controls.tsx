// What hands touch: buttons, chips, steppers. Sizes come from the style sheet.
//
// May not enter: what an order is.

import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

type Press = () => void | Promise<void>;

interface ButtonProps {
  readonly onPress: Press;
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "plain" | "pass" | "danger" | "quiet";
  readonly disabled?: boolean;
  readonly label?: string; // for screen readers, where the words alone do not tell
}

/** A button. While what it started is under way it takes no second press. */
export function Button({ onPress, children, kind = "plain", disabled, label }: ButtonProps) {
  const busy = useSignal(false);
  const press = async () => {
    if (busy.value) return;
    busy.value = true;
    try {
      await onPress();
    } finally {
      busy.value = false;
    }
  };
  return (
    <button type="button" class={`button ${kind}`} disabled={disabled ?? false}
      aria-busy={busy.value} aria-label={label} onClick={press}>
      {children}
    </button>
  );
}

/** The one thing to do next: full width, at the bottom, always in the same place. */
export function Primary(props: Omit<ButtonProps, "kind">) {
  return <div class="foot"><Button {...props} kind="primary" /></div>;
}

export interface Choice<T extends string | number> {
  readonly value: T;
  readonly words: string;
}

interface ChipsProps<T extends string | number> {
  readonly legend: string;
  readonly choices: readonly Choice<T>[];
  readonly chosen: readonly T[];
  readonly onChoose: (value: T) => void;
  readonly several?: boolean;
}

/** A row of answers to pick from; one tap each, no keyboard. */
export function Chips<T extends string | number>(
  { legend, choices, chosen, onChoose, several = false }: ChipsProps<T>,
) {
  return (
    <fieldset class="chips">
      <legend>{legend}</legend>
      <div role={several ? "group" : "radiogroup"} aria-label={legend}>
        {choices.map(({ value, words }) => (
          <button type="button" key={value} class="chip" onClick={() => onChoose(value)}
            role={several ? "checkbox" : "radio"} aria-checked={chosen.includes(value)}>
            {words}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

interface StepperProps {
  readonly label: string;
  readonly value: number;
  readonly least?: number;
  readonly onChange: (value: number) => void;
}

/** How many, by plus and minus. */
export function Stepper({ label, value, least = 0, onChange }: StepperProps) {
  return (
    <div class="stepper" role="group" aria-label={label}>
      <button type="button" class="button" aria-label={`${label} −1`}
        disabled={value <= least} onClick={() => onChange(value - 1)}>−</button>
      <output aria-live="polite">{value}</output>
      <button type="button" class="button" aria-label={`${label} +1`}
        onClick={() => onChange(value + 1)}>＋</button>
    </div>
  );
}

interface HoldProps {
  readonly onHeld: Press;
  readonly children: ComponentChildren;
  readonly ms?: number;
}

/** A button that wants to be held for two seconds: nothing happens by accident. The space
 * bar and Enter count as a hand. */
export function Hold({ onHeld, children, ms = 2000 }: HoldProps) {
  const timer = useRef(0);
  const down = useSignal(false);
  const begin = () => {
    if (down.value) return;
    down.value = true;
    timer.current = window.setTimeout(() => { down.value = false; void onHeld(); }, ms);
  };
  const end = () => {
    down.value = false;
    window.clearTimeout(timer.current);
  };
  useEffect(() => end, []);
  const key = (pressed: KeyboardEvent) => {
    if (pressed.key === " " || pressed.key === "Enter") { pressed.preventDefault(); begin(); }
  };
  return (
    <button type="button" class={down.value ? "button hold held" : "button hold"} data-hold
      onPointerDown={begin} onPointerUp={end} onPointerCancel={end} onPointerLeave={end}
      onKeyDown={key} onKeyUp={end} onBlur={end} onContextMenu={(e) => e.preventDefault()}>
      {children}
    </button>
  );
}
