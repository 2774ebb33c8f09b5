// What waits for a person: the list, both sides beside each other in plain words, and one key
// to decide.
//
// A decision can be taken back for a few seconds, then it is a fact. May not enter: what may
// be decided (`reviewing.ts`).

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { tell_person } from "#shared/notice.ts";
import { review_label } from "#shared/settling.ts";
import { _ } from "#shared/words.ts";
import { get, post, Problem } from "../api.ts";
import { keys_on, useKeys } from "../keys.ts";
import { Detail } from "../parts/review.tsx";
import { List } from "../parts/review_list.tsx";
import { Screen } from "../parts/screen.tsx";
import { choices_of, Decisions, type Key, type Made, type Waiting } from "../reviewing.ts";
import { filter, go, to_order, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import { name_of } from "../state.ts";
import { names_of, type Story } from "../story.ts";
import { story_of } from "../telling.ts";
import "./reviews.css";

interface ReviewPage {
  readonly reviews: readonly Waiting[];
  readonly next: string | null;
}

const MOST = 500; // on one screen; the rest comes when these are settled
const LOOK_MS = 15_000; // how often a list that is open looks for news

export function Reviews({ place }: ScreenProps) {
  const rows = useSignal<readonly Waiting[] | null>(null);
  const why = useSignal("");
  const decisions = useMemo(() => new Decisions(send), []);
  useEffect(() => {
    const look = async () => {
      await waiting().then((found) => {
        rows.value = merged(rows.value ?? [], found, decisions);
        why.value = "";
      }).catch((problem: unknown) => { why.value = sentence(problem); });
    };
    void look();
    const timer = setInterval(() => { if (!document.hidden) void look(); }, LOOK_MS);
    const leave = () => { decisions.leave(); };
    addEventListener("pagehide", leave);
    return () => { clearInterval(timer); removeEventListener("pagehide", leave); leave(); };
  }, []);
  if (why.value !== "" && rows.value === null) {
    return <Screen title={_("核对")}><p role="alert">{why.value}</p></Screen>;
  }
  if (rows.value === null) {
    return <Screen title={_("核对")}><p class="muted">{_("正在读取")}</p></Screen>;
  }
  return <Inbox all={rows.value} query={place.query} decisions={decisions} />;
}

async function waiting(): Promise<readonly Waiting[]> {
  const found: Waiting[] = [];
  let cursor: string | null = null;
  do {
    const page: ReviewPage = await get("/v1/reviews", { cursor });
    found.push(...page.reviews);
    cursor = page.next;
  } while (cursor !== null && found.length < MOST);
  return found;
}

/** What is shown stays in its place; what others settled goes, what is new comes last. */
function merged(
  shown: readonly Waiting[], found: readonly Waiting[], decisions: Decisions,
): readonly Waiting[] {
  const made = decisions.made.peek();
  const now = new Map(found.map((row) => [row.review.id, row]));
  const known = new Set(shown.map(({ review }) => review.id));
  return [
    ...shown.filter(({ review: { id } }) => now.has(id) || made.has(id))
      .map((row) => now.get(row.review.id) ?? row),
    ...found.filter(({ review }) => !known.has(review.id)),
  ];
}

/** One decision, one fact; also when the page is left. */
async function send({ row, choice, words }: Made, leaving: boolean): Promise<boolean> {
  const said = { review: row.review.id, reason: choice.code, words };
  try {
    await post(`/v1/orders/${row.order.id}/resolve`, said, { leaving });
    return true;
  } catch (problem) {
    tell_person({ words: sentence(problem), grave: true });
    return false;
  }
}

function sentence(problem: unknown): string {
  if (problem instanceof Problem) return problem.message;
  throw problem;
}

interface InboxProps {
  readonly all: readonly Waiting[];
  readonly query: URLSearchParams;
  readonly decisions: Decisions;
}

function Inbox({ all, query, decisions }: InboxProps) {
  const code = query.get("code") ?? "";
  const order = query.get("order") ?? "";
  const rows = all.filter((row) => (code === "" || row.review.code === code)
    && (order === "" || row.order.id === order));
  const looked_at = useSignal(query.get("review") ?? "");
  const at = Math.max(0, rows.findIndex(({ review }) => review.id === looked_at.value));
  const chosen = rows[at];
  const look_at = (n: number) => { looked_at.value = rows[n]?.review.id ?? looked_at.value; };
  const words = useSignal("");
  const asking = useRef<HTMLInputElement>(null);
  const story = useStory(chosen);
  const decide = (key: Key) => {
    if (chosen === undefined || story === null) return;
    const name = names_of(story, name_of);
    const choice = choices_of(chosen, story.entries, name).find((one) => one.key === key);
    if (choice === undefined || !can("review.resolve", chosen.order.project)) return;
    if (key === "m" && words.value.trim() === "") {
      asking.current?.focus();
      return;
    }
    decisions.decide(chosen, choice, words.value.trim());
    words.value = "";
    look_at(next_open(rows, at, decisions));
  };
  const take_back = () => {
    const back = decisions.take_back();
    if (back === null) {
      tell_person({ words: _("已经发出的不能撤销；要更正请到工单页留言") });
      return;
    }
    looked_at.value = back.row.review.id;
  };
  const deciding = [
    { key: "a", words: _("选 A"), run: () => decide("a") },
    { key: "b", words: _("选 B"), run: () => decide("b") },
    { key: "m", words: _("另行处理"), run: () => decide("m") },
    { key: "u", words: _("撤销刚才的决定"), run: take_back },
    { key: "r", words: _("写理由"), run: () => asking.current?.focus() },
  ];
  useKeys(() => [
    { key: "j", words: _("下一条"), run: () => look_at(at + 1) },
    { key: "k", words: _("上一条"), run: () => look_at(at - 1) },
    ...can("review.resolve") ? deciding : [],
    { key: "o", words: _("打开工单"), run: () => { if (chosen) go(to_order(chosen.order.id)); } },
  ], [chosen?.review.id, story, rows.length, at]);
  return (
    <Screen title={_("核对 {n}", { n: open_count(all, decisions) })} wide
      tools={<Filters all={all} code={code} />} hint={keys_on.value && can("review.resolve")
        ? _("J K 上下 · A B M 决定 · U 撤销 · O 打开工单") : undefined}>
      <div class="inbox">
        <List rows={rows} at={at} decisions={decisions} onLook={look_at} />
        {chosen === undefined ? <p class="nothing">✓ {_("没有要核对的")}</p> : (
          <Detail key={chosen.review.id} row={chosen} story={story} words={words}
            asking={asking} decide={decide}
            may={can("review.resolve", chosen.order.project)}
            made={decisions.made.value.get(chosen.review.id) ?? null} />
        )}
      </div>
    </Screen>
  );
}

/** The next row that nobody has decided; this one, if there is none. */
function next_open(rows: readonly Waiting[], at: number, decisions: Decisions): number {
  const made = decisions.made.value;
  const open = (row: Waiting) => !made.has(row.review.id);
  const later = rows.findIndex((row, n) => n > at && open(row));
  const any = later >= 0 ? later : rows.findIndex(open);
  return any >= 0 ? any : at;
}

function open_count(all: readonly Waiting[], decisions: Decisions): number {
  return all.filter(({ review }) => !decisions.made.value.has(review.id)).length;
}

/** The story of the order whose review is looked at; none until it is here, and never that
 * of the one before. */
function useStory(row: Waiting | undefined): Story | null {
  const read = useSignal<{ readonly of: string; readonly story: Story } | null>(null);
  const id = row?.order.id;
  const of = row?.review.id;
  useEffect(() => {
    let over = false;
    if (id !== undefined && of !== undefined) {
      void story_of(id).then((story) => { if (!over) read.value = { of, story }; })
        .catch((problem: unknown) => { tell_person({ words: sentence(problem), grave: true }); });
    }
    return () => { over = true; };
  }, [id, of]);
  return read.value !== null && read.value.of === of ? read.value.story : null;
}

/** How many wait for which cause; one of them narrows the list. */
function Filters({ all, code }: { readonly all: readonly Waiting[]; readonly code: string }) {
  const counts = new Map<string, number>();
  for (const { review } of all) counts.set(review.code, (counts.get(review.code) ?? 0) + 1);
  return (
    <label class="tools">
      <span>{_("原因")}</span>
      <select value={code} onChange={(e) => filter("code", e.currentTarget.value)}>
        <option value="">{_("全部 {n}", { n: all.length })}</option>
        {[...counts].map(([one, n]) => (
          <option key={one} value={one}>{_(review_label(one))} {n}</option>
        ))}
      </select>
    </label>
  );
}
