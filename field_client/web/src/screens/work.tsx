// The repair (S5): what was fitted and done, item by item. What was surveyed is written down
// already; where it went as planned one tap tells it all (V5).
//
// After the owner sent work back, how it was put right is all that is asked, and the tap that
// says so goes on to the photo. May not enter: what the facts are (`job/`).

import { useEffect } from "preact/hooks";

import type { Inspection } from "../../../../sync/order.ts";
import type { ScreenProps } from "../app.tsx";
import {
  bill_of, fitted, own_parts, parts_to_tell, quoted, type Basket,
} from "../job/basket.ts";
import { answers, chips } from "../job/choosing.ts";
import { useDraft, type Draft } from "../job/draft.ts";
import { onward } from "../job/onward.ts";
import { must_ask, paid_items, quote_draft } from "../job/quoting.ts";
import { record_begun, record_to_tell, type RecordDraft } from "../job/recording.ts";
import { to_put_right } from "../job/rework.ts";
import { waiting_hold } from "../job/surveying.ts";
import { tell_all } from "../job/telling.ts";
import { Besides } from "../parts/beside.tsx";
import { Fee } from "../parts/fee.tsx";
import { Screen } from "../parts/frame.tsx";
import { Colleagues, ItemRecord, title_of } from "../parts/item_record.tsx";
import { MadeSafe } from "../parts/made_safe.tsx";
import { AfterSignature } from "../parts/signed.tsx";
import { TakenAwayCard } from "../parts/taken_away.tsx";
import { Wares } from "../parts/wares.tsx";
import { me, policy } from "../present.ts";
import { go, go_instead, to_order } from "../routes.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { yuan_text } from "../shared/money.ts";
import { _ } from "../shared/words.ts";
import { sight_of, tablet } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { flat } from "../view.ts";
import { held_list } from "./quote.tsx";
import "./job.css";

interface WorkDraft {
  readonly basket: Basket;
  readonly records: Readonly<Record<string, RecordDraft>>; // by item
}

export function Work({ place }: ScreenProps) {
  const sight = sight_of(place.order);
  return sight === undefined ? null : <Working key={sight.order.stream} sight={sight} />;
}

interface Part {
  readonly sight: Sight;
  readonly draft: Draft<WorkDraft>;
  readonly said: WorkDraft;
}

