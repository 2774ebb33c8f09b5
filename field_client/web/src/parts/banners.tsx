// What a technician must know before anything else about an order: it is gone, cancelled,
// held; the server said something about it afterwards.
//
// May not enter: writing to an order.

import labels from "../../../../sync/exported/labels.json";

import { renew } from "../renewing.ts";
import { mark_seen, seen } from "../seen.ts";
import { is_held } from "../steps.ts";
import type { Sight } from "../tablet/sight.ts";
import { yuan_text } from "../view.ts";
import { _, N_ } from "../words.ts";
import { Button } from "./controls.tsx";
import { Card } from "./frame.tsx";

const GONE: Readonly<Record<string, string>> = {
  reassigned: N_("此工单已改派给别人"), cancelled: N_("此工单已取消"), closed: N_("此工单已结案"),
};

const REVIEWS: Readonly<Record<string, string>> = labels.reviews;

/** Everything of this order that somebody must read first. */
export function Banners({ sight }: { readonly sight: Sight }) {
  const { order, gone } = sight;
  const why = gone ?? (order.cancelled ? "cancelled" : order.closed ? "closed" : null);
  return (
    <>
      {why !== null && (
        <Card tone="bad" title={_(GONE[why] ?? N_("此工单已不在您名下"))}>
          <p>{_("已在现场的，照实记录并离场；已记录的内容不会丢。请联系调度。")}</p>
        </Card>
      )}
      <Held sight={sight} />
      <Verdicts sight={sight} />
    </>
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
      <ul>{open.map((one) => <li key={one.id}>◆ {_(REVIEWS[one.code] ?? one.code)}</li>)}</ul>
      <p class="small">{_("您的记录都已保留，不必重做。")}</p>
      <div class="row">
        <Button onPress={see}>{_("知道了")}</Button>
      </div>
    </Card>
  );
}
