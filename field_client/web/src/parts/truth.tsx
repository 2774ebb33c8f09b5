// Three truths in words and shapes: saved here, handed over, backed up.
//
// Shown from stored receipts alone; "the request came back with 200" is no truth. May not
// enter: requests.

import { _, N_ } from "../shared/words.ts";
import { holding, line, now_ms, type Truth } from "../state.ts";

const SHAPES: Readonly<Record<Truth, readonly [shape: string, words: string]>> = {
  saved: ["✓", N_("已存本机")],
  sending: ["↑", N_("上传中")],
  handed_over: ["✓✓", N_("服务器已收")],
  backed_up: ["✓✓▣", N_("已备份")],
  attention: ["!", N_("需处理")],
};

/** Where one recorded thing is. */
export function TruthMark({ truth, more }: { readonly truth: Truth; readonly more?: string }) {
  const [shape, words] = SHAPES[truth];
  return (
    <span class={`truth ${truth}`}>
      <span aria-hidden="true">{shape}</span> {_(words)}{more ? ` ${more}` : ""}
    </span>
  );
}

/** The one chip in the bar that is always there; it leads to the outbox. */
export function TruthChip() {
  return (
    <a class={`truth chip-link ${mood()}`} href="#/outbox" data-testid="truth">{said()}</a>
  );
}

function mood(): string {
  const { facts_waiting, originals_waiting, attention } = holding.value;
  if (attention > 0) return "attention";
  if (facts_waiting + originals_waiting > 0) return line.value.busy ? "sending" : "saved";
  return "handed_over";
}

function said(): string {
  const { facts_waiting, originals_waiting, bytes_waiting, attention } = holding.value;
  const waiting = facts_waiting + originals_waiting;
  if (attention > 0) return `! ${_("{n} 项需处理", { n: attention })}`;
  if (waiting === 0) {
    const { reached_ms } = line.value;
    const at = reached_ms === null ? "" : ` ${clock(reached_ms)}`;
    return `✓✓ ${_("全部已传")}${at}`;
  }
  const size = (bytes_waiting / 1e6).toFixed(1);
  if (line.value.online) return `↑ ${_("{n} 项待传 {size} MB", { n: waiting, size })}`;
  return `✓ ${_("{n} 项在本机", { n: waiting })} · ${offline_for()}`;
}

function offline_for(): string {
  const { reached_ms } = line.value;
  if (reached_ms === null) return _("离线");
  const minutes = Math.max(0, Math.floor((now_ms.value - reached_ms) / 60_000));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days > 0) return _("离线 {days} 天 {hours} 小时", { days, hours });
  if (hours === 0) return minutes === 0 ? _("离线") : _("离线 {n} 分", { n: minutes });
  return _("离线 {hours} 小时 {minutes} 分", { hours, minutes: minutes % 60 });
}

/** Hours and minutes of a wall clock, where the tablet is. */
export function clock(ms: number): string {
  return new Intl.DateTimeFormat("zh-CN", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(ms);
}
