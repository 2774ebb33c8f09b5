// Something is taken away for repair, against a receipt that both can read; and brought back
// (取件交接单, V3).
//
// May not enter: the step in which it happens.

import { useSignal } from "@preact/signals";

import { open_receipt } from "../guidance.ts";
import { tell_all } from "../job/telling.ts";
import { Button } from "../shared/controls.tsx";
import { Typed } from "../shared/typed.tsx";
import { _ } from "../shared/words.ts";
import { tablet } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";

/** What is away, what came back, and a field for one thing more. */
export function TakenAwayCard({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const what = useSignal("");
  const take = async () => {
    const { device } = await tablet().who();
    const receipt = `${device}-${sight.name}-${order.taken_away.length + 1}`;
    const told = await tell_all(order.stream, [{
      what: { kind: "survey.taken_away", says: { receipt } }, words: { what: what.value.trim() },
    }]);
    if (told !== null) what.value = "";
  };
  const bring = async (receipt: string) => {
    await tell_all(order.stream, [{
      what: { kind: "survey.returned", says: { receipt } }, check: open_receipt(receipt),
    }]);
  };
  return (
    <details class="card" open={order.taken_away.length > 0}>
      <summary>{_("带走维修（开交接单）")}</summary>
      <ul class="lines">
        {order.taken_away.map((one) => (
          <li key={one.fact}>
            <span class="grow">
              {sight.text(one.private, "what")} · <span class="num">{one.receipt}</span>
            </span>
            {one.returned === null
              ? <Button onPress={() => bring(one.receipt)}>{_("已归还")}</Button>
              : <span>✓ {_("已还")}</span>}
          </li>
        ))}
      </ul>
      <Typed label={_("带走什么")} value={what.value}
        onType={(typed) => { what.value = typed; }} />
      <Button disabled={what.value.trim() === ""} onPress={take}>{_("开交接单")}</Button>
    </details>
  );
}
