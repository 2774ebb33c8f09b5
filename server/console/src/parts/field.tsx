// One line to type into, with its label.
//
// May not enter: what is typed.

import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly type?: "text" | "tel" | "search";
  readonly value: string;
  readonly onType: (value: string) => void;
}

export function Field({ label, type = "text", value, onType }: FieldProps) {
  const name = useId();
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} type={type as "text"} value={value} maxLength={1000} autocomplete="off"
        onInput={(e) => onType(e.currentTarget.value)} />
    </div>
  );
}

/** A day, or a time of day. */
export function TimeField({ label, type, value, onType }: Omit<FieldProps, "type"> & {
  readonly type: "date" | "time";
}) {
  const name = useId();
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} type={type as "date"} value={value}
        onInput={(e) => onType(e.currentTarget.value)} />
    </div>
  );
}

/** One of several, from a list that opens. */
export function Pick({ label, value, choices, onPick }: {
  readonly label: string; readonly value: string;
  readonly choices: readonly (readonly [value: string, words: string])[];
  readonly onPick: (value: string) => void;
}) {
  const name = useId();
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} value={value} onChange={(e) => onPick(e.currentTarget.value)}>
        {choices.map(([one, words]) => <option key={one} value={one}>{words}</option>)}
      </select>
    </div>
  );
}
