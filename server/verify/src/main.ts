// Checks a paper or an evidence pack: holds, or the first thing that does not, and what no
// check can show. Works from a disk, without any network.
//
// May not enter: how anything is checked (`sync/pack.ts`, `sealed.ts`, `proof.ts`).

import { check_pack, is_pack } from "../../../sync/pack.ts";
import {
  FINDINGS, first_of, type Finding, type Report,
} from "../../../sync/proof.ts";
import { examined, paper_holds, SEALS, type Seal } from "../../../sync/sealed.ts";
import { provide } from "./crypto.ts";
import { _, language, LANGUAGES, N_, NAMES, speak } from "./words.ts";

/** What was found in one file. */
interface Found {
  readonly file: string;
  readonly holds: boolean;
  readonly seal: Seal | null; // null: a pack
  readonly findings: readonly Finding[];
  readonly report: Report | null;
  readonly known: string | null;
}

const CANNOT = [
  N_("密钥是不是这家公司的：请把下面的指纹与公司公布的、平板上显示的或验收单上印的逐字核对。文件里带的密钥，任何人都能自己造一把。"),
  N_("签字的人是谁：没有核对证件，笔迹本身不能证明身份。"),
  N_("照片拍的是不是这一户、什么时候拍的：只能证明内容自收下以来没有变。"),
  N_("确切的时间：只能证明到所列的范围。"),
  N_("记下的内容是不是事实，以及没有记下来的事。"),
  N_("这份文件之后又发生了什么：它只到发出的那一刻为止。"),
];
const KEY = /^[\w-]{43}$/;

provide();
const app = document.querySelector("#app") ?? document.body;
let file: File | null = null;
let key = "";
let found: Found | null = null;
let turn = 0;

/** Look at the chosen file; the newest choice counts. */
async function look(): Promise<void> {
  const mine = ++turn;
  found = null;
  show();
  if (file === null) return;
  const data = new Uint8Array(await file.arrayBuffer());
  const result = await looked(file.name, data, KEY.test(key) ? key : null);
  if (mine !== turn) return;
  found = result;
  show();
}

async function looked(
  name: string, data: Uint8Array<ArrayBuffer>, known: string | null,
): Promise<Found> {
  if (is_pack(data)) {
    const { findings, proof } = await check_pack(data, known);
    const report = proof.proof ? proof : null;
    const holds = !findings.length;
    return { file: name, holds, seal: null, findings, report, known };
  }
  const paper = await examined(data, known);
  const { report, seal } = paper;
  const findings = report?.findings ?? [];
  return { file: name, holds: paper_holds(paper), seal, findings, report, known };
}

type Child = Node | string;

function made(
  tag: string, said: Readonly<Record<string, string>> = {}, ...children: Child[]
): HTMLElement {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(said)) one.setAttribute(name, value);
  one.append(...children);
  return one;
}

/** Draw everything anew; the chosen file stays where it is. */
function show(): void {
  speak(language());
  document.title = _("上门 · 核对");
  const focused = document.activeElement?.id;
  app.replaceChildren(
    made("nav", {}, ...LANGUAGES.map(tongue)),
    made("h1", {}, _("核对验收单或证据包")),
    made("p", {}, _("文件留在本机，不发给任何人；断开网络也能核对。")),
    made("label", { for: "file" }, _("选择验收单 PDF 或证据包 ZIP")), chooser,
    made("label", { for: "key" }, _("服务器密钥的指纹，从别处抄来（可不填）")), typed,
    outcome(), ...(found ? details(found) : []),
    made("h2", {}, _("核对不出来的")),
    made("ul", {}, ...CANNOT.map((one) => made("li", {}, _(one)))),
  );
  if (focused) document.getElementById(focused)?.focus();
}

function tongue(one: (typeof LANGUAGES)[number]): HTMLElement {
  const pressed = String(one === language());
  const button = made("button",
    { type: "button", lang: one, id: one, "aria-pressed": pressed }, NAMES[one]);
  button.addEventListener("click", () => { speak(one); show(); });
  return button;
}

function outcome(): HTMLElement {
  const box = made("div", { role: "status", id: "outcome" });
  if (found === null) {
    if (file !== null) box.append(_("正在核对…"));
    return box;
  }
  const { holds, findings, seal } = found;
  const first = first_of(findings);
  box.dataset["holds"] = String(holds);
  box.dataset["first"] = first === null ? "" : String(first);
  box.dataset["seal"] = seal ?? "";
  box.append(made("strong", {}, holds ? _("✓ 成立") : _("✗ 不成立")),
    made("p", {}, found.file), made("p", {}, summary(found)));
  if (!holds && first !== null) {
    box.append(made("p", {}, _("第一处不符在总账第 {position} 号。", { position: first })));
  }
  if (seal !== null) box.append(made("p", {}, _(SEALS[seal])));
  return box;
}

function summary({ holds, seal, report }: Found): string {
  if (holds) {
    return seal === null
      ? _("证据包自服务器发出以来一个字节也没有变，记录都在签过名的账本里。")
      : _("这份验收单自服务器发出以来一个字节也没有变，记录都在签过名的账本里。");
  }
  if (report === null) return _("这不是完整的验收单或证据包，或已经损坏。");
  return _("文件被改动、添加、拿走或调换过；不要相信它，请另要一份。");
}

function* details(one: Found): Iterable<HTMLElement> {
  if (one.findings.length) {
    yield made("h2", {}, _("不符之处"));
    yield made("ol", { id: "findings" }, ...one.findings.map(line));
  }
  const { report } = one;
  if (report?.proof == null) return;
  const { proof } = report;
  yield made("h2", {}, _("文件里写的"));
  yield made("p", {}, _("工单 {number}：{facts} 条记录；总账共 {size} 条。", {
    number: proof.number ?? proof.stream, facts: proof.facts.length, size: proof.head.size,
  }));
  if (report.missing.length) {
    yield made("p", {}, _("有 {n} 份原件当时还没有传到服务器。",
      { n: report.missing.length }));
  }
  if (report.unseen.length) {
    yield made("p", {}, _("有 {n} 份原件不在文件里，没有核对。",
      { n: report.unseen.length }));
  }
  yield made("h2", {}, _("签名的密钥"));
  yield made("p", {}, made("code", { id: "fingerprint" }, report.key));
  yield made("p", {}, one.known === null
    ? _("这把密钥是文件自己带来的，还没有与别处核对过。请逐字比对。")
    : _("已用您填写的指纹核对。"));
}

function line({ code, position, facts }: Finding): HTMLElement {
  const place = position === null ? "" : String(position);
  return made("li", { "data-code": code, "data-position": place },
    _(FINDINGS[code] ?? code, { ...facts, position }));
}

const chooser = made("input", {
  type: "file", id: "file", accept: ".pdf,.zip,application/pdf,application/zip",
}) as HTMLInputElement;
chooser.addEventListener("change", () => {
  file = chooser.files?.[0] ?? null;
  void look();
});
const typed = made("input", {
  type: "text", id: "key", autocomplete: "off", spellcheck: "false", maxlength: "43",
}) as HTMLInputElement;
typed.addEventListener("change", () => {
  key = typed.value.trim();
  void look();
});

show();
