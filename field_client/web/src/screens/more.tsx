// What else there is to an order: things taken away and brought back, slips put right, another
// order found on site.
//
// May not enter: storage, network.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { KINDS } from "../../../../sync/facts.ts";
import type { ScreenProps } from "../app.tsx";
import { open_receipt } from "../guidance.ts";
import { Screen } from "../parts/frame.tsx";
import { follow, me } from "../present.ts";
import { to_order } from "../routes.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Card, Dialog } from "../shared/frame.tsx";
import { moment_text } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { sight_of, tablet } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { record, record_undoable, take_back } from "../telling.ts";

export function More({ place }: ScreenProps) {
  useEffect(follow, []);
  const sight = sight_of(place.order);
  if (sight === undefined) return null;
  const { stream } = sight.order;
  return (
    <Screen title={`${_("更多")} · ${sight.name}`} back={to_order(stream)}>
      <Things sight={sight} />
      <Card title={_("现场加单")}>
        <p>{_("业主还有别的问题：另开一单，不用打电话给中心。")}</p>
        <a class="button" href={`#/found/${stream.replace("order:", "")}`}>＋ {_("现场加单")}</a>
      </Card>
      <Slips sight={sight} />
    </Screen>
  );
}

const THINGS = [N_("阀门"), N_("锁体"), N_("门扇"), N_("开关面板"), N_("水龙头"), N_("其他部件")];

function Things({ sight }: { readonly sight: Sight }) {
  const { stream, taken_away } = sight.order;
  const take = async (what: string) => {
    const { device } = await tablet().who();
    const receipt = `${device}-${sight.name}-${taken_away.length + 1}`;
    await record_undoable(stream, "survey.taken_away", { receipt },
      _("已开交接单 {receipt}", { receipt }), { words: { what } });
  };
  const out = taken_away.filter((one) => one.returned === null);
  return (
    <Card title={_("取件和归还")}>
      <Chips legend={_("带走维修（点一下就开交接单）")} chosen={[]} onChoose={(one) => { void take(one); }}
        choices={THINGS.map((one) => ({ value: one, words: _(one) }))} />
      {out.map((one) => (
        <div class="row" key={one.fact}>
          <span class="grow">{sight.text(one.private, "what")} · {one.receipt}</span>
          <Button onPress={() => record_back(stream, one.receipt)}>{_("已归还")}</Button>
        </div>
      ))}
    </Card>
  );
}

async function record_back(stream: string, receipt: string): Promise<void> {
  await record(stream, "survey.returned", { receipt }, { check: open_receipt(receipt) });
}

const KEPT: ReadonlySet<string> = new Set(["work.retracted", "dispatch.seen"]);

/** This person's own words that may still be taken back. */
function Slips({ sight }: { readonly sight: Sight }) {
  const asked = useSignal<string | null>(null);
  const own = [...sight.order.history].reverse().filter((entry) =>
    entry.by === me.value && entry.replaced_by === "" && !KEPT.has(entry.kind) &&
    !entry.kind.startsWith("acceptance."));
  const close = () => { asked.value = null; };
  const tell = async (reason: string) => {
    const fact = asked.value;
    close();
    if (fact !== null) await take_back(sight.order.stream, fact, reason);
  };
  return (
    <Card title={_("更正：记错了的可以撤回")}>
      <p class="muted">{_("撤回后原记录仍留在经过里，划掉不算。要改内容，撤回后重记一次。")}</p>
      <ul class="story">
        {own.map((entry) => (
          <li key={entry.id}>
            <div class="row">
              <span class="grow">
                {_(KINDS.get(entry.kind)?.label ?? entry.kind)}
                {" "}<span class="muted small">{entry.moment && moment_text(entry.moment)}</span>
              </span>
              <Button onPress={() => { asked.value = entry.id; }}>{_("撤回")}</Button>
            </div>
          </li>
        ))}
      </ul>
      {asked.value !== null && (
        <Dialog title={_("为什么撤回？")} onClose={close}>
          <Chips legend={_("原因（点一下就撤回）")} chosen={[]} onChoose={(one) => { void tell(one); }}
            choices={REASONS.map((one) => ({ value: one, words: _(one) }))} />
          <Button kind="quiet" onPress={close}>{_("返回")}</Button>
        </Dialog>
      )}
    </Card>
  );
}

const REASONS = [N_("误触"), N_("记错了工单"), N_("内容有误"), N_("实际没有做")];

