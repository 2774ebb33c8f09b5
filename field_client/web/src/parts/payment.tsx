// The owner pays at the door: cash, by scanning, or later; what is unpaid is in sight (L6).
//
// Only after acceptance. May not enter: how much it is, which is the bill.

import { useSignal } from "@preact/signals";

import { tell_all } from "../job/telling.ts";
import { Button } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { MEANS, unpaid_fen } from "../shared/paying.ts";
import { fen_typed, yuan_text } from "../shared/money.ts";
import { Typed } from "../shared/typed.tsx";
import { _ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";

/** Payments so far, and one tap for the rest. Nothing where the owner owes nothing. */
export function Payment({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const invoice = useSignal("");
  const typed = useSignal("");
  const open = unpaid_fen(order);
  const amount = typed.value === "" ? open : fen_typed(typed.value);
  if (order.stage !== "accepted" || (open === 0 && !order.payments.length)) return null;
  const pay = async (means: string) => {
    if (amount === null) return;
    const says = { amount_fen: amount, means, invoice: invoice.value.trim() };
    if (await tell_all(order.stream, [{ what: { kind: "acceptance.paid", says } }]) !== null) {
      typed.value = "";
    }
  };
  return (
    <Card title={_("收款")} tone={open > 0 ? "warn" : "good"}>
      {order.payments.map((one) => (
        <p key={one.fact} class="num">✓ {_(MEANS[one.means] ?? one.means)}{" "}
          {yuan_text(one.amount_fen)} {one.invoice && _("发票 {number}", { number: one.invoice })}</p>
      ))}
      {open === 0 ? <p>{_("已付清")}</p> : (
        <>
          <p class="large num">{_("未付 {sum}", { sum: yuan_text(open) })}</p>
          <div class="row">
            {Object.entries(MEANS).map(([means, words]) => (
              <Button key={means} disabled={amount === null || amount === 0}
                onPress={() => pay(means)}>
                {_(words)} <span class="num">{amount === null ? "" : yuan_text(amount)}</span>
              </Button>
            ))}
          </div>
          <details>
            <summary>{_("另一个金额、发票号")}</summary>
            <Typed label={_("金额（元）")} mode="decimal" value={typed.value}
              onType={(one) => { typed.value = one; }} />
            {amount === null &&
              <p role="alert">{_("金额写成元，最多两位小数，例如 80 或 80.50")}</p>}
            <Typed label={_("发票号")} value={invoice.value}
              onType={(one) => { invoice.value = one; }} />
          </details>
        </>
      )}
    </Card>
  );
}