function Working({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const draft = useDraft<WorkDraft>(`work:${order.stream}`, () => ({
    basket: basket_begun(sight), records: {},
  }));
  const said = draft.value;
  if (said === null) return null;
  const back = to_put_right(order);
  return (
    <Screen title={`${back.length ? _("返修") : _("维修")} · ${flat(sight)}`}
      back={to_order(order.stream)} foot={
        <div class="foot">
          <Fee bill={bill_of(order, me.value, said.basket)} />
          <Next sight={sight} draft={draft} said={said} />
        </div>
      }>
      <div class="two">
        <Waiting sight={sight} />
        <AfterSignature order={order} />
        <Besides sight={sight} />
        {!order.items.length && (
          <Card tone="warn">
            <p>{_("还没有勘察，不知道修哪几项。")}</p>
            <Button onPress={() => { go_instead(to_order(order.stream, "survey")); }}>
              {_("去勘察")}
            </Button>
          </Card>
        )}
        {back.length > 0
          ? back.map((one) => (
            <PutRight key={one.item} sight={sight} draft={draft} said={said} failed={one} />
          ))
          : order.items.map(({ item }) => (
            <ItemRecord key={item} sight={sight} item={item} now={record_of(sight, said, item)}
              onChange={(to) => { change_record({ sight, draft, said }, item, to); }} />
          ))}
        <Wares sight={sight} basket={said.basket} list={held_list()}
          items={order.items.map(({ item }) => item)}
          onChange={(basket) => draft.change({ basket })} />
        <Colleagues sight={sight} />
        <TakenAwayCard sight={sight} />
        <Button onPress={() => { go(to_order(order.stream, "during")); }}>{_("拍过程照片")}</Button>
      </div>
    </Screen>
  );
}

/** What was told, or what the owner agreed to, or nothing yet. */
function basket_begun(sight: Sight): Basket {
  const { order } = sight;
  const mine = own_parts(order, me.value);
  if (mine.length || order.records.length) {
    return fitted(order, me.value, (part) => sight.text(part.private, "name"));
  }
  return quoted(order, policy.value.price_lists, me.value);
}

/** How the record of an item stands: as it was changed here, else as it begins. */
function record_of(sight: Sight, said: WorkDraft, item: number): RecordDraft {
  return said.records[item] ?? record_begun(sight, item, policy.value);
}

function change_record(
  { sight, draft, said }: Part, item: number, to: Partial<RecordDraft>,
): WorkDraft {
  const records = { ...said.records, [item]: { ...record_of(sight, said, item), ...to } };
  draft.change({ records });
  return { ...said, records };
}

/** The work that must wait for the desk's word (L4). */
function Waiting({ sight }: { readonly sight: Sight }) {
  const hold = waiting_hold(sight.order);
  if (hold === null) return null;
  return (
    <>
      <Card tone="warn" title={_("等待批准")}>
        <p>{_("已报 {sum}，超过 {limit}。批准送到本机以前，其余的活先不做。", {
          sum: yuan_text(hold.estimate_fen), limit: yuan_text(hold.limit_fen),
        })}</p>
      </Card>
      <MadeSafe sight={sight} urgent />
    </>
  );
}

/** One item that the owner sent back: the tap that says how it was put right is the last. */
function PutRight(
  { sight, draft, said, failed }: Part & { readonly failed: Inspection },
) {
  const { item } = failed;
  const trade = sight.order.items.find((one) => one.item === item)?.trade ?? "";
  const chosen = said.records[item]?.remedy ?? "";
  const choose = async (remedy: string) => {
    const now = change_record({ sight, draft, said }, item, { remedy });
    const open = to_put_right(sight.order).some((one) => now.records[one.item] === undefined);
    if (!open) await finish(sight, draft, now);
  };
  return (
    <Card tone="bad" title={title_of(sight, item)}>
      <p>{_("业主说：{reason}", { reason: _(failed.reason ?? "") })}</p>
      <Chips legend={_("怎么返修的")} chosen={[chosen]} onChoose={(one) => { void choose(one); }}
        choices={chips(answers(policy.value, "remedy", trade), [chosen])} />
    </Card>
  );
}

/** Tell parts and records, and go on. */
async function finish(sight: Sight, draft: Draft<WorkDraft>, said: WorkDraft): Promise<void> {
  const { order } = sight;
  const back = new Set(to_put_right(order).map(({ item }) => item));
  const records = order.items.flatMap(({ item }) => {
    const now = record_of(sight, said, item);
    return record_to_tell(sight, item, now, said.basket, back.has(item));
  });
  const sayings = [...parts_to_tell(order, me.value, said.basket), ...records];
  if (await tell_all(order.stream, sayings, [draft.name]) === null) return;
  draft.over();
  onward(order.stream, "work");
}

/** The one thing to do next. */
function Next({ sight, draft, said }: Part) {
  const { order } = sight;
  const ask = must_ask(order, me.value, said.basket);
  useEffect(() => { window.scrollTo(0, 0); }, []);
  if (waiting_hold(order) !== null) {
    return (
      <Button kind="primary" onPress={() => { go_instead(to_order(order.stream)); }}>
        {_("等待批准，回到工单")}
      </Button>
    );
  }
  if (ask !== null) {
    const again = async () => {
      const paid = new Set(paid_items(order));
      const basket = said.basket.filter(({ item }) => item !== null && paid.has(item));
      if (ask === "more") await tablet().keep_draft(quote_draft(order.stream), { basket });
      go_instead(to_order(order.stream, "quote"));
    };
    return (
      <Button kind="primary" onPress={again}>
        {ask === "first" ? _("先请业主确认报价") : _("费用变了，请业主再确认")}
      </Button>
    );
  }
  const back = to_put_right(order);
  const open = back.some(({ item }) => said.records[item] === undefined);
  const unsaid = order.items.some(({ item }) => {
    const { cause, remedy } = record_of(sight, said, item);
    return cause === "" || remedy === "";
  });
  return (
    <Button kind="primary" disabled={!order.items.length || open || unsaid}
      onPress={() => finish(sight, draft, said)}>
      {open ? _("选怎么返修的") : unsaid ? _("先选原因和处理") : _("下一步：修后拍照")}
    </Button>
  );
}
