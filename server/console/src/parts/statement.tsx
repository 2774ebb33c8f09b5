// What one day or month adds up to: figures in words and in tables, what is open, what came
// after it was closed; closing it with a reason each, opening it again, its files.
//
// May not enter: what is counted, which days there are.

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { yuan_text } from "#shared/money.ts";
import { at } from "#shared/wording.ts";
import { _, N_ } from "#shared/words.ts";
import { once, post } from "../api.ts";
import { to_order } from "../routes.ts";
import { can } from "../session.ts";
import { name_of } from "../state.ts";
import { AskReason } from "./ask_reason.tsx";
import { Form, Once, useAsked } from "./asked.tsx";
import { Field } from "./field.tsx";
import { Table, type Column } from "./table.tsx";

interface Figure {
  readonly code: string;
  readonly label: string;
  readonly value: number;
  readonly unit: string; // records, fen
}

interface Section {
  readonly code: string;
  readonly label: string;
  readonly basis: string;
  readonly figures: readonly Figure[];
}

interface Item {
  readonly name: string;
  readonly kind: string;
  readonly label: string;
  readonly id: string;
  readonly number: string;
  readonly about: string;
  readonly reason: string;
}

interface RecordRow {
  readonly id: string;
  readonly number: string;
  readonly about: string;
  readonly value: number;
}

interface Change {
  readonly code: string;
  readonly label: string;
  readonly was: number;
  readonly now: number;
  readonly unit: string;
  readonly came: readonly RecordRow[];
  readonly went: readonly RecordRow[];
}

interface Act {
  readonly id: string;
  readonly what: string; // closed, reopened
  readonly by: string;
  readonly at_ms: number;
  readonly words: string;
  readonly open: number;
}

interface Statement {
  readonly period: string;
  readonly project: string;
  readonly state: string; // running, open, closed, reopened
  readonly digest: string;
  readonly head: { readonly size: number; readonly root: string };
  readonly sections: readonly Section[];
  readonly open: readonly Item[];
  readonly changes: readonly Change[];
  readonly acts: readonly Act[];
  readonly findings: readonly string[];
}

const WHOLES = new Set(["handled", "promised", "verdicts", "amount", "payments", "differences"]);
const USUAL = [N_("等配件"), N_("等业主"), N_("等施工单位"), N_("等费用批准")];
const AGAIN = [N_("漏录了工单"), N_("有迟到的现场记录"), N_("结错了日期")];
const FILES = [["xlsx", "Excel"], ["csv", "CSV"], ["pdf", "PDF"]] as const;
const FINDINGS: Readonly<Record<string, string>> = {
  records_missing: N_("结账时的明细不在了"), records_altered: N_("结账时的明细被改过"),
  figures_altered: N_("结账时的数字被改过"), signature_wrong: N_("结账的签名不对"),
  head_wrong: N_("总账指纹的签名不对"), book_altered: N_("总账已不是结账时的总账"),
  statement_unsound: N_("现在的数字加不起来"), fact_altered: N_("结账记录被改过"),
};

export function StatementOf({ name, project, onChanged }: {
  readonly name: string; readonly project: string; readonly onChanged: () => Promise<void>;
}) {
  const path = `/v1/statements/${name}`;
  const asked = useAsked<Statement>(path, { project });
  const done = async () => { await asked.again(); await onChanged(); };
  return (
    <Once asked={asked}>
      {(one) => <Shown one={one} path={path} onDone={done} />}
    </Once>
  );
}

interface ShownProps {
  readonly one: Statement;
  readonly path: string;
  readonly onDone: () => Promise<void>;
}

function Shown({ one, path, onDone }: ShownProps) {
  const behind = useSignal<Figure | null>(null);
  return (
    <section class="statement" aria-label={one.period}>
      <Top one={one} path={path} onDone={onDone} />
      {one.findings.map((code) => (
        <p role="alert" class="flag" key={code}>! {_(FINDINGS[code] ?? code)}</p>
      ))}
      <p>{in_words(one)}</p>
      {one.changes.length > 0 && <Changes changes={one.changes} />}
      <div class="sums">
        {one.sections.map((section) => (
          <Sums key={section.code} section={section} onOpen={(figure) => { behind.value = figure; }} />
        ))}
      </div>
      <h2>{_("未了事项")}</h2>
      <Table caption={_("未了事项")} rows={one.open} key_of={({ name }) => name}
        empty={_("没有")} columns={item_columns()} />
      {one.acts.length > 0 && (
        <>
          <h2>{_("经过")}</h2>
          <Table caption={_("经过")} rows={one.acts} key_of={({ id }) => id} empty={_("没有")}
            columns={act_columns()} />
        </>
      )}
      <p class="muted small code">{_("报表摘要")} {one.digest}</p>
      {behind.value !== null && (
        <Behind path={path} project={one.project} figure={behind.value}
          onClose={() => { behind.value = null; }} />
      )}
    </section>
  );
}

