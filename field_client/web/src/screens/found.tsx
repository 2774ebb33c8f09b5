// 现场加单: something else is wrong in this home. Chips first, typing only if somebody wants to.
//
// May not enter: storage, network.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { ScreenProps } from "../app.tsx";
import { choices_of } from "../choices.ts";
import { home_of } from "../day.ts";
import { Screen } from "../parts/frame.tsx";
import { follow } from "../present.ts";
import { go_instead, to_order } from "../routes.ts";
import { Chips, Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { _, N_ } from "../shared/words.ts";
import { sights, tablet } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { record } from "../telling.ts";
import { asked, where } from "../view.ts";

const PRIORITIES = [
  { value: "normal", words: N_("一般") }, { value: "urgent", words: N_("紧急") },
  { value: "emergency", words: N_("特急") },
] as const;

export function Found({ place }: ScreenProps) {
  useEffect(follow, []);
  const homes = homes_of([...sights.value.values()]);
  const home = useSignal(place.order ?? homes[0]?.order.stream ?? null);
  const spot = useSignal("");
  const fault = useSignal("");
  const typed = useSignal("");
  const priority = useSignal<string>("normal");
  const beside = home.value === null ? undefined : sights.value.get(home.value);
  const choices = homes.map((one) => ({ value: one.order.stream, words: where(one) }));
  const words = [spot.value, fault.value, typed.value].filter(Boolean).join(" ");

  const tell = async () => {
    const stream = `order:${crypto.randomUUID()}`;
    const done = await record(stream, "intake.found_on_site", {
      registered_ms: tablet().clocks.wall_ms(), trade: beside?.order.request?.trade ?? "",
      priority: priority.value, site: beside?.order.request?.site ?? "", beside: home.value,
    }, { words: said(beside, words) });
    if (done !== null) go_instead(to_order(stream));
  };
  return (
    <Screen title={_("现场加单")} back={place.order === null ? "#/" : to_order(place.order)}
      foot={<Primary onPress={tell} disabled={words === ""}>{_("加这一单")}</Primary>}>
      <Card>
        <Chips legend={_("哪一户")} choices={choices} chosen={home.value === null ? [] : [home.value]}
          onChoose={(one) => { home.value = one; }} />
        <Chips legend={_("部位")} choices={choices_of("where")} chosen={[spot.value]}
          onChoose={(one) => { spot.value = one; }} />
        <Chips legend={_("什么问题")} choices={choices_of("what")} chosen={[fault.value]}
          onChoose={(one) => { fault.value = one; }} />
        <Chips legend={_("紧急程度")} chosen={[priority.value]}
          choices={PRIORITIES.map((one) => ({ value: one.value, words: _(one.words) }))}
          onChoose={(one) => { priority.value = one; }} />
        <label class="field">
          <span>{_("补充说明（可不填）")}</span>
          <input value={typed.value} autoComplete="off"
            onInput={(e) => { typed.value = e.currentTarget.value; }} />
        </label>
      </Card>
      <p class="muted">{_("加单马上归您，联网后中心就能看到。")}</p>
    </Screen>
  );
}

/** One order for each home, those at hand. */
function homes_of(all: readonly Sight[]): readonly Sight[] {
  const homes = new Map(all.map((one) => [home_of(one), one]));
  homes.delete("");
  return [...homes.values()].slice(0, 12);
}

/** Whom and where it concerns, as the order beside it says. */
function said(beside: Sight | undefined, fault: string): Readonly<Record<string, string>> {
  const names = ["owner", "phone", "building", "unit", "room"];
  const held = names.map((name) => [name, beside === undefined ? "" : asked(beside, name)]);
  return Object.fromEntries([...held, ["fault", fault]].filter(([, value]) => value !== ""));
}
