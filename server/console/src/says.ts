// What one entry of an order's story says, in plain words: one row for each kind of fact.
//
// A kind without a row shows its reason and its free words. May not enter: who, when, from
// which device; how it looks.

import owners from "#sync/exported/owners.json" with { type: "json" };
import differences from "#sync/exported/differences.json" with { type: "json" };
import type { Payer } from "#sync/exported/records.ts";
import { STEPS } from "#shared/door_steps.ts";
import { RELATIONS } from "#shared/sheet_wording.ts";
import { MEANS } from "#shared/paying.ts";
import { yuan_text } from "#shared/money.ts";
import { decision_words, settlement_words } from "#shared/settling.ts";
import { at, MOMENTS, PAYERS, PRIORITIES } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { SORTS } from "./cards.ts";
import { CHANNELS, REASONS } from "./wording.ts";
import type { Name, StoryEntry } from "./story.ts";
import { Told } from "./told.ts";

type Row = (told: Told) => readonly (string | false)[];

/** What the entry says, a line each. */
export function lines_of(
  entry: StoryEntry, name: Name, label: (fact: string) => string,
): readonly string[] {
  const told = new Told(entry, name, label);
  const row = ROWS[entry.kind] ?? usual;
  return row(told).filter((one): one is string => typeof one === "string" && one !== "");
}

type Picked = Readonly<Record<string, string>>; // what an owner picks, in words
const CHIPS: Picked = owners.chips;
const COMPLAINTS: Picked = owners.complaints;
const DISPUTES: Picked = owners.disputes;
const REVOCATIONS: Picked = owners.revocations;
const DIFFERENCES = new Map(differences.map(({ code, label }) => [code, label]));

const usual: Row = (told) => [reason(told), told.held("words")];

/** Why, as it was picked from a list; a code of another program is shown as it is. */
export function reason_words(code: string): string {
  return _(REASONS[code] ?? code);
}

function reason(told: Told): string {
  const code = told.text("reason");
  return code === "" ? "" : _("原因：{reason}", { reason: reason_words(code) });
}

const logged: Row = (told) => [
  [told.text("site"), ...["building", "unit", "room"].map((one) => told.held(one))]
    .filter(Boolean).join(" "),
  [told.held("owner"), told.held("phone")].filter(Boolean).join(" "),
  told.held("fault"),
  told.held("remark") && _("备注：{words}", { words: told.held("remark") }),
  [
    _(SORTS[told.text("sort")] ?? told.text("sort")), told.chosen("trade"),
    _(PRIORITIES[told.text("priority")] ?? told.text("priority")),
    _(CHANNELS[told.text("channel")] ?? told.text("channel")),
  ].filter(Boolean).join(" · "),
  _("报修时间 {at}", { at: at(told.whole("registered_ms") ?? 0) }),
  told.text("number") && _("编号 {number}", { number: told.text("number") }),
  told.held("first_asked") && _("首问责任人：{name}", { name: told.held("first_asked") }),
  told.held("words"),
];

const agreed: Row = (told) => [
  [relation(told), told.held("owner")].filter(Boolean).join(" "),
  (told.whole("total_fen") ?? 0) > 0 && _("同意总价 {sum}", { sum: told.fen("total_fen") }),
  promised(told), reason(told), told.held("words"),
];

