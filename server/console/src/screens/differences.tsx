// Differences from the central log: the list, both sides of one, and one key to decide.
//
// May not enter: what may be decided, which the server says.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { tell_person } from "#shared/notice.ts";
import { _ } from "#shared/words.ts";
import { post, Problem } from "../api.ts";
import {
  asked, differing, merged, Settling, usual_reason, type Difference, type State,
} from "../differing.ts";
import { keys_on, useKeys, type Key } from "../keys.ts";
import { DifferenceDetail, KEYS, type Picked } from "../parts/difference.tsx";
import { DifferenceList } from "../parts/difference_list.tsx";
import { Screen } from "../parts/screen.tsx";
import { filter, go, to_order, type ScreenProps } from "../routes.ts";
import { can, session } from "../session.ts";
import "./differences.css";

const LOOK_MS = 15_000; // how often a list that is open looks for news

export function Differences({ place }: ScreenProps) {
  const state: State = place.query.get("state") === "decided" ? "decided" : "open";
  const rows = useSignal<readonly Difference[] | null>(null);
  const why = useSignal("");
  const settling = useMemo(() => new Settling(), [state]);
  const look = async (anew: boolean) => {
    await differing(state).then((found) => {
      rows.value = merged(anew ? [] : rows.value ?? [], found, settling);
      why.value = "";
    }).catch((problem: unknown) => {
      if (!(problem instanceof Problem)) throw problem;
      why.value = problem.message;
    });
  };
  useEffect(() => {
    rows.value = null;
    void look(true);
    const timer = setInterval(() => { if (!document.hidden) void look(false); }, LOOK_MS);
    return () => { clearInterval(timer); };
  }, [state]);
  if (rows.value === null) {
    const words = why.value === "" ? <p class="muted">{_("正在读取")}</p>
      : <p role="alert">{why.value}</p>;
    return <Screen title={_("对账")}>{words}</Screen>;
  }
  return <Inbox all={rows.value} query={place.query} settling={settling}
    look={() => { void look(false); }} />;
}

interface InboxProps {
  readonly all: readonly Difference[];
  readonly query: URLSearchParams;
  readonly settling: Settling;
  readonly look: () => void;
}

function Inbox({ all, query, settling, look }: InboxProps) {
  const rows = chosen_by(query, all);
  const looked_at = useSignal(query.get("difference") ?? "");
  const place = Math.max(0, rows.findIndex(({ id }) => id === looked_at.value));
  const row = rows[place];
  const picked = useSignal<Picked | null>(null);
  const words = useSignal("");
  const asking = useRef<HTMLInputElement>(null);
  const look_at = (n: number) => {
    looked_at.value = rows[n]?.id ?? looked_at.value;
    picked.value = null;
  };
  const together = query.get("together") === "1" && row !== undefined
    ? rows.filter((one) => one.code === row.code && one.may_settle && settling.is_open(one.id))
    : row === undefined ? [] : [row];
  const decide = (choice: string, reason?: string) => {
    if (row?.may_settle !== true || row.decision !== null || !settling.is_open(row.id)) return;
    if (!row.choices.some((one) => one.choice === choice)) return;
    const why = reason ?? usual_reason(row, choice);
    if (choice === "waive" && reason === undefined && picked.value === null) {
      picked.value = { choice, reason: why };
      return;
    }
    if (why === "other" && words.value.trim() === "") {
      picked.value = { choice, reason: why };
      asking.current?.focus();
      return;
    }
    void settling.decide(together, choice, why, words.value.trim());
    words.value = "";
    look_at(next_open(rows, place, settling));
  };
  const take_back = async () => {
    const [first] = await settling.take_back();
    if (first !== undefined) looked_at.value = first;
  };
  const undo = async () => {
    if (row !== undefined && (await settling.undo([row.id])).length > 0) look();
  };
  const take = async () => {
    if (row !== undefined && await asked(() => post(`/v1/differences/${row.id}/take`))) look();
  };
  /** What the digit means by now, also for keys pressed before the screen has followed. */
  const digit = (n: number) => {
    const choice = picked.value?.choice ?? Object.keys(KEYS)[n];
    if (choice === undefined) return;
    if (picked.value === null) { decide(choice); return; }
    const reason = row?.choices.find((one) => one.choice === choice)?.reasons[n]?.reason;
    if (reason !== undefined) decide(choice, reason);
  };
  const reasons = row?.choices.find(({ choice }) => choice === picked.value?.choice)?.reasons;
  const digits: readonly Key[] = (picked.value === null
    ? Object.keys(KEYS).map((_choice, n) => _("第 {n} 种办法", { n: n + 1 }))
    : (reasons ?? []).map(({ label }) => label)
  ).map((words, n) => ({ key: String(n + 1), words, run: () => digit(n) }));
  const deciding: readonly Key[] = [
    { key: "a", words: _("以现场为准"), run: () => decide("field") },
    { key: "b", words: _("以台账为准"), run: () => decide("log") },
    { key: "m", words: _("更正现场的记录"), run: () => decide("correct") },
    { key: "w", words: _("不作处理，选理由"), run: () => decide("waive") },
    ...digits,
    { key: "u", words: _("撤销刚才的裁定"), run: () => { void take_back(); } },
    { key: "r", words: _("写说明"), run: () => asking.current?.focus() },
    { key: "t", words: _("我来办"), run: () => { void take(); } },
    { key: "g", words: _("同因的一起裁定"), run: () => { toggle_together(query); } },
    { key: "Escape", words: _("不选了"), run: () => { picked.value = null; } },
  ];
  useKeys(() => [
    { key: "j", words: _("下一条"), run: () => look_at(place + 1) },
    { key: "k", words: _("上一条"), run: () => look_at(place - 1) },
    ...can("difference.settle") ? deciding : [],
    { key: "o", words: _("打开工单"), run: () => { if (row?.order) go(to_order(row.order)); } },
  ], [row?.id, rows.length, place, picked.value, query.toString(), settling.made.value]);
  const left = all.filter(({ id, decision }) => decision === null && settling.is_open(id)).length;
  return (
    <Screen title={_("对账 {n}", { n: left })} wide tools={<Filters all={all} query={query} />}
      hint={keys_on.value && can("difference.settle")
        ? _("J K 上下 · A B M W 裁定 · U 撤销 · G 同因一起") : undefined}>
      <div class="inbox">
        <DifferenceList rows={rows} at={place} settling={settling} onLook={look_at} />
        {row === undefined ? <p class="nothing">✓ {_("没有要裁定的差异")}</p> : (
          <DifferenceDetail key={row.id} row={row} picked={picked} words={words}
            asking={asking} many={together.length} decide={decide} take={() => { void take(); }}
            undo={() => { void undo(); }} made={settling.made.value.get(row.id) ?? null} />
        )}
      </div>
    </Screen>
  );
}

