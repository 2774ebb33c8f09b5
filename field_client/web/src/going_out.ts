// Is this tablet fit to go out with? One finding for each question (U02).
//
// The twin of `checkup.py`, for people: what is wrong, and what to do about it. Green is only
// what was proven. May not enter: how it looks, mending anything.

import { is_open } from "../../../sync/order.ts";
import { CLIENT } from "./exchange/contact.ts";
import { at, minutes_text, size_text } from "./shared/wording.ts";
import { _, LANGUAGES, language, N_, NAMES } from "./shared/words.ts";
import { standing } from "./steps.ts";
import { KEPT_FREE_BYTES } from "./store/room.ts";
import type { Client } from "./tablet/client.ts";

const OFF_MS = 2 * 60_000;
const OLD_MS = 12 * 3_600_000;
const ROOMY = 10; // times what is kept free for facts

export type Verdict = "ok" | "warn" | "broken";

/** What one question found. */
export interface Finding {
  readonly name: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly words: string;
  readonly todo: string; // empty if there is nothing to do
}

type Question = (client: Client) => Promise<Finding>;

/** What every question found, the gravest first. */
export async function going_out(client: Client): Promise<readonly Finding[]> {
  return Promise.all(QUESTIONS.map((ask) => ask(client)));
}

/** May one go? Only if everything was proven. */
export function is_fit(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every((one) => one.verdict === "ok");
}

function found(
  name: string, title: string, good: boolean, words: string, todo: string,
): Finding {
  const verdict = good ? "ok" : "warn";
  return { name, title: _(title), verdict, words, todo: good ? "" : todo };
}

/** Does every order lie here whole, with its documents and small copies of its pictures? */
async function orders(client: Client): Promise<Finding> {
  const { projection, outbox } = client.store;
  const { actor } = await client.who();
  const all = [...(await client.sights()).values()];
  const open = all.filter((sight) => sight === null || (is_open(sight.order) &&
    sight.gone === null && standing(sight.order, actor).next !== null));
  let [ready, lacking] = [0, 0];
  for (const sight of open) {
    const names = sight === null ? [] : [...sight.order.reported, ...sight.order.photos]
      .filter(({ blob }) => sight.held.has(blob.sha256)); // the others nobody can fetch yet
    let missing = sight === null ? 1 : 0;
    for (const { blob } of names) {
      const here = (await projection.thumb(blob.sha256)) ?? await outbox.bytes_named(blob.sha256);
      if (here === null) missing += 1;
    }
    lacking += missing;
    if (missing === 0) ready += 1;
  }
  const fetched = (await projection.cursor()) !== null;
  const words = _("{n}/{all} 单已备好", { n: ready, all: open.length });
  const todo = fetched
    ? _("还缺 {n} 份资料或照片：在有网的地方点“立即交换”。", { n: lacking })
    : _("还没有取过工单：在有网的地方点“立即交换”。");
  return found("orders", N_("工单"), fetched && ready === open.length, words, todo);
}

/** Were today's orders fetched lately? */
async function contact(client: Client): Promise<Finding> {
  const held = await client.store.projection.contact();
  if (held === null) {
    return found("contact", N_("最近联系"), false, _("从未"),
      _("还没有和服务器联系过：在有网的地方点“立即交换”。"));
  }
  const age = client.clocks.wall_ms() - held.anchor.wall_ms;
  return found("contact", N_("最近联系"), age <= OLD_MS, at(held.anchor.wall_ms),
    _("已有 {time} 没有联系：可能有新派单或改派。", {
      time: minutes_text(Math.floor(age / 60_000)) }));
}

async function clock(client: Client): Promise<Finding> {
  const held = await client.store.projection.contact();
  if (held === null) {
    return found("clock", N_("校时"), false, _("还没有与服务器对过时"),
      _("联一次网就会对时。"));
  }
  const offset = offset_ms(client, held.anchor);
  const seconds = Math.round(Math.abs(offset) / 1000);
  const words = offset < 0 ? _("比服务器慢 {seconds} 秒", { seconds })
    : _("比服务器快 {seconds} 秒", { seconds });
  return found("clock", N_("校时"), Math.abs(offset) <= OFF_MS, words,
    _("平板时间不准：请在系统设置里打开“自动设置时间”。记录照样有效。"));
}

