// Before the owner inspects (S6): tidied up, explained, asked for other wishes; what the owner
// will see; then the tablet goes to the owner with the same tap (V7).
//
// Once accepted, the same page takes the money. May not enter: what the owner says.

import type { Order } from "../../../../sync/order.ts";
import { bill } from "../../../../sync/prices.ts";
import type { ScreenProps } from "../app.tsx";
import { useDraft, type Draft } from "../job/draft.ts";
import { since_sent_back, to_put_right } from "../job/rework.ts";
import { tell_all } from "../job/telling.ts";
import { hand_over } from "../owner/lock.ts";
import { Fee } from "../parts/fee.tsx";
import { Screen } from "../parts/frame.tsx";
import { Payment } from "../parts/payment.tsx";
import { TakenAwayCard } from "../parts/taken_away.tsx";
import { go_instead, to_order } from "../routes.ts";
import { Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { _, N_ } from "../shared/words.ts";
import { sight_of } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { flat } from "../view.ts";
import "./job.css";

const DONE = {
  tidied: N_("清理现场，带走废料"), explained: N_("讲解原因和处理"),
  upkeep: N_("告知使用和保养"), asked: N_("询问还有没有别的需要"),
} as const;
type Deed = keyof typeof DONE;
const DEEDS = Object.keys(DONE) as Deed[];

interface HandoverDraft {
  readonly left_out: readonly Deed[]; // everything else was done
}

export function Handover({ place }: ScreenProps) {
  const sight = sight_of(place.order);
  return sight === undefined ? null : <HandingOver key={sight.order.stream} sight={sight} />;
}

function HandingOver({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const draft = useDraft<HandoverDraft>(`handover:${order.stream}`, () => ({ left_out: [] }));
  if (draft.value === null) return null;
  const { left_out } = draft.value;
  const accepted = order.stage === "accepted";
  return (
    <Screen title={`${_("交付")} · ${flat(sight)}`} back={to_order(order.stream)}
      foot={accepted
        ? <Primary onPress={() => { go_instead(to_order(order.stream)); }}>{_("回到工单")}</Primary>
        : <Give order={order} draft={draft} left_out={left_out} />}>
      <div class="two">
        {accepted ? <Payment sight={sight} /> : (
          <Card title={_("交给业主以前")}>
            <div class="checks" role="group" aria-label={_("交给业主以前")}>
              {DEEDS.map((deed) => (
                <button type="button" key={deed} class="chip" role="checkbox"
                  aria-checked={!left_out.includes(deed)}
                  onClick={() => draft.change({ left_out: turned(left_out, deed) })}>
                  {_(DONE[deed])}
                </button>
              ))}
            </div>
          </Card>
        )}
        <Lacking order={order} />
        <Card title={_("业主会看到")}>
          <Fee bill={bill(order)} />
          <p>{_("修前照 {before} 张，修后照 {after} 张", {
            before: count(order, "before"), after: count(order, "after"),
          })}</p>
          {order.records.map((one) => (
            <p key={one.fact}>{one.item}. {_(one.cause)} → {_(one.remedy)}</p>
          ))}
        </Card>
        <TakenAwayCard sight={sight} />
      </div>
    </Screen>
  );
}

function turned(held: readonly Deed[], one: Deed): readonly Deed[] {
  return held.includes(one) ? held.filter((other) => other !== one) : [...held, one];
}

function count(order: Order, moment: "before" | "after"): number {
  return order.photos.filter((photo) => photo.moment === moment &&
    (moment === "before" || since_sent_back(order, photo.fact))).length;
}

/** What the owner will miss; said, and in nobody's way. */
function Lacking({ order }: { readonly order: Order }) {
  const recorded = new Set(order.records.map(({ item }) => item));
  const lacks = [
    ...order.items.filter(({ item }) => !recorded.has(item))
      .map(({ item }) => _("事项 {item} 还没有维修记录。", { item })),
    ...to_put_right(order).map(({ item }) => _("第 {n} 项还没有返修记录。", { n: item })),
    ...count(order, "after") ? [] : [_("还没有修后照。")],
  ];
  if (!lacks.length) return null;
  return (
    <Card tone="warn" title={_("还缺")}>
      {lacks.map((one) => <p key={one}>{one}</p>)}
    </Card>
  );
}

interface GiveProps {
  readonly order: Order;
  readonly draft: Draft<HandoverDraft>;
  readonly left_out: readonly Deed[];
}

const SHOWN: ReadonlySet<string> = new Set(["completed", "unsigned"]);

/** It is done, and the owner looks at it: one tap. */
function Give({ order, draft, left_out }: GiveProps) {
  const give = async () => {
    const says = {
      tidied: !left_out.includes("tidied"), asked_for_other_wishes: !left_out.includes("asked"),
    };
    const done = { what: { kind: "work.completed", says } } as const;
    const told = SHOWN.has(order.stage)
      ? await tell_all(order.stream, [], [draft.name])
      : await tell_all(order.stream, [done], [draft.name]);
    if (told === null) return;
    draft.over();
    await hand_over(order.stream, "accept");
  };
  return <Primary onPress={give}>{_("交给业主")}</Primary>;
}