function Top({ one, path, onDone }: ShownProps) {
  const asking = useSignal<"close" | "reopen" | null>(null);
  const may = can("statement.close", one.project === "" ? "*" : one.project);
  const end = () => { asking.value = null; };
  const reopen = async (words: string) => {
    await post(`${path}/reopen`, { words, ...of(one) }, { once: once() });
    end();
    await onDone();
  };
  return (
    <div class="row">
      <h2>{one.period}</h2>
      {may && (one.state === "open" || one.state === "reopened") && (
        <Button kind="primary" onPress={() => { asking.value = "close"; }}>{_("结账")}</Button>
      )}
      {may && one.state === "closed" && (
        <Button onPress={() => { asking.value = "reopen"; }}>{_("重新打开")}</Button>
      )}
      <span class="tools">
        {FILES.map(([ending, words]) => (
          <a key={ending} class="button" download=""
            href={`${path}/statement.${ending}?${new URLSearchParams(of(one))}`}>
            <span class="unseen">{_("下载")} </span>{words}
          </a>
        ))}
      </span>
      {asking.value === "close" && (
        <Close one={one} path={path} onClose={end} onDone={onDone} />
      )}
      {asking.value === "reopen" && (
        <AskReason title={_("重新打开 {period}", { period: one.period })}
          usual={AGAIN.map((words) => _(words))} verb={_("重新打开")} onDecide={reopen}
          onClose={end} />
      )}
    </div>
  );
}

/** The project as the server is asked about it; of all of them nothing is said. */
function of({ project }: Statement): { readonly project?: string } {
  return project === "" ? {} : { project };
}

function Close({ one, path, onClose, onDone }: ShownProps & { readonly onClose: () => void }) {
  const reasons = useSignal<Readonly<Record<string, string>>>({});
  const say = (name: string, words: string) => {
    reasons.value = { ...reasons.value, [name]: words };
  };
  const fill = (words: string) => {
    reasons.value = Object.fromEntries(one.open.map(({ name }) =>
      [name, (reasons.value[name] ?? "") === "" ? words : reasons.value[name] ?? ""]));
  };
  const send = async () => {
    const body = { digest: one.digest, reasons: reasons.value, ...of(one) };
    await post(`${path}/close`, body, { once: once() });
    await onDone();
  };
  const ready = one.open.every(({ name }) => (reasons.value[name] ?? "").trim() !== "");
  return (
    <Form title={_("{period} 结账", { period: one.period })} words={_("结账")} ready={ready}
      onSend={send} onClose={onClose}>
      <p>{in_words(one)}</p>
      {one.open.length === 0 ? <p>✓ {_("没有未了事项。")}</p> : (
        <>
          <p>{_("还有 {n} 项未了，逐项写明原因才能结账。不要写业主的姓名和电话。", { n: one.open.length })}</p>
          <div class="usual" role="group" aria-label={_("填到还空着的各项")}>
            <span class="muted">{_("填到还空着的各项")}</span>
            {USUAL.map((words) => (
              <Button key={words} onPress={() => fill(_(words))}>{_(words)}</Button>
            ))}
          </div>
          <div class="why">
            {one.open.map((item) => (
              <Field key={item.name} label={`${item.label} ${item.number || item.id.slice(0, 8)}`}
                value={reasons.value[item.name] ?? ""} onType={(words) => say(item.name, words)} />
            ))}
          </div>
        </>
      )}
    </Form>
  );
}

/** The most of it in one sentence. */
function in_words(one: Statement): string {
  const value = (code: string) =>
    one.sections.flatMap(({ figures }) => figures).find((held) => held.code === code)?.value ?? 0;
  return [
    _("登记 {asked} 项，结案 {closed} 项，取消 {cancelled} 项，并入 {merged} 项，期末未结 {left} 项。", {
      asked: value("asked"), closed: value("closed"), cancelled: value("cancelled"),
      merged: value("merged"), left: value("carried_out"),
    }),
    _("到期承诺 {all} 项：守时 {kept}，超时 {missed}，无法判定或尚无结果 {open}。", {
      all: value("promised"), kept: value("kept"), missed: value("missed"),
      open: value("undetermined") + value("unanswered"),
    }),
    _("验收通过 {passed} 项，退回返修 {back} 项，验收金额 {money}。", {
      passed: value("accepted_first") + value("accepted_later"), back: value("rejected"),
      money: yuan_text(value("amount")),
    }),
  ].join("");
}

