// Everything about one order on one page, in the order it happened; to be read by a
// dispatcher, an auditor or a lawyer, on the screen and in print.
//
// May not enter: what an entry says (`says.ts`), what may be done (`actions.ts`).

import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { decision_words, review_label } from "#shared/settling.ts";
import { PRIORITIES, STAGES } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { actions_for, is_held, type Action } from "../actions.ts";
import { Problem } from "../api.ts";
import { useKeys } from "../keys.ts";
import { Act } from "../parts/act.tsx";
import { Money } from "../parts/bill.tsx";
import { Entries } from "../parts/entry.tsx";
import { Appointed, People, Promises, StillMissing, Waiting } from "../parts/known.tsx";
import { OwnersPage } from "../parts/owners_page.tsx";
import { Papers } from "../parts/papers.tsx";
import { Pictures } from "../parts/pictures.tsx";
import { Rounds } from "../parts/rounds.tsx";
import { Screen } from "../parts/screen.tsx";
import { day_of, zone_text } from "../parts/when.tsx";
import { to, type ScreenProps } from "../routes.ts";
import { can, session } from "../session.ts";
import { name_of, now_ms } from "../state.ts";
import { called, home_of, names_of, text_of, type Story } from "../story.ts";
import { story_of } from "../telling.ts";
import "./order.css";

const LOOK_MS = 15_000; // how often a page that is open looks for news

export function OrderPage({ place }: ScreenProps) {
  const { id } = place;
  const held = useSignal<Story | null>(null);
  const why = useSignal("");
  const acting = useSignal<Action | null>(null);
  const look = () => look_at(id ?? "", held, why);
  useEffect(() => {
    held.value = null;
    void look();
    const timer = setInterval(() => { if (!document.hidden) void look(); }, LOOK_MS);
    return () => clearInterval(timer);
  }, [id]);
  if (why.value !== "" && held.value === null) {
    return <Screen title={_("工单")}><p role="alert">{why.value}</p></Screen>;
  }
  if (held.value === null) {
    return <Screen title={_("工单")}><p class="muted">{_("正在读取")}</p></Screen>;
  }
  const story = held.value;
  return (
    <Screen title={called(story.order)} tools={<Tools story={story} acting={acting} />}>
      <Page story={story} onChange={() => { void look(); }} />
      {acting.value !== null && (
        <Act action={acting.value} story={story}
          onDone={() => { acting.value = null; void look(); }}
          onClose={() => { acting.value = null; }} />
      )}
    </Screen>
  );
}

/** Read the story; what stands on the screen stays as long as nobody answers. */
async function look_at(
  id: string, held: Signal<Story | null>, why: Signal<string>,
): Promise<void> {
  try {
    held.value = await story_of(id);
    why.value = "";
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    why.value = problem.message;
  }
}

function Tools({ story, acting }: {
  readonly story: Story; readonly acting: Signal<Action | null>;
}) {
  const project = story.order.request?.site ?? "";
  const offered = actions_for(story.order).filter((one) => can(one.may, project));
  useKeys(() => offered.filter(({ key }) => key !== undefined).map((one) => ({
    key: one.key ?? "", words: _(one.words), run: () => { acting.value = one; },
  })), [story, offered.length]);
  return (
    <div class="tools no-print">
      {offered.map((one) => (
        <Button key={one.words} onPress={() => { acting.value = one; }}>
          {_(one.words)}{one.key !== undefined && <> <kbd>{one.key.toUpperCase()}</kbd></>}
        </Button>
      ))}
      {can("audit.read", project) && (
        <a class="button" href={to("traces", story.id)}>{_("查阅记录")}</a>
      )}
      <Button onPress={() => { print(); }}>{_("打印")}</Button>
    </div>
  );
}

/** The page itself; the same on the screen and on paper. */
export function Page({ story, onChange }: {
  readonly story: Story; readonly onChange: () => void;
}) {
  const name = names_of(story, name_of);
  const now = now_ms.value;
  return (
    <article class="order-page">
      <PrintHead story={story} now_ms={now} />
      <Head story={story} />
      <div class="known">
        <Waiting story={story} />
        <Promises story={story} />
        <People story={story} name={name} />
        <Appointed story={story} />
        <StillMissing story={story} />
        <Settled story={story} />
        <OwnersPage story={story} onDone={onChange} />
      </div>
      <div class="told">
        <section id="entries">
          <h2>{_("经过（{n} 条）", { n: story.entries.length })}</h2>
          <Entries story={story} name={name} />
        </section>
        <section id="pictures"><h2>{_("照片")}</h2><Pictures story={story} name={name} /></section>
        <section id="rounds">
          <h2>{_("验收单据")}</h2>
          <Papers story={story} />
          <Rounds story={story} name={name} />
        </section>
        <section id="money"><h2>{_("费用")}</h2><Money story={story} /></section>
      </div>
    </article>
  );
}

/** Who printed this and when: paper gets older than a screen. */
function PrintHead({ story, now_ms: now }: { readonly story: Story; readonly now_ms: number }) {
  const time = new Date(now).toTimeString().slice(0, 5);
  return (
    <p class="print-only">
      {_("工单 {number} 全部记录 · {day} {time}（{zone}）由 {name} 打印 · 文中时间都按 {zone}", {
        number: called(story.order), day: day_of(now), time, zone: zone_text(now),
        name: session.value?.name ?? "",
      })}
    </p>
  );
}

function Head({ story }: { readonly story: Story }) {
  const { order } = story;
  const { request } = order;
  const person = ["owner", "phone"].map((one) => story.private[one]);
  const priority = request?.priority ?? "normal";
  return (
    <header class="order-head">
      <p class="address">{home_of(story) || "—"}</p>
      <p>
        <strong class="stage">{stage_words(story)}</strong>{" "}
        {priority !== "normal" && (
          <strong class="urgent">▲ {_(PRIORITIES[priority] ?? priority)}</strong>
        )}{" "}
        {[request?.trade === undefined ? "" : _(request.trade), ...person]
          .filter(Boolean).join(" · ")}
      </p>
      <p>{story.private["fault"] ?? ""}</p>
      {order.merged_into !== null && (
        <p><a href={to("orders", order.merged_into.replace("order:", ""))}>
          {_("已并入另一工单")}
        </a></p>
      )}
    </header>
  );
}

/** Where the work stands, and whether the desk stopped it. */
function stage_words({ order }: Pick<Story, "order">): string {
  const words = [_(STAGES[order.stage])];
  if (order.cancelled !== null) words.push(_("已取消"));
  if (order.closed !== null) words.push(_("已结案"));
  if (is_held(order)) words.push(_("已挂起"));
  return words.join(" · ");
}

/** What a person of the desk has settled. */
function Settled({ story }: { readonly story: Story }) {
  const { resolved, resolutions } = story.order;
  if (resolved.length === 0) return null;
  return (
    <section class="panel">
      <h2>{_("已核对 {n}", { n: resolved.length })}</h2>
      <ul>
        {resolved.map((one) => {
          const end = resolutions.find(({ review }) => review === one.id);
          return <SettledRow key={one.id} code={one.code} reason={end?.reason ?? ""}
            words={end === undefined ? "" : text_of(story, end.private, "words")} />;
        })}
      </ul>
    </section>
  );
}

function SettledRow({ code, reason, words }: {
  readonly code: string; readonly reason: string; readonly words: string;
}) {
  return (
    <li>
      ✓ {_(review_label(code))}
      <small>{[_(decision_words(reason)), words].filter(Boolean).join("；")}</small>
    </li>
  );
}