/** Those that the filters in the address leave. */
function chosen_by(query: URLSearchParams, all: readonly Difference[]): readonly Difference[] {
  const is = (name: string, value: string) => [null, "", value].includes(query.get(name));
  const mine = query.get("mine") === "1" ? session.value?.person ?? "" : null;
  return all.filter((row) => is("code", row.code) && is("severity", row.severity)
    && is("project", row.project) && is("number", row.number)
    && (mine === null || row.handler === mine));
}

function toggle_together(query: URLSearchParams): void {
  filter("together", query.get("together") === "1" ? "" : "1");
  tell_person({ words: query.get("together") === "1"
    ? _("一次裁定一条") : _("一次裁定同因的全部") });
}

/** The next row that nobody has decided; this one, if there is none. */
function next_open(rows: readonly Difference[], at: number, settling: Settling): number {
  const open = ({ id, decision }: Difference) => decision === null && settling.is_open(id);
  const later = rows.findIndex((row, n) => n > at && open(row));
  const any = later >= 0 ? later : rows.findIndex(open);
  return any >= 0 ? any : at;
}

/** How many wait for which cause; each filter is part of the address. */
function Filters({ all, query }: {
  readonly all: readonly Difference[]; readonly query: URLSearchParams;
}) {
  return (
    <div class="tools">
      <Narrow name="state" words={_("状态")} query={query}
        of={[["", _("待裁定")], ["decided", _("已裁定")]]} />
      <Narrow name="code" words={_("原因")} query={query}
        of={[["", _("全部 {n}", { n: all.length })], ...counted(all, "code", "label")]} />
      <Narrow name="severity" words={_("轻重")} query={query}
        of={[["", _("全部")], ...counted(all, "severity", "severity_label")]} />
      <Narrow name="mine" words={_("经办")} query={query}
        of={[["", _("全部")], ["1", _("我在办的")]]} />
      <label class="together">
        <input type="checkbox" checked={query.get("together") === "1"}
          onChange={() => toggle_together(query)} />
        <span>{_("同因一起裁定")}</span>
      </label>
    </div>
  );
}

function counted(
  all: readonly Difference[], by: "code" | "severity", called: "label" | "severity_label",
): readonly (readonly [string, string])[] {
  const found = new Map<string, { words: string; n: number }>();
  for (const row of all) {
    const held = found.get(row[by]);
    found.set(row[by], { words: row[called], n: (held?.n ?? 0) + 1 });
  }
  return [...found].map(([value, { words, n }]) => [value, `${words} ${n}`] as const);
}

function Narrow({ name, words, query, of }: {
  readonly name: string; readonly words: string; readonly query: URLSearchParams;
  readonly of: readonly (readonly [string, string])[];
}) {
  return (
    <label>
      <span>{words}</span>{" "}
      <select name={name} value={query.get(name) ?? ""}
        onChange={(e) => filter(name, e.currentTarget.value)}>
        {of.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
    </label>
  );
}