function Sums({ section, onOpen }: {
  readonly section: Section; readonly onOpen: (figure: Figure) => void;
}) {
  return (
    <section class="panel" aria-label={section.label}>
      <h3>{section.label}</h3>
      <table>
        <tbody>
          {section.figures.map((one) => (
            <tr key={one.code} class={WHOLES.has(one.code) ? "whole" : undefined}>
              <th scope="row">{one.label}</th>
              <td class="number">
                {one.value === 0 ? shown(one) : (
                  <button type="button" class="figure" onClick={() => onOpen(one)}>
                    {shown(one)}<span class="unseen"> {_("看明细")}：{one.label}</span>
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted small">{section.basis}</p>
    </section>
  );
}

function shown({ value, unit }: { readonly value: number; readonly unit: string }): string {
  return unit === "fen" ? yuan_text(value) : String(value);
}

/** The records behind a figure. */
function Behind({ path, project, figure, onClose }: {
  readonly path: string; readonly project: string; readonly figure: Figure;
  readonly onClose: () => void;
}) {
  const asked = useAsked<{ readonly records: readonly RecordRow[]; readonly next: number | null }>(
    `${path}/records`, { figure: figure.code, project });
  return (
    <Dialog title={`${figure.label}：${shown(figure)}`} onClose={onClose}>
      <Once asked={asked}>
        {({ records, next }) => (
          <>
            <Table caption={figure.label} rows={records} empty={_("没有")}
              key_of={({ id, about }) => `${id} ${about}`} columns={record_columns(figure)} />
            {next !== null && <p>{_("这里只列前 {n} 条，全部在 Excel 里。", { n: records.length })}</p>}
          </>
        )}
      </Once>
      <div class="row"><Button kind="quiet" onPress={onClose}>{_("返回")}</Button></div>
    </Dialog>
  );
}

function Changes({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <section class="panel warn" aria-label={_("结账后的变化")}>
      <h3>{_("结账后有 {n} 处变了；上面仍是结账时的数字", { n: changes.length })}</h3>
      <Table caption={_("结账后的变化")} rows={changes} key_of={({ code }) => code} empty={_("没有")}
        columns={change_columns()} />
    </section>
  );
}

const is_difference = (code: string): boolean => code.startsWith("difference");

function number_of({ id, number }: { readonly id: string; readonly number: string }) {
  return number || id.slice(0, 8);
}

const item_columns = (): readonly Column<Item>[] => [
  { name: "kind", words: _("类别"), shown: ({ label }) => label },
  {
    name: "number", words: _("编号"),
    shown: (one) => one.kind === "difference" ? number_of(one)
      : <a href={to_order(one.id)}>{number_of(one)}</a>,
  },
  { name: "reason", words: _("原因"), shown: ({ reason }) => reason || "—" },
];

const record_columns = (figure: Figure): readonly Column<RecordRow>[] => [
  {
    name: "number", words: _("编号"),
    shown: (one) => is_difference(figure.code) ? number_of(one)
      : <a href={to_order(one.id)}>{number_of(one)}</a>,
  },
  { name: "about", words: _("内容"), shown: ({ about }) => about || "—" },
  {
    name: "value", words: _("数值"), number: true,
    shown: ({ value }) => shown({ value, unit: figure.unit }),
  },
];

const change_columns = (): readonly Column<Change>[] => [
  { name: "label", words: _("数字"), shown: ({ label }) => label },
  { name: "was", words: _("结账时"), number: true, shown: ({ was, unit }) => shown({ value: was, unit }) },
  { name: "now", words: _("现在"), number: true, shown: ({ now, unit }) => shown({ value: now, unit }) },
  {
    name: "by", words: _("因为"),
    shown: ({ came, went }) => [...new Set([...came, ...went].map(number_of))].join(_("、")),
  },
];

const act_columns = (): readonly Column<Act>[] => [
  { name: "at", words: _("时间"), shown: ({ at_ms }) => <span class="num">{at(at_ms)}</span> },
  {
    name: "what", words: _("做了什么"),
    shown: ({ what, open }) => what === "reopened" ? _("重新打开")
      : open > 0 ? _("结账，{n} 项未了已写明原因", { n: open }) : _("结账"),
  },
  { name: "by", words: _("谁"), shown: ({ by }) => name_of(by) },
  { name: "words", words: _("原因"), shown: ({ words }) => words || "—" },
];
