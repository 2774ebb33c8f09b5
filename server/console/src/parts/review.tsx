// One review: both sides beside each other in plain words, what there is to go by, and what
// may be decided.
//
// May not enter: requests, keys.

import type { Signal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { CAUSES, review_label } from "#shared/settling.ts";
import { _ } from "#shared/words.ts";
import { contact_words } from "../cards.ts";
import { choices_of, type Choice, type Key, type Made, type Waiting } from "../reviewing.ts";
import { to_order } from "../routes.ts";
import { name_of, now_ms } from "../state.ts";
import {
  label_of, names_of, type Name, type Story, type StoryEntry,
} from "../story.ts";
import { Saying, Whence } from "./entry.tsx";
import { made_words } from "./review_list.tsx";
import { When } from "./when.tsx";

interface DetailProps {
  readonly row: Waiting;
  readonly story: Story | null;
  readonly words: Signal<string>;
  readonly asking: { readonly current: HTMLInputElement | null };
  readonly decide: (key: Key) => void;
  readonly may: boolean; // may whoever sits here decide?
  readonly made: Made | null;
}

export function Detail({ row, story, words, asking, decide, may, made }: DetailProps) {
  if (story === null) return <section class="review"><p class="muted">{_("正在读取")}</p></section>;
  const name = names_of(story, name_of);
  const choices = choices_of(row, story.entries, name);
  const sides = sides_of(row, story);
  return (
    <section class="review" aria-label={_(review_label(row.review.code))}>
      <h2>
        <a href={to_order(row.order.id)}>{row.order.number ?? row.order.id.slice(0, 8)}</a>{" "}
        {row.order.home} · {_(review_label(row.review.code))}
      </h2>
      <p>{_(CAUSES[row.review.code] ?? "")}</p>
      <div class={sides.length > 1 ? "sides two" : "sides"}>
        {sides.map((entries, n) => (
          <Side key={n} letter={sides.length > 1 ? "AB".charAt(n) : ""} entries={entries}
            story={story} name={name} />
        ))}
      </div>
      <Evidence story={story} entries={sides.flat()} />
      {made === null && !may && (
        <p class="muted">{_("建议：{what}", {
          what: choices.find(({ key }) => key === row.suggested)?.title ?? "",
        })}</p>
      )}
      {made !== null && <Result made={made} story={story} name={name} />}
      {made === null && may && (
        <>
          <ul class="choices">
            {choices.map((one) => (
              <li key={one.key}>
                <Choose choice={one} suggested={one.key === row.suggested} decide={decide} />
              </li>
            ))}
          </ul>
          <label class="field">
            <span>{_("理由（另行处理时必填）")}</span>
            <input ref={asking} value={words.value} maxLength={1000}
              onInput={(e) => { words.value = e.currentTarget.value; }}
              onKeyDown={(e) => {
                if (e.key === "Enter" && words.value.trim() !== "") decide("m");
                if (e.key === "Escape") e.currentTarget.blur();
              }} />
          </label>
          <p class="muted">{_("结果会送到：{whom}", { whom: readers(story, sides.flat(), name) })}</p>
        </>
      )}
    </section>
  );
}

function Choose({ choice, suggested, decide }: {
  readonly choice: Choice; readonly suggested: boolean; readonly decide: (key: Key) => void;
}) {
  return (
    <Button kind={suggested ? "primary" : "plain"} onPress={() => decide(choice.key)}>
      <kbd>{choice.key.toUpperCase()}</kbd> {choice.title}
      {suggested && <small>{_("建议")}</small>}
    </Button>
  );
}

/** The entries of each side; a side that this reader may not see stays empty. */
function sides_of(row: Waiting, story: Story): readonly (readonly StoryEntry[])[] {
  return row.sides.map(({ entries }) => story.entries.filter(({ id }) => entries.includes(id)))
    .filter((side) => side.length > 0);
}

function Side({ letter, entries, story, name }: {
  readonly letter: string; readonly entries: readonly StoryEntry[];
  readonly story: Story; readonly name: Name;
}) {
  return (
    <div class="side">
      {letter !== "" && <kbd aria-hidden="true">{letter}</kbd>}
      {entries.map((one) => (
        <article key={one.id} data-fact={one.id}>
          <h3>{one.name} · {label_of(one)}</h3>
          <p><When moment={one.moment} received_ms={one.received_ms} /></p>
          <Saying entry={one} story={story} name={name} />
          <Whence entry={one} story={story} />
        </article>
      ))}
    </div>
  );
}

/** What is there to go by. */
function Evidence({ story, entries }: {
  readonly story: Story; readonly entries: readonly StoryEntry[];
}) {
  const blobs = story.entries.flatMap((one) => one.blobs);
  const photos = blobs.filter(({ role }) => role === "photo");
  const signed = blobs.filter(({ role }) => role === "signature");
  const unsure = entries.some(({ moment }) => moment?.grade === "D" || moment?.grade === "C");
  return (
    <p class="evidence">
      {_("照片 {here}/{all}", { here: photos.filter(({ held }) => held).length, all: photos.length })}
      {" · "}
      {signed.length === 0 ? _("没有签字")
        : signed.every(({ held }) => held) ? _("签字已到") : _("签字还没有传到")}
      {unsure && ` · ${_("时间只知大概")}`}
    </p>
  );
}

/** Whose tablets will show it, and when they were last heard of. */
function readers(story: Story, entries: readonly StoryEntry[], name: Name): string {
  const now = now_ms.value;
  const known = new Map(story.seen_by.map((one) => [one.actor, one.contact_ms]));
  const whom = new Set([...known.keys(), ...entries.map(({ by }) => by)]);
  return [...whom].filter((one) => known.has(one)).map((one) =>
    _("{name}的平板（{contact}）", {
      name: name(one), contact: contact_words(known.get(one) ?? null, now),
    })).join(_("、")) || _("下次联系的平板");
}

function Result({ made, story, name }: {
  readonly made: Made; readonly story: Story; readonly name: Name;
}) {
  return (
    <div class="result" role="status">
      <p><strong>{made_words(made)}</strong></p>
      {made.words !== "" && <p>{_("理由：{words}", { words: made.words })}</p>}
      <p>{_("结果会送到：{whom}", {
        whom: readers(story, story.entries.filter(({ id }) => made.row.review.facts.includes(id)),
          name),
      })}</p>
    </div>
  );
}
