// One entry of an order's story: what, who, when, from which device, knowing what.
//
// May not enter: requests, decisions.

import { review_label } from "#shared/settling.ts";
import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { lines_of } from "../says.ts";
import {
  entry_of, is_decision, label_of, type Name, type Story, type StoryEntry,
} from "../story.ts";
import { Thumb } from "./pictures.tsx";
import { day_of, probable, When } from "./when.tsx";

interface StoryProps {
  readonly story: Story;
  readonly name: Name;
}

/** Everything that happened, in the order in which it happened, a heading for each day. */
export function Entries({ story, name }: StoryProps) {
  let before = "";
  return (
    <ol class="entries">
      {story.entries.map((entry) => {
        const day = day_of(instant_of(entry));
        const heading = day === before ? null : day;
        before = day;
        return <EntryRow key={entry.id} entry={entry} story={story} name={name} day={heading} />;
      })}
    </ol>
  );
}

/** An instant by which an entry is put under a day. */
export function instant_of(entry: StoryEntry): number {
  const first = entry.moment === null ? null : probable(entry.moment)[0];
  return first ?? entry.received_ms;
}

interface EntryRowProps extends StoryProps {
  readonly entry: StoryEntry;
  readonly day: string | null;
}

function EntryRow({ entry, story, name, day }: EntryRowProps) {
  const undone = is_undone(entry);
  return (
    <li class={is_decision(entry) ? "entry decided" : "entry done"} data-fact={entry.id}
      data-kind={entry.kind}>
      {day !== null && <h3 class="day">{day}</h3>}
      <div class="what">
        <When moment={entry.moment} received_ms={entry.received_ms}
          day={day_of(instant_of(entry))} />
        <strong class={undone ? "undone" : ""}>{label_of(entry)}</strong>
        <span>{entry.name}</span>
        <Whence entry={entry} story={story} />
      </div>
      <Saying entry={entry} story={story} name={name} />
      {undone && <p class="flag">↺ {replaced_text(entry, story, name)}</p>}
      {[...new Set(entry.review)].map((code) => (
        <p key={code} class="flag">◆ {_("待核对：{what}", { what: _(review_label(code)) })}</p>
      ))}
    </li>
  );
}

/** From which device, and what its author did not know then. */
export function Whence({ entry, story }: {
  readonly entry: StoryEntry; readonly story: Story;
}) {
  const unknown = unknown_text(entry, story);
  return (
    <span class="whence">
      <span class="muted">{from_text(entry, story)}</span>{" "}
      <span class="print-only num">{_("记录 {mark}", { mark: entry.id.slice(0, 8) })}</span>
      {unknown !== "" &&
        <span class={entry.review.length > 0 ? "flag" : "muted"}>◇ {unknown}</span>}
    </span>
  );
}

/** What it says, with its pictures; for side by side as well. */
export function Saying({ entry, story, name }: StoryProps & { readonly entry: StoryEntry }) {
  const label = (fact: string) => {
    const other = entry_of(story, fact);
    return other === undefined ? fact.slice(0, 8) : label_of(other);
  };
  const photos = entry.blobs.filter(({ role }) => role === "photo");
  return (
    <>
      <ul class="lines">
        {lines_of(entry, name, label).map((line, at) => <li key={at}>{line}</li>)}
      </ul>
      {photos.length > 0 && (
        <div class="thumbs">
          {photos.map((one) => <Thumb key={one.sha256} blob={one} words={label_of(entry)} />)}
        </div>
      )}
    </>
  );
}

/** Does it count no more? */
function is_undone({ replaced_by }: StoryEntry): boolean {
  return replaced_by !== null && replaced_by !== "";
}

/** Where it was written: at the desk, or on which tablet. */
export function from_text(entry: StoryEntry, story: Pick<Story, "devices">): string {
  if (entry.device === null) return _("在调度台记录");
  return _("在“{name}”上", { name: story.devices[entry.device]?.name || entry.device });
}

/** What its author had not seen of this order when it was written; empty if nothing. */
export function unknown_text(entry: StoryEntry, story: Pick<Story, "entries">): string {
  if (entry.device === null) return "";
  const unknown = story.entries.filter((one) => one.position > entry.knew_position
    && one.position < entry.position && one.device !== entry.device);
  const last = unknown.filter(is_decision).at(-1);
  if (unknown.length === 0) return "";
  if (last === undefined) return _("记录时还不知道另外 {n} 条", { n: unknown.length });
  return _("记录时还不知道：{what}（{at}）", { what: label_of(last), at: at(last.received_ms) });
}

function replaced_text(entry: StoryEntry, story: Story, name: Name): string {
  const other = entry_of(story, entry.replaced_by ?? "");
  if (other === undefined) return _("已更正或撤回");
  return _("已被 {name} 的“{label}”代替", { name: name(other.by), label: label_of(other) });
}
