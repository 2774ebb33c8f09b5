// Where and who: in one line where it was found, in fields where it was not.
//
// May not enter: looking it up.

import { Button } from "#shared/controls.tsx";
import { _ } from "#shared/words.ts";
import { cards } from "../board/live.ts";
import { projects } from "./choices.ts";
import { home_name, type Draft } from "./draft.ts";

interface Props {
  readonly draft: Draft;
  readonly open: boolean;
  readonly onSay: (change: Partial<Draft>) => void;
  readonly onChange: () => void;
}

export function PlaceFields({ draft, open, onSay, onChange }: Props) {
  if (!open) {
    return (
      <p class="place">
        <strong>{home_name(draft)}</strong> {draft.project} {draft.owner} {draft.phone}
        <Button kind="quiet" onPress={onChange}>{_("修改")}</Button>
      </p>
    );
  }
  const known = [...new Set([...projects.value, ...[...cards.value.values()]
    .map(({ project }) => project)])].filter(Boolean);
  return (
    <div class="place-fields">
      <label class="field">{_("项目")}
        <input data-stage="place" list="projects" value={draft.project} autocomplete="off"
          onInput={(event) => onSay({ project: event.currentTarget.value })} />
      </label>
      <datalist id="projects">{known.map((one) => <option key={one} value={one} />)}</datalist>
      {FIELDS.map(({ name, words }) => (
        <label key={name} class="field">{words()}
          <input name={name} value={draft[name]} autocomplete="off"
            onInput={(event) => onSay({ [name]: event.currentTarget.value })} />
        </label>
      ))}
    </div>
  );
}

const FIELDS = [
  { name: "building", words: () => _("楼栋") }, { name: "unit", words: () => _("单元") },
  { name: "room", words: () => _("房号") }, { name: "owner", words: () => _("报修人") },
  { name: "phone", words: () => _("电话") },
] as const;
