// What is planned and what is known, beside an order's story: promises, people and whether
// they have seen it, what is still missing, what waits for the desk.
//
// What the desk planned and what the field told never stand in one line. May not enter:
// requests.

import type { ComponentChildren } from "preact";

import { review_label } from "#shared/settling.ts";
import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import {
  entry_of, label_of, type Deadline, type Name, type SeenBy, type Story,
} from "../story.ts";
import { DeadlineChip } from "./deadline.tsx";
import { Contact } from "./person.tsx";
import { stretch, When } from "./when.tsx";

interface KnownProps {
  readonly story: Story;
  readonly name: Name;
}

function Block({ title, tone, children }: {
  readonly title: string; readonly tone?: "warn" | "bad"; readonly children: ComponentChildren;
}) {
  return (
    <section class={tone === undefined ? "panel" : `panel ${tone}`}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** What waits for a person; each leads to where it is decided. */
export function Waiting({ story }: Pick<KnownProps, "story">) {
  const { reviews } = story;
  if (reviews.length === 0) return null;
  return (
    <Block title={_("待核对 {n}", { n: reviews.length })} tone="warn">
      <ul>
        {reviews.map(({ id, code, facts }) => (
          <li key={id}>
            <a href={`#/reviews?order=${story.id}&review=${id}`}>
              ◆ {_(review_label(code))}
            </a>
            <small class="muted"> {facts.map((one) => about(story, one)).join(" / ")}</small>
          </li>
        ))}
      </ul>
    </Block>
  );
}

function about(story: Story, fact: string): string {
  const entry = entry_of(story, fact);
  return entry === undefined ? "" : `${entry.name} ${label_of(entry)}`;
}

/** What the order lacks before it is complete. */
export function StillMissing({ story: { missing } }: Pick<KnownProps, "story">) {
  return (
    <Block title={_("还缺什么")}>
      {missing.length === 0 ? <p>✓ {_("没有缺的")}</p> : (
        <ul>{missing.map(({ code, words }) => <li key={code}>○ {words}</li>)}</ul>
      )}
    </Block>
  );
}

/** Promises about time, each with what it rests on. */
export function Promises({ story: { deadlines } }: Pick<KnownProps, "story">) {
  if (deadlines.length === 0) return null;
  return (
    <Block title={_("时限")}>
      <ul class="promises">
        {deadlines.map((one) => (
          <li key={one.code} class={one.answer} data-promise={one.code}>
            <DeadlineChip of={one} />
            <small class="muted num">
              {[basis_text(one), due_text(one), one.rule].filter(Boolean).join(" · ")}
            </small>
          </li>
        ))}
      </ul>
    </Block>
  );
}

/** What the verdict rests on (V2). */
function basis_text({ answer, basis }: Deadline): string {
  if (answer === "undetermined" || answer === "open") return "";
  return basis === "proven" ? _("可证明") : _("按时间估计");
}

function due_text({ due_first_ms: first, due_last_ms: last }: Deadline): string {
  if (first === null && last === null) return "";
  if (first === last || last === null) return _("限 {at} 前", { at: at(first ?? last ?? 0) });
  return _("限 {at} 前", { at: stretch(first, last + 1) });
}

/** Whose order it is, and whether each of them has opened it (P6). */
export function People({ story, name }: KnownProps) {
  const { order, seen_by } = story;
  const given = order.assignments.at(-1);
  return (
    <Block title={_("派给谁，看到没有")}>
      {given === undefined && order.found === null && <p>○ {_("还没有派单")}</p>}
      {given === undefined && order.found?.stands === true &&
        <p>{_("{name} 现场加单，由其继续", { name: name(order.found.by) })}</p>}
      {order.takings.length > 0 && (
        <p>{_("首问责任人：{name}", { name: name(order.takings.at(-1)?.person ?? "") })}</p>
      )}
      <ul class="seen-by">
        {seen_by.map((one) => (
          <li key={one.actor} data-seen={one.seen}>
            <span>
              <strong>{name(one.actor)}</strong>{" "}
              {one.actor === given?.technician ? _("主修") : _("协助")}
            </span>
            <SeenMark seen={one} />
            <span class="no-print"><Contact ms={one.contact_ms} /></span>
            {one.contact_ms !== null && (
              <span class="print-only">{_("最后联系 {at}", { at: at(one.contact_ms) })}</span>
            )}
          </li>
        ))}
      </ul>
    </Block>
  );
}

function SeenMark({ seen }: { readonly seen: SeenBy }) {
  if (!seen.seen) return <span class="flag">○ {_("平板还没有收到最新的安排")}</span>;
  if (!seen.opened) return <span>◐ {_("平板已收到，还没有打开")}</span>;
  return (
    <span>
      ✓ {_("已看到")}{" "}
      {seen.moment !== null && <When moment={seen.moment} received_ms={0} />}
    </span>
  );
}

/** When somebody will come, as agreed; all earlier agreements are in the story. */
export function Appointed({ story: { order } }: Pick<KnownProps, "story">) {
  const last = order.appointments.at(-1);
  if (last === undefined) return null;
  return (
    <Block title={_("约定上门时间")}>
      <p class="num">{at(last.start_ms)}–{at(last.end_ms).slice(-5)}</p>
    </Block>
  );
}
