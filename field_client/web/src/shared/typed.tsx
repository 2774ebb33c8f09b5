// What has to be typed, where chips do not do. Nothing typed is ever lost: each letter goes
// to whoever asked.
//
// May not enter: what it is about.

import { useId } from "preact/hooks";

interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly onType: (value: string) => void;
  readonly long?: boolean;
  readonly mode?: "text" | "decimal" | "numeric" | "search";
  readonly hint?: string;
}

/** A field with its label. */
export function Typed({ label, value, onType, long = false, mode = "text", hint }: TypedProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {long
        ? <textarea id={id} rows={2} value={value} placeholder={hint}
            onInput={(event) => onType(event.currentTarget.value)} />
        : <input id={id} inputMode={mode} value={value} placeholder={hint} autocomplete="off"
            onInput={(event) => onType(event.currentTarget.value)} />}
    </div>
  );
}