const ROWS: Readonly<Record<string, Row>> = {
  "intake.logged": logged,
  "intake.amended": logged,
  "intake.found_on_site": logged,
  "intake.taken": (told) => [
    _("首问责任人：{name}", { name: told.name(told.text("person")) }),
    told.text("repeats") !== "" && _("同一处又报修：上次没有修好"),
    told.held("words"),
  ],
  "intake.merged": (told) => [told.held("words")],
  "dispatch.dispatched": (told) => [
    _("派给 {name}", { name: told.name(told.text("technician")) }),
    told.list("helpers").length > 0
      && _("协助：{names}", { names: told.list("helpers").map(told.name).join(_("、")) }),
    told.held("words"),
  ],
  "dispatch.held": (told) => {
    const until_ms = told.whole("until_ms");
    return [
      reason(told), until_ms !== null && _("预计 {at} 恢复。", { at: at(until_ms) }),
      told.held("words"),
    ];
  },
  "dispatch.approved": (told) => [
    _("批准到 {sum}", { sum: told.fen("up_to_fen") }), told.held("words"),
  ],
  "review.resolved": (told) => [
    _(decision_words(told.text("reason"))), told.held("words"),
  ],
  "reconcile.settled": (told) => [
    _(DIFFERENCES.get(told.text("code")) ?? told.text("code")),
    _(settlement_words(told.text("choice"))), told.held("words"),
  ],
  "reconcile.undone": (told) => [told.held("words")],
  "visit.appointed": (told) => [
    _("{from} 至 {to}", {
      from: at(told.whole("start_ms") ?? 0), to: at(told.whole("end_ms") ?? 0).slice(-5),
    }),
    reason(told), told.held("words"),
  ],
  "visit.arrived": (told) => [place(told)],
  "visit.placed": (told) => [place(told)],
  "visit.door_protocol": (told) => [
    told.list("steps").map((one) => _(STEPS[one] ?? one)).join(_("、")),
    consent(told, "photo_consent", _("业主同意拍照"), _("业主不同意拍照")),
    consent(told, "place_consent", _("业主同意记录位置"), _("业主不同意记录位置")),
    consent(told, "start_consent", _("业主同意开始"), _("业主不同意开始")),
  ],
  "work.made_safe": (told) => [
    told.list("measures").map((one) => _(one)).join(_("、")), told.held("words"),
  ],
  "survey.surveyed": (told) => [
    _("原因：{cause}", { cause: told.chosen("cause") }),
    _("办法：{method}", { method: told.chosen("method") }),
    told.list("present").length > 0
      && _("在场：{who}", { who: told.list("present").map((one) => _(one)).join(_("、")) }),
    estimate(told), promised(told), told.held("words"),
  ],
  "survey.countersigned": (told) => [
    [_(told.text("role")), told.held("name")].filter(Boolean).join(" "),
  ],
  "survey.item_found": (told) => [
    [item(told), told.held("where"), told.held("what")].filter(Boolean).join(" "),
    [told.chosen("trade"), payer(told.text("payer"))].filter(Boolean).join(" · "),
  ],
  "survey.quoted": (told) => [
    ...rows(told.says["lines"]).map((one) => line_text(one)),
    told.text("price_list") && _("价目表 {name}", { name: told.text("price_list") }),
  ],
  "survey.held": (told) => [
    _("估价 {estimate}，超过限额 {limit}", {
      estimate: told.fen("estimate_fen"), limit: told.fen("limit_fen"),
    }),
    told.says["owner_told"] === true ? _("已告知业主") : _("没有告知业主"),
    told.held("words"),
  ],
  "survey.plan_agreed": agreed,
  "survey.plan_changed": agreed,
  "survey.taken_away": (told) => [
    told.held("what"), _("交接单 {receipt}", { receipt: told.text("receipt") }),
  ],
  "survey.returned": (told) => [_("交接单 {receipt}", { receipt: told.text("receipt") })],
  "work.photographed": (told) => [
    [item(told), _(MOMENTS[told.text("moment")] ?? told.text("moment"))].filter(Boolean)
      .join(" "),
    told.text("source") === "gallery" && _("从相册选取：拍摄时间不详"),
  ],
  "work.part_used": (told) => [
    told.held("name"), ...rows([told.says["line"]]).map((one) => line_text(one)),
  ],
  "work.recorded": (told) => [
    [item(told), told.chosen("cause"), told.chosen("remedy")].filter(Boolean).join(" · "),
    (told.whole("labour_minutes") ?? 0) > 0
      && _("用时 {minutes} 分钟", { minutes: told.whole("labour_minutes") }),
    (told.whole("labour_fen") ?? 0) > 0 && _("人工 {sum}", { sum: told.fen("labour_fen") }),
    told.held("words"),
    told.held("owner_remarks") && _("业主：{words}", { words: told.held("owner_remarks") }),
  ],
  "work.retracted": (told) => [
    _("撤回：{label}", { label: told.label(told.text("fact")) }),
    reason(told), told.held("words"),
  ],
  "work.completed": (told) => [
    told.says["tidied"] === false && _("没有清理现场"),
    told.says["asked_for_other_wishes"] === false && _("没有询问其他需要"),
  ],
  "acceptance.inspected": (told) => [
    [round(told), item(told), told.says["passed"] === true ? _("通过") : _("不通过")]
      .join(" "),
    reason(told), told.held("words"),
  ],
  "acceptance.accepted": (told) => [signer(told)],
  "acceptance.rejected": (told) => [
    signer(told),
    told.text("responsible")
      && _("由 {name} 负责返修", { name: told.name(told.text("responsible")) }),
    told.whole("due_ms") !== null && _("限 {at} 前", { at: at(told.whole("due_ms") ?? 0) }),
    told.held("words"),
  ],
  "acceptance.signature_refused": (told) => [
    round(told), reason(told),
    told.held("witness") && _("见证人：{name}", { name: told.held("witness") }),
    told.held("words"),
  ],
  "acceptance.paid": (told) => [
    [_(MEANS[told.text("means")] ?? told.text("means")), told.fen("amount_fen")].join(" "),
    told.text("invoice") && _("发票 {number}", { number: told.text("invoice") }),
    told.held("words"),
  ],
  "acceptance.rated": (told) => [stars(told)],
  "acceptance.revoked": (told) => [
    _("原因：{reason}", { reason: picked(REVOCATIONS, told.text("reason")) }),
    told.held("words"),
  ],
  "owner.asked": () => [_("确认码发往业主登记的手机；没有答复不当作同意")],
  "owner.confirmed": (told) => [_("用短信里的确认码"), told.held("phone")],
  "owner.rated": (told) => [
    [stars(told), ...told.list("chips").map((one) => picked(CHIPS, one))].join(_("、")),
    told.held("words"),
  ],
  "owner.complained": (told) => [
    _("投诉的是：{subject}", { subject: picked(COMPLAINTS, told.text("subject")) }),
    told.held("words"),
  ],
  "owner.disputed": (told) => [
    _("异议：{reason}", { reason: picked(DISPUTES, told.text("reason")) }),
    told.held("words"),
  ],
};

