// The sheet on the owner's screen: large, in plain words, with the pictures.
//
// Shows what is on the sheet and nothing else. May not enter: the order, decisions.

import { useSignal } from "@preact/signals";

import { usePicture } from "../parts/picture.tsx";
import { Button, Chips, type Choice } from "../shared/controls.tsx";
import { Dialog } from "../shared/frame.tsx";
import { MOMENTS } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { answers, type Sheet, type SheetPhoto } from "../shared/sheet.ts";
import { BETWEEN, type Displayed } from "./signing.ts";
import { done, item_name, terms, type Section } from "../shared/sheet_wording.ts";

/** All of it. */
export function SheetView({ displayed: { sheet, texts } }: { readonly displayed: Displayed }) {
  return (
    <article class="sheet" data-testid="sheet">
      <Sections some={done(sheet, texts)} />
      {sheet.photos.length > 0 && <Photos photos={sheet.photos} />}
      <Sections some={terms(sheet, texts)} />
    </article>
  );
}

function Sections({ some }: { readonly some: readonly Section[] }) {
  return (
    <>
      {some.map(({ title, lines, tone }) => (
        <section key={title} class={tone}>
          <h2>{title}</h2>
          {lines.map((line) => <p key={line}>{line}</p>)}
        </section>
      ))}
    </>
  );
}

/** The owner's word on each item, as it stands on the sheet. */
export function Results({ displayed: { sheet, texts } }: { readonly displayed: Displayed }) {
  const said = answers(sheet);
  if (said.size === 0) return null;
  return (
    <ul class="results">
      {[...said].map(([item, { passed, reason }]) => (
        <li key={item} class={passed ? "good" : "bad"}>
          <span aria-hidden="true">{passed ? "✓" : "✗"}</span>{" "}
          {item_name(sheet, item, texts)}{" "}
          <strong>
            {passed ? _("通过") : _("不通过：{reason}", { reason: spoken(reason ?? "") })}
          </strong>
        </li>
      ))}
    </ul>
  );
}

/** Reasons that were chosen, in the reader's language. */
function spoken(reason: string): string {
  return reason.split(BETWEEN).map((one) => _(one)).join(_(BETWEEN));
}

/** What a reader who cannot see well is read. */
export function said_aloud(sheet: Sheet, texts: Displayed["texts"]): readonly string[] {
  return [
    ...aloud(done(sheet, texts)), _("照片 {n} 张", { n: sheet.photos.length }),
    ...aloud(terms(sheet, texts)), sheet.consent,
  ];
}

function aloud(some: readonly Section[]): readonly string[] {
  return some.flatMap(({ title, lines }) => [title, ...lines]);
}

const MOMENTS_IN_TURN = ["reported", "before", "during", "after", "other"];

function Photos({ photos }: { readonly photos: readonly SheetPhoto[] }) {
  const large = useSignal<SheetPhoto | null>(null);
  const groups = MOMENTS_IN_TURN.map((moment) =>
    [moment, photos.filter((one) => one.moment === moment)] as const);
  return (
    <section>
      <h2>{_("照片")}</h2>
      <div class="photos">
        {groups.filter(([, some]) => some.length > 0).map(([moment, some]) => (
          <figure key={moment}>
            <figcaption>{_(MOMENTS[moment] ?? moment)}</figcaption>
            <div>
              {some.map((one, n) => (
                <button type="button" class="photo" key={one.sha256}
                  onClick={() => { large.value = one; }}>
                  <span class="unseen">
                    {_("{moment}照片 {n}，看大图", {
                      moment: _(MOMENTS[moment] ?? moment), n: n + 1,
                    })}
                  </span>
                  <Picture name={one.sha256} small alt="" />
                </button>
              ))}
            </div>
          </figure>
        ))}
      </div>
      {large.value !== null && (
        <Dialog title={_(MOMENTS[large.value.moment] ?? large.value.moment)}
          onClose={() => { large.value = null; }}>
          <Picture name={large.value.sha256} alt={_("照片")} />
          <Button onPress={() => { large.value = null; }}>{_("关上")}</Button>
        </Dialog>
      )}
    </section>
  );
}

function Picture({ name, alt, small = false }: {
  readonly name: string; readonly alt: string; readonly small?: boolean;
}) {
  const source = usePicture(name, small);
  return source === null
    ? <span class="small">{_("这张照片不在本机")}</span> : <img src={source} alt={alt} />;
}

/** Why it is not good enough, item by item: one tap each. */
export function Blame({ displayed: { sheet, texts }, choices, of, onBlame }: {
  readonly displayed: Displayed;
  readonly choices: readonly Choice<string>[];
  readonly of: (item: number) => readonly string[];
  readonly onBlame: (item: number, reason: string) => Promise<void>;
}) {
  const items = sheet.items.length ? sheet.items.map(({ item }) => item) : [1];
  return (
    <div class="blame">
      {items.map((item) => (
        <Chips key={item} several legend={item_name(sheet, item, texts)}
          choices={choices} chosen={of(item)} onChoose={(reason) => { void onBlame(item, reason); }} />
      ))}
      {items.length > 1 && <p class="muted">{_("没有点原因的，算通过")}</p>}
    </div>
  );
}
