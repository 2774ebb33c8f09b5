// What the owner was shown and signed, round by round: the sheet read back from its very
// bytes, the strokes, the answer (A1, A2).
//
// May not enter: the order as it stands now; how bytes are fetched.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { ANSWERS } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import {
  done, RELATIONS, terms, type Section,
} from "#shared/sheet_wording.ts";
import { read_sheet, texts_of, type Sheet } from "#shared/sheet.ts";
import type { Round, Verdict } from "#sync/exported/records.ts";
import { bytes_named } from "../bytes.ts";
import { reason_words } from "../says.ts";
import { entry_of, text_of, type Name, type Story } from "../story.ts";
import { item_title } from "./pictures.tsx";
import { Signature } from "./signature.tsx";
import { When } from "./when.tsx";

interface RoundsProps {
  readonly story: Story;
  readonly name: Name;
}

/** Every round, the last one first: it is the one that counts. */
export function Rounds({ story, name }: RoundsProps) {
  const { rounds } = story.order;
  if (rounds.length === 0) return <p class="muted">{_("业主还没有验收")}</p>;
  return (
    <>
      {rounds.map((one, at) => (
        <RoundOf key={at} n={at + 1} round={one} story={story} name={name} />
      )).reverse()}
    </>
  );
}

function RoundOf({ n, round, story, name }: RoundsProps & {
  readonly n: number; readonly round: Round;
}) {
  return (
    <section class="round">
      <h3>{_("第 {n} 轮验收", { n })}</h3>
      <ul class="results">
        {round.inspections.map((one) => (
          <li key={one.fact}>
            <span aria-hidden="true">{one.passed ? "✓" : "✗"}</span>{" "}
            {item_title(story, one.item)} <strong>{one.passed ? _("通过") : _("不通过")}</strong>
            {one.reason ? ` ${reason_words(one.reason)}` : ""}
            {` ${text_of(story, one.private, "words")}`}
          </li>
        ))}
      </ul>
      {round.verdicts.map((one) => (
        <Answered key={one.fact} verdict={one} story={story} name={name} />
      ))}
    </section>
  );
}

function Answered({ verdict, story, name }: RoundsProps & { readonly verdict: Verdict }) {
  const entry = entry_of(story, verdict.fact);
  const held = (sha256: string | null) =>
    entry?.blobs.some((one) => one.sha256 === sha256 && one.held) === true;
  const who = ["signer", "witness"].map((one) => text_of(story, verdict.private, one));
  const as = verdict.relation === null ? ""
    : _(new Map(RELATIONS).get(verdict.relation) ?? verdict.relation);
  return (
    <article class="answered">
      <p>
        <strong>{_(ANSWERS[verdict.answer] ?? verdict.answer)}</strong>{" "}
        {[as, ...who].filter(Boolean).join(" ")}{" "}
        {entry !== undefined &&
          <><When moment={entry.moment} received_ms={entry.received_ms} /> {name(entry.by)}</>}
      </p>
      {verdict.answer === "accepted" && <Strength sheet={verdict.sheet} story={story} name={name} />}
      {verdict.reason !== null && <p>{reason_words(verdict.reason)}</p>}
      {verdict.signature !== null && (held(verdict.signature)
        ? <Signature sha256={verdict.signature} />
        : <p class="flag">◌ {_("签字笔迹还没有传到")}</p>)}
      {held(verdict.sheet)
        ? <SheetOf sha256={verdict.sheet} story={story} />
        : <p class="flag">◌ {_("业主看到的单据还没有传到")}</p>}
    </article>
  );
}

/** How strong it is: whom it was asked of, when, and what came back. No answer is said to
 * be none (A0). */
function Strength({ sheet, story, name }: RoundsProps & { readonly sheet: string }) {
  const strength = story.strengths[sheet];
  if (strength === undefined) return null;
  const { asked, confirmed } = story.order;
  const mine = asked.filter((one) => one.sheet === sheet);
  return (
    <div class="strength" data-strength={strength.code}>
      <p>{strength.code === "confirmed" ? "✓" : "○"} {strength.words}</p>
      {mine.length > 0 && (
        <ul>
          {mine.map((one) => {
            const answer = confirmed.find(({ asked: of }) => of === one.fact);
            return (
              <li key={one.fact}>
                {_("{name} 请业主确认：", { name: name(one.by) })}
                <Told fact={one.fact} story={story} />{" — "}
                {answer === undefined ? _("没有答复，记为没有答复")
                  : <>{_("业主已确认：")}<Told fact={answer.fact} story={story} /></>}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function Told({ fact, story }: { readonly fact: string; readonly story: Story }) {
  const entry = entry_of(story, fact);
  return entry === undefined ? null
    : <When moment={entry.moment} received_ms={entry.received_ms} />;
}

type Read = { readonly sheet: Sheet; readonly intact: boolean } | "wait" | "unreadable";

/** The sheet as the owner read it; folded on the screen, whole in print. */
function SheetOf({ sha256, story }: { readonly sha256: string; readonly story: Story }) {
  const read = useSignal<Read>("wait");
  useEffect(() => {
    void bytes_named(sha256).then(({ bytes, intact }) => {
      read.value = { sheet: read_sheet(bytes), intact };
    }).catch(() => { read.value = "unreadable"; });
  }, [sha256]);
  const found = read.value;
  if (found === "wait") return <p class="muted">{_("正在读取单据")}</p>;
  if (found === "unreadable") return <p class="flag">! {_("单据读不出来，请联系管理员")}</p>;
  const texts = readable(found.sheet, story);
  return (
    <details class="sheet" open>
      <summary>{_("业主看到并签字的单据")}</summary>
      <Sections some={[...done(found.sheet, texts), ...terms(found.sheet, texts)]} />
      <p class="small">{found.sheet.consent}</p>
      <p class="small num">
        {found.intact ? `✓ ${_("内容与签字时一致")}` : `✗ ${_("内容与签字时不一致")}`}
        {" · "}{_("内容指纹 {mark}", { mark: fingerprint(sha256) })}
      </p>
    </details>
  );
}

/** The sheet's texts; what this reader may not see is not said to be erased. */
function readable(sheet: Sheet, story: Story): ReadonlyMap<string, string> {
  const unseen = story.masked ? _("（不显示）") : "";
  return new Map([...texts_of(sheet, story)].map(([name, said]) => [name, said || unseen]));
}

function Sections({ some }: { readonly some: readonly Section[] }) {
  return (
    <dl>
      {some.map(({ title, lines, tone }) => (
        <div key={title} class={tone}>
          <dt>{title}</dt>
          {lines.map((line) => <dd key={line}>{line}</dd>)}
        </div>
      ))}
    </dl>
  );
}

/** A digest as people compare it: its first 16 digits, four and four. */
export function fingerprint(sha256: string): string {
  return (sha256.slice(0, 16).toUpperCase().match(/.{4}/g) ?? []).join("-");
}