function picked(among: Picked, code: string): string {
  return _(among[code] ?? code);
}

function stars(told: Told): string {
  return _("{n} 星", { n: told.whole("stars") ?? 0 });
}

/** A price line as text. */
export function line_text(line: Readonly<Record<string, unknown>>): string {
  const [price, quantity] = [Number(line["price_fen"] ?? 0), Number(line["quantity"] ?? 0)];
  return _("{code} {each} × {n} = {sum}，{payer}", {
    code: line["code"], each: yuan_text(price), n: quantity,
    sum: yuan_text(price * quantity), payer: payer(String(line["payer"] ?? "")),
  });
}

function rows(said: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(said)
    ? said.filter((one) => typeof one === "object" && one !== null) : [];
}

function payer(code: string): string {
  return code in PAYERS ? _(PAYERS[code as Payer]) : code;
}

function item(told: Told): string {
  const n = told.whole("item");
  return n === null ? "" : _("第 {n} 项", { n });
}

function round(told: Told): string {
  return _("第 {n} 轮", { n: told.whole("round") ?? 1 });
}

function relation(told: Told): string {
  const said = told.text("relation");
  return said === "" ? "" : _(new Map(RELATIONS).get(said) ?? said);
}

function signer(told: Told): string {
  return [round(told), relation(told), told.held("signer")].filter(Boolean).join(" ");
}

function promised(told: Told): string {
  const due = told.whole("promised_ms");
  return due === null ? "" : _("答应修好的时间：{at}", { at: at(due) });
}

function estimate(told: Told): string {
  const minutes = told.whole("estimate_minutes") ?? 0;
  const fen = told.whole("estimate_fen") ?? 0;
  return [
    minutes > 0 ? _("估计 {n} 分钟", { n: minutes }) : "",
    fen > 0 ? _("估价 {sum}", { sum: yuan_text(fen) }) : "",
  ].filter(Boolean).join("，");
}

function consent(told: Told, name: string, yes: string, no: string): string {
  return told.says[name] === true ? yes : no;
}

/** Where somebody stood, as text: latitude, longitude, and how exactly that is known. */
function place(told: Told): string {
  const [latitude = "", longitude = "", metres = ""] = told.held("place").split(",");
  if (latitude === "" || longitude === "") return _("没有记录位置");
  const degrees = [latitude, longitude].map((one) => (Number(one) / 1e7).toFixed(5));
  return _("位置 {place}，误差约 {metres} 米", { place: degrees.join(", "), metres });
}
