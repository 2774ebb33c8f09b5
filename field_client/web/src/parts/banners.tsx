// What a technician must know before anything else about an order: it is gone, cancelled,
// held; the server said something about it afterwards.
//
// May not enter: writing to an order.

import { is_open, type Order } from "../../../../sync/order.ts";
import { me } from "../present.ts";
import { renew } from "../renewing.ts";
import { to_order } from "../routes.ts";
import { mark_seen, seen } from "../seen.ts";
import { Button } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { yuan_text } from "../shared/money.ts";
import { decision_words, review_label } from "../shared/settling.ts";
import { at, HOLD_REASONS } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { sights } from "../state.ts";
import { is_held } from "../steps.ts";
import type { Sight } from "../tablet/sight.ts";

const GONE: Readonly<Record<string, string>> = {
  reassigned: N_("此工单已改派给别人"), cancelled: N_("此工单已取消"), closed: N_("此工单已结案"),
  merged: N_("此工单已并入另一工单"),
};

/** Everything of this order that somebody must read first. */
export function Banners({ sight }: { readonly sight: Sight }) {
  const { order, gone } = sight;
  const why = gone ?? over(order);
  return (
    <>
      {why !== null && (
        <Card tone="bad" title={_(GONE[why] ?? N_("此工单已不在您名下"))}>
          <p>{_("已在现场的，照实记录并离场；已记录的内容不会丢。请联系调度。")}</p>
          <GoesOn stream={order.stream} />
        </Card>
      )}
      <Remarks sight={sight} />
      <OnHold sight={sight} />
      <Held sight={sight} />
      <Verdicts sight={sight} />
      <Settled sight={sight} />
    </>
  );
}

function over({ cancelled, closed, merged_into }: Order): string | null {
  if (cancelled !== null) return "cancelled";
  return closed === null ? null : merged_into === null ? "closed" : "merged";
}

/** The order that goes on in place of this one, if it is this person's, too. */
function GoesOn({ stream }: { readonly stream: string }) {
  const other = [...sights.value.values()].find(({ order }) => order.duplicates.includes(stream));
  if (other === undefined) return null;
  return <p><a href={to_order(other.order.stream)}>{_("改办 {name}", { name: other.name })}</a></p>;
}

/** The desk asks to wait. Nothing is forbidden by it: who is there goes on as it is. */
function OnHold({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const halt = order.halts.at(-1);
  if (halt === undefined || halt.resumed !== null || !is_open(order)) return null;
  const reason = _(HOLD_REASONS[halt.reason] ?? halt.reason);
  const words = sight.text(halt.private, "words");
  return (
    <Card tone="warn" title={_("调度已挂起：{reason}", { reason })}>
      {halt.until_ms !== null && <p>{_("预计 {at} 恢复。", { at: at(halt.until_ms) })}</p>}
      {words && <p>{words}</p>}
      <p class="small">{_("请先等调度恢复再上门或继续；已经在做的照实记录，都会保留。")}</p>
    </Card>
  );
}

/** What the desk left word of; once read, it stays in the order's story. */
function Remarks({ sight }: { readonly sight: Sight }) {
  const news = sight.order.remarks.filter(({ fact }) => !seen.value.has(fact));
  const see = async () => {
    await mark_seen(news.map(({ fact }) => fact));
    await renew();
  };
  if (news.length === 0) return null;
  return (
    <Card tone="warn" title={_("调度留言")}>
      <ul>
        {news.map((one) => <li key={one.fact}>{sight.text(one.private, "words")}</li>)}
      </ul>
      <div class="row">
        <Button onPress={see}>{_("知道了")}</Button>
      </div>
    </Card>
  );
}

function Held({ sight: { order } }: { readonly sight: Sight }) {
  const hold = order.holds.at(-1);
  if (hold === undefined) return null;
  if (!is_held(order)) {
    const up_to = hold.up_to_fen === null ? "" : yuan_text(hold.up_to_fen);
    return <Card tone="good" title={_("超限已批准 {up_to}", { up_to })}><span /></Card>;
  }
  return (
    <Card tone="warn" title={_("费用超限，等调度批准")}>
      <p>
        {_("估价 {estimate}，限额 {limit}。先保安全，其余等批准后再修。", {
          estimate: yuan_text(hold.estimate_fen), limit: yuan_text(hold.limit_fen),
        })}
      </p>
    </Card>
  );
}

/** What is open for a person to look at; it stays until somebody here has seen it. */
function Verdicts({ sight: { order } }: { readonly sight: Sight }) {
  const open = order.reviews.filter((one) => !seen.value.has(one.id));
  const see = async () => {
    await mark_seen(open.flatMap((one) => [one.id, ...one.facts])); // the outbox says it too
    await renew();
  };
  if (open.length === 0) return null;
  return (
    <Card tone="warn" title={_("有 {n} 项要由调度核对", { n: open.length })}>
      <ul>{open.map((one) => <li key={one.id}>◆ {_(review_label(one.code))}</li>)}</ul>
      <p class="small">{_("您的记录都已保留，不必重做。")}</p>
      <div class="row">
        <Button onPress={see}>{_("知道了")}</Button>
      </div>
    </Card>
  );
}

/** What the desk decided about something that this person recorded; once seen, it goes. */
function Settled({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const own = new Set(order.history.filter(({ by }) => by === me.value).map(({ id }) => id));
  const news = order.resolved.filter(({ facts }) => facts.some((one) => own.has(one)))
    .flatMap((about) => order.resolutions.filter(({ review }) => review === about.id)
      .map((end) => ({ about, end })))
    .filter(({ end }) => !seen.value.has(end.fact));
  const deciders = new Map(order.history.map(({ id, by }) => [id, by]));
  const see = async () => {
    await mark_seen(news.map(({ end }) => end.fact));
    await renew();
  };
  if (news.length === 0) return null;
  return (
    <Card tone="good" title={_("调度已核对 {n} 项", { n: news.length })}>
      <ul>
        {news.map(({ about, end }) => (
          <li key={end.fact} data-settled={end.reason}>
            ✓ {_(review_label(about.code))}：<strong>{_(decision_words(end.reason))}</strong>{" "}
            {sight.text(end.private, "words")}{" "}
            <span class="muted">{_("由 {who} 核对", { who: deciders.get(end.fact) ?? "" })}</span>
          </li>
        ))}
      </ul>
      <div class="row">
        <Button onPress={see}>{_("知道了")}</Button>
      </div>
    </Card>
  );
}
