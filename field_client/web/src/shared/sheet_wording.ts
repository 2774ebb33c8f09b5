// A sheet in the words of somebody who has never seen one: what was done, what it costs,
// who came and when. What is read aloud and what stands on the screen is the same text.
//
// May not enter: the order, anything that is not on the sheet.

import type { Part, Payer } from "../../../../sync/exported/records.ts";
import { yuan_text } from "./money.ts";
import { at } from "./wording.ts";
import { _, N_ } from "./words.ts";
import type { Sheet } from "./sheet.ts";

/** A part of the sheet: a heading and what stands under it. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone?: "sum"; // the line that one looks for
}

type Texts = ReadonlyMap<string, string>;
type Private = ReadonlyMap<string, string>;

export const BEARS: Readonly<Record<Payer, string>> = {
  A: N_("保修范围内，施工单位承担，您不用付钱"),
  B: N_("公司承担，您不用付钱"),
  paid: N_("有偿维修，由您付费"),
};

export const RELATIONS: readonly (readonly [value: string, words: string])[] = [
  ["owner", N_("业主本人")], ["family", N_("家人")],
  ["tenant", N_("租户")], ["authorised", N_("受托人")],
];

/** What was done, before the pictures. */
export function done(sheet: Sheet, texts: Texts): readonly Section[] {
  return filled([where(sheet, texts), ...work(sheet, texts)]);
}

/** Everything else on the sheet but the consent, after the pictures. */
export function terms(sheet: Sheet, texts: Texts): readonly Section[] {
  return filled([
    sum(sheet), money(sheet, texts), survey(sheet), agreed(sheet), taken(sheet, texts),
    visits(sheet),
  ]);
}

function filled(some: readonly (Section | null)[]): readonly Section[] {
  return some.filter((one): one is Section => one !== null && one.lines.length > 0);
}

/** What an item is called. */
export function item_name(sheet: Sheet, item: number, texts: Texts): string {
  const found = sheet.items.find((one) => one.item === item);
  const fault = sheet.request === null ? "" : told(sheet.request.private, "fault", texts);
  if (found === undefined) return fault || _("这次维修");
  const words = [told(found.private, "where", texts), told(found.private, "what", texts)];
  return words.filter(Boolean).join(" ") || fault || _("第 {n} 项", { n: item });
}

/** A date and a time of day where the tablet is. */
export function moment(ms: number | null): string {
  return ms === null ? _("时间不详") : at(ms);
}

function where(sheet: Sheet, texts: Texts): Section | null {
  if (sheet.request === null) return null;
  const { site, private: held } = sheet.request;
  const home = ["building", "unit", "room"].map((name) => told(held, name, texts));
  const fault = told(held, "fault", texts);
  return {
    title: _("哪一户，报修什么"),
    lines: [[site, ...home].filter(Boolean).join(" "), fault].filter(Boolean),
  };
}

function survey({ survey: found }: Sheet): Section | null {
  if (found === null) return null;
  const lines = [_("原因：{cause}", { cause: _(found.cause) }),
    _("办法：{method}", { method: _(found.method) })];
  if (found.promised_ms !== null) {
    lines.push(_("答应修好的时间：{at}", { at: moment(found.promised_ms) }));
  }
  return { title: _("查到的原因和办法"), lines };
}

function work(sheet: Sheet, texts: Texts): readonly Section[] {
  const items = sheet.items.length ? sheet.items : [];
  const done = items.map((item): Section => ({
    title: _("修了什么：{what}", { what: item_name(sheet, item.item, texts) }),
    lines: [...records(sheet, item.item, texts), _(BEARS[item.payer])],
  }));
  const known = new Set(items.map(({ item }) => item));
  const rest = sheet.records.filter(({ item }) => !known.has(item));
  if (rest.length === 0) return done;
  const lines = [...new Set(rest.map(({ item }) => item))]
    .flatMap((item) => records(sheet, item, texts));
  return [...done, { title: _("修了什么"), lines }];
}

function records(sheet: Sheet, item: number, texts: Texts): readonly string[] {
  return sheet.records.filter((one) => one.item === item).flatMap((one) => [
    [_(one.cause), _(one.remedy)].filter(Boolean).join("，"),
    told(one.private, "words", texts),
    one.labour_minutes > 0 ? _("用时 {minutes} 分钟", { minutes: one.labour_minutes }) : "",
  ]).filter(Boolean);
}

function money(sheet: Sheet, texts: Texts): Section | null {
  const lines = sheet.parts.map((one) => part(sheet, one, texts));
  const { labour_fen } = sheet.bill;
  if (labour_fen > 0) lines.push(_("人工 {sum}", { sum: yuan_text(labour_fen) }));
  return { title: _("换了什么，多少钱"), lines };
}

function part(sheet: Sheet, { line, private: held }: Part, texts: Texts): string {
  const [name = line.code, unit = ""] = sheet.goods.get(line.code) ?? [];
  return _("{name} {each} × {n}{unit} = {sum}（{bears}）", {
    name: told(held, "name", texts) || name, each: yuan_text(line.price_fen), n: line.quantity,
    unit, sum: yuan_text(line.quantity * line.price_fen), bears: _(PAYS[line.payer]),
  });
}

const PAYS: Readonly<Record<Payer, string>> = {
  A: N_("施工单位付"), B: N_("公司付"), paid: N_("您付"),
};

function sum({ bill }: Sheet): Section {
  const all = bill.material_fen + bill.labour_fen;
  const lines = [_("您应付 {sum}", { sum: yuan_text(bill.owner_fen) })];
  if (all > 0) {
    lines.push(_("材料 {material}，人工 {labour}，合计 {all}；其中 {rest} 由施工单位或公司承担", {
      material: yuan_text(bill.material_fen), labour: yuan_text(bill.labour_fen), all: yuan_text(all),
      rest: yuan_text(all - bill.owner_fen),
    }));
  }
  return { title: _("费用"), lines, tone: "sum" };
}

function agreed({ agreements }: Sheet): Section {
  const names = new Map(RELATIONS);
  return {
    title: _("事先同意过的"),
    lines: agreements.map((one) => [
      _(names.get(one.relation) ?? one.relation),
      one.total_fen > 0 ? _("同意总价 {sum}", { sum: yuan_text(one.total_fen) }) : _("同意方案"),
      one.reason ? _(one.reason) : "",
    ].filter(Boolean).join("，")),
  };
}

function taken({ taken_away }: Sheet, texts: Texts): Section {
  return {
    title: _("带走修的东西"),
    lines: taken_away.map((one) => _("{what}，{back}（交接单 {receipt}）", {
      what: told(one.private, "what", texts), receipt: one.receipt,
      back: one.returned === null ? _("还没有还您") : _("已经还您"),
    })),
  };
}

function visits({ visits: came }: Sheet): Section {
  const lines = came.map(({ by, claimed_ms }) =>
    _("维修人员 {by}，到场 {at}", { by, at: moment(claimed_ms) }));
  if (lines.length) lines.push(_("这里的时间按平板上的钟"));
  return { title: _("谁来的，什么时候"), lines };
}

function told(held: Private, name: string, texts: Texts): string {
  const promised = held.get(name);
  if (promised === undefined) return "";
  return texts.get(promised) || _("［已删除 {mark}］", { mark: promised.slice(0, 8) });
}
