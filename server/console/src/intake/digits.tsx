// A row of answers that digits pick: one key, and on to the next question.
//
// May not enter: what is asked.

import { useRef } from "preact/hooks";

import type { Choice } from "#shared/controls.tsx";

interface Props {
  readonly name: string; // `data-stage`: where Enter and digits lead
  readonly legend: string;
  readonly choices: readonly Choice<string>[];
  readonly chosen: string;
  readonly onChoose: (value: string) => void;
}

export function Digits({ name, legend, choices, chosen, onChoose }: Props) {
  const row = useRef<HTMLDivElement>(null);
  const at = Math.max(0, choices.findIndex(({ value }) => value === chosen));
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = choices[Number(event.key) - 1];
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (digit !== undefined) onChoose(digit.value);
    else if (step !== undefined) walk(row.current, step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <fieldset class="digits">
      <legend>{legend}</legend>
      <div role="radiogroup" aria-label={legend} ref={row} onKeyDown={key} data-stage={name}>
        {choices.map(({ value, words }, index) => (
          <button key={value} type="button" role="radio" class="chip" data-digit={index + 1}
            aria-checked={value === chosen} tabIndex={index === at ? 0 : -1}
            onClick={() => onChoose(value)}>
            {index < 9 && <kbd aria-hidden="true">{index + 1}</kbd>} {words}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function walk(row: HTMLElement | null, by: number): void {
  const all = [...row?.querySelectorAll<HTMLElement>("[role=radio]") ?? []];
  const here = all.findIndex((one) => one === document.activeElement);
  all[(here + by + all.length) % all.length]?.focus();
}