interface Known {
  readonly server_ms: number;
  readonly wall_ms: number;
  readonly boot_ms: number | null;
  readonly boot: string | null;
}

/** How far ahead of the server's clock ours is: as at the last contact, and what somebody set
 * it forward or back since, as far as this run of the page can tell. */
function offset_ms(client: Client, anchor: Known): number {
  const then = anchor.wall_ms - anchor.server_ms;
  const now = client.clocks.look();
  if (anchor.boot !== now.boot || anchor.boot_ms === null) return then;
  return then + (now.wall_ms - anchor.wall_ms) - (now.boot_ms - anchor.boot_ms);
}

async function space(client: Client): Promise<Finding> {
  const free = await client.store.room.free_bytes();
  return found("space", N_("空间"), free > ROOMY * KEPT_FREE_BYTES, size_text(free),
    _("剩余空间不多：删掉不用的应用或照片；记录优先保住。"));
}

async function storage(_client: Client): Promise<Finding> {
  const kept = await navigator.storage.persisted();
  return found("storage", N_("持久存储"), kept, kept ? _("已开启") : _("未开启"),
    _("浏览器可能在空间不足时清理数据：把“上门”安装到主屏幕，再点下面的“开启”。"));
}

async function camera(_client: Client): Promise<Finding> {
  const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
  const there = devices.some((one) => one.kind === "videoinput");
  const allowed = await camera_allowed();
  return found("camera", N_("相机"), there && allowed !== "denied",
    there ? allowed === "denied" ? _("被禁止") : _("可用") : _("没有找到相机"),
    there ? _("请在浏览器设置里允许本页使用相机。") : _("没有相机也能维修；照片可从相册选。"));
}

async function camera_allowed(): Promise<PermissionState> {
  try {
    return (await navigator.permissions.query({ name: "camera" as PermissionName })).state;
  } catch (why) {
    if (why instanceof TypeError) return "prompt"; // a browser that knows no such name
    throw why;
  }
}

async function version(_client: Client): Promise<Finding> {
  const { update_waiting } = await import("./updates.ts");
  return found("version", N_("版本"), !update_waiting.value, CLIENT.replace("tablet/", ""),
    _("新版本已备好：回到“今日”点“更新”，约 10 秒。"));
}

async function unsent(client: Client): Promise<Finding> {
  const [facts, originals] = await Promise.all([
    client.store.outbox.waiting(), client.store.outbox.originals(),
  ]);
  const waiting = originals.filter((one) => one.waiting);
  const bytes = waiting.reduce((sum, one) => sum + one.size, 0);
  return found("unsent", N_("待传"), facts.length + waiting.length === 0,
    facts.length + waiting.length === 0 ? _("没有")
      : _("{n} 项待传 {size}", { n: facts.length + waiting.length, size: size_text(bytes) }),
    _("昨天的还没传完：出门前在有网的地方点“立即交换”。"));
}

async function prices(client: Client): Promise<Finding> {
  const { price_lists } = await client.policy();
  const now = client.clocks.wall_ms();
  const list = price_lists.filter((one) => one.from_ms <= now)
    .reduce((best, one) => best === null || one.from_ms >= best.from_ms ? one : best,
      null as (typeof price_lists)[number] | null);
  return found("prices", N_("价目表"), list !== null, list?.name ?? _("没有生效的价目表"),
    _("有偿维修无法报价：联网取回价目表，或请调度发布。"));
}

async function speaking(_client: Client): Promise<Finding> {
  return found("language", N_("语言"), LANGUAGES.includes(language.value),
    NAMES[language.value], "");
}

const QUESTIONS: readonly Question[] = [
  orders, contact, unsent, space, storage, clock, camera, prices, version, speaking,
];
