// The money of an order: what it is made of, who bears it, what was agreed, held, approved,
// paid and is still open (L1, L3, L4, L6).
//
// May not enter: decisions, requests.

import type { ComponentChildren } from "preact";

import { MEANS, unpaid_fen } from "#shared/paying.ts";
import { yuan_text } from "#shared/money.ts";
import { PAYERS } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import type { Order, Payer } from "#sync/exported/records.ts";
import { bill, total_fen } from "#sync/prices.ts";
import { text_of, type Story } from "../story.ts";

/** All of it; one sentence where nothing costs anything. */
export function Money({ story }: { readonly story: Story }) {
  const { order } = story;
  const { material_fen, labour_fen, owner_fen } = bill(order);
  const all = material_fen + labour_fen;
  const open = unpaid_fen(order);
  return (
    <div class="money">
      {order.parts.length + order.records.length > 0 && <Lines story={story} />}
      <dl class="sums">
        <Sum title={_("材料")} fen={material_fen} />
        <Sum title={_("人工")} fen={labour_fen} />
        <Sum title={_("合计")} fen={all} />
        <Sum title={_("业主应付")} fen={owner_fen} strong />
        {owner_fen > 0 && <Sum title={open > 0 ? _("未付") : _("已付清")} fen={open} strong />}
      </dl>
      <Steps order={order} />
    </div>
  );
}

function Sum({ title, fen, strong = false }: {
  readonly title: string; readonly fen: number; readonly strong?: boolean;
}) {
  return (
    <div class={strong ? "strong" : ""}>
      <dt>{title}</dt><dd class="num">{yuan_text(fen)}</dd>
    </div>
  );
}

function Lines({ story }: { readonly story: Story }) {
  const { order } = story;
  const payers = new Map(order.items.map(({ item, payer }) => [item, payer]));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{_("事项")}</th><th scope="col">{_("内容")}</th>
          <th scope="col">{_("承担")}</th><th scope="col" class="num">{_("单价 × 数量")}</th>
          <th scope="col" class="num">{_("金额")}</th>
        </tr>
      </thead>
      <tbody>
        {order.parts.map(({ fact, line, private: held }) => (
          <Row key={fact} item={line.item} payer={line.payer}
            each={`${yuan_text(line.price_fen)} × ${line.quantity}`}
            fen={line.price_fen * line.quantity}>
            {text_of(story, held, "name") || line.code}
          </Row>
        ))}
        {order.records.filter(({ labour_fen }) => labour_fen > 0).map((one) => (
          <Row key={one.fact} item={one.item} payer={payers.get(one.item) ?? null}
            each={_("{n} 分钟", { n: one.labour_minutes })} fen={one.labour_fen}>
            {_("人工")}
          </Row>
        ))}
      </tbody>
    </table>
  );
}

function Row({ item, payer, each, fen, children }: {
  readonly item: number | null; readonly payer: Payer | null; readonly each: string;
  readonly fen: number; readonly children: ComponentChildren;
}) {
  return (
    <tr>
      <td class="num">{item ?? "—"}</td><td>{children}</td>
      <td>{payer === null ? "—" : _(PAYERS[payer])}</td>
      <td class="num">{each}</td><td class="num">{yuan_text(fen)}</td>
    </tr>
  );
}

/** What happened about money, one line each. */
function Steps({ order }: { readonly order: Order }) {
  const { quote, agreements, holds, payments } = order;
  const last = agreements.at(-1);
  const lines = [
    quote === null ? null : _("报价 {sum}（价目表 {name}）", {
      sum: yuan_text(total_fen(quote.lines)), name: quote.price_list,
    }),
    last === undefined || last.total_fen === 0 ? null
      : _("业主同意总价 {sum}", { sum: yuan_text(last.total_fen) }),
    ...holds.map((one) => one.released === null
      ? _("估价 {sum}，超过限额，等批准", { sum: yuan_text(one.estimate_fen) })
      : _("估价 {sum}，已批准到 {up_to}", {
        sum: yuan_text(one.estimate_fen), up_to: yuan_text(one.up_to_fen ?? 0),
      })),
    ...payments.map((one) => _("收款 {means} {sum} {invoice}", {
      means: _(MEANS[one.means] ?? one.means), sum: yuan_text(one.amount_fen),
      invoice: one.invoice === "" ? "" : _("发票 {number}", { number: one.invoice }),
    })),
  ].filter((one): one is string => one !== null);
  if (lines.length === 0) return null;
  return <ul class="steps-of-money">{lines.map((one) => <li key={one}>{one}</li>)}</ul>;
}
