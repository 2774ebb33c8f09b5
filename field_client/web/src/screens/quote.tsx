// The price for what the owner would pay, from the list that the tablet holds (L3); then the
// tablet goes to the owner, who says yes or no.
//
// May not enter: what the owner says (`agree.tsx`).

import { list_in_force, type PriceList } from "../../../../sync/prices.ts";
import type { ScreenProps } from "../app.tsx";
import { bill_of, quoted, type Basket } from "../job/basket.ts";
import { useDraft } from "../job/draft.ts";
import { offer, paid_items, quote_draft, REASONS, type QuoteDraft } from "../job/quoting.ts";
import { hold, needs_approval } from "../job/surveying.ts";
import { tell_all } from "../job/telling.ts";
import { hand_over } from "../owner/lock.ts";
import { Besides } from "../parts/beside.tsx";
import { Fee } from "../parts/fee.tsx";
import { Screen } from "../parts/frame.tsx";
import { AfterSignature } from "../parts/signed.tsx";
import { Wares } from "../parts/wares.tsx";
import { me, policy } from "../present.ts";
import { go_instead, to_order } from "../routes.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { yuan_text } from "../shared/money.ts";
import { _ } from "../shared/words.ts";
import { sight_of, tablet } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { flat } from "../view.ts";
import "./job.css";

export function Quote({ place }: ScreenProps) {
  const sight = sight_of(place.order);
  return sight === undefined ? null : <Quoting key={sight.order.stream} sight={sight} />;
}

/** The price list in force. */
export function held_list(): PriceList | null {
  return list_in_force(policy.value.price_lists, tablet().clocks.wall_ms());
}

function Quoting({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const list = held_list();
  const draft = useDraft<QuoteDraft>(quote_draft(order.stream), () => ({
    basket: quoted(order, policy.value.price_lists, me.value), reason: REASONS[0],
  }));
  if (draft.value === null) return null;
  const { basket, reason } = draft.value;
  const items = paid_items(order);
  return (
    <Screen title={`${_("报价")} · ${flat(sight)}`} back={to_order(order.stream)}
      foot={
        <div class="foot">
          <Fee bill={bill_of(order, me.value, basket)} />
          <Ask sight={sight} basket={basket} list={list} />
        </div>
      }>
      <div class="two">
        <AfterSignature order={order} />
        <Besides sight={sight} />
        {!items.length && (
          <Card tone="warn"><p>{_("没有业主付费的事项，不需要报价。")}</p></Card>
        )}
        <Wares sight={sight} basket={basket} list={list} items={items}
          onChange={(to) => draft.change({ basket: to })} />
        {order.agreements.length > 0 && (
          <Card>
            <Chips legend={_("为什么要变")} chosen={[reason]}
              choices={REASONS.map((value) => ({ value, words: _(value) }))}
              onChoose={(to) => draft.change({ reason: to })} />
          </Card>
        )}
      </div>
    </Screen>
  );
}

/** Hand the tablet to the owner; or wait, where the price is above the limit (L4). */
function Ask({ sight, basket, list }: {
  readonly sight: Sight; readonly basket: Basket; readonly list: PriceList | null;
}) {
  const { order } = sight;
  const { owner_fen } = bill_of(order, me.value, basket);
  const { approval_fen } = policy.value;
  const state = () => tell_all(order.stream, offer(order, me.value, basket, list));
  if (needs_approval(order, owner_fen, approval_fen)) {
    const wait = async () => {
      const held = hold(order, owner_fen, approval_fen, true);
      if (await state() === null || await tell_all(order.stream, held) === null) return;
      go_instead(to_order(order.stream));
    };
    return <Button kind="primary" onPress={wait}>{_("先保安全，等待批准")}</Button>;
  }
  const ask = async () => {
    if (await state() !== null) await hand_over(order.stream, "agree");
  };
  return (
    <Button kind="primary" disabled={!basket.length} onPress={ask}>
      {basket.length ? _("请业主确认报价 {sum}", { sum: yuan_text(owner_fen) }) : _("先选用料或人工")}
    </Button>
  );
}
