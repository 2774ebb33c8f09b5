// S3: the card of steps at the door, attested in one tap together with what the owner agrees
// to (V1, V4a). What the policy demands is ticked one by one.
//
// May not enter: storage, network.

import { useSignal } from "@preact/signals";

import type { ScreenProps } from "../app.tsx";
import { lines_of, STEPS, type DoorLine } from "../shared/door_steps.ts";
import { onward } from "../job/onward.ts";
import { DoorIcon } from "../parts/door_icons.tsx";
import { Screen } from "../parts/frame.tsx";
import { place_visit } from "../placing.ts";
import { me, policy } from "../present.ts";
import { go, to_order } from "../routes.ts";
import { Button, Chips, Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { _, N_ } from "../shared/words.ts";
import { sight_of } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { record } from "../telling.ts";

export function Door({ place }: ScreenProps) {
  const sight = sight_of(place.order);
  return sight === undefined ? null : <DoorCard key={sight.order.stream} sight={sight} />;
}

const CONSENTS = [
  { value: "photo", words: N_("拍照") },
  { value: "place", words: N_("记录位置") },
  { value: "start", words: N_("现在开始") },
] as const;
type Consent = (typeof CONSENTS)[number]["value"];
const ALL: readonly Consent[] = CONSENTS.map((one) => one.value);

function DoorCard({ sight }: { readonly sight: Sight }) {
  const { stream } = sight.order;
  const demanded = policy.value.demanded_steps;
  const ticked = useSignal<readonly string[]>([]);
  const asking = useSignal(false);
  const agreed = useSignal<readonly Consent[]>(agreed_before(sight));
  const toggle = (one: string) => { ticked.value = toggled(ticked.value, one); };
  const missing = demanded.filter((one) => !ticked.value.includes(one));

  const attest = async (consents: readonly Consent[]) => {
    const steps = policy.value.door_steps.filter((one) =>
      !demanded.includes(one) || ticked.value.includes(one));
    const done = await record(stream, "visit.door_protocol", {
      steps, photo_consent: consents.includes("photo"),
      place_consent: consents.includes("place"), start_consent: consents.includes("start"),
    });
    if (done === null) return;
    void place_visit(stream, me.value);
    if (consents.includes("start")) onward(stream, "door");
    else go(to_order(stream));
  };
  const refused = agreed.value.length < ALL.length;
  const press = () => attest(agreed.value);
  return (
    <Screen title={_("上门礼仪")} back={to_order(stream)}
      foot={
        <Primary disabled={missing.length > 0} onPress={press}>
          {refused ? _("按上面记下") : _("都做到了，业主都同意")}
        </Primary>
      }>
      <div class="ticks">
        {lines_of(policy.value.door_steps).map((line) =>
          <Tick key={line.icon} line={line} />)}
        {demanded.map((step) => (
          <button type="button" key={step} class="tick" role="checkbox"
            aria-checked={ticked.value.includes(step)} onClick={() => toggle(step)}>
            <span aria-hidden="true">{ticked.value.includes(step) ? "☑" : "☐"}</span>
            {_(STEPS[step] ?? step)} <span class="muted">{_("（必须逐项确认）")}</span>
          </button>
        ))}
      </div>
      <Card title={_("告诉业主，并征得同意")}>
        <p>{_("维修前后要拍照，会记录到场位置，现在开始维修。")}</p>
        {asking.value || refused
          ? <Chips legend={_("业主同意的（点一下去掉）")} several choices={words_of(CONSENTS)}
              chosen={agreed.value}
              onChoose={(one) => { agreed.value = toggled(agreed.value, one) as Consent[]; }} />
          : <Button onPress={() => { asking.value = true; }}>{_("业主有不同意的")}</Button>}
        {!agreed.value.includes("photo") &&
          <p class="muted">{_("不拍照也能维修：修前修后照会跳过。")}</p>}
        {!agreed.value.includes("start") &&
          <p class="muted">{_("业主不同意开始：记下后请选“业主拒修”或“改约”。")}</p>}
      </Card>
    </Screen>
  );
}

function Tick({ line }: { readonly line: DoorLine }) {
  return (
    <p class="tick">
      <DoorIcon icon={line.icon} />
      <span>{line.steps.map((step) => _(STEPS[step] ?? step)).join("；")}</span>
    </p>
  );
}

/** What the owner agreed to on an earlier visit holds until they say otherwise: asked once. */
function agreed_before({ order }: Sight): readonly Consent[] {
  const known = order.visits.filter((one) => one.start_consent !== null).at(-1);
  if (known === undefined) return ALL;
  return ALL.filter((one) =>
    one === "start" || (one === "photo" ? known.photo_consent : known.place_consent) !== false);
}

function words_of<T extends string>(all: ReadonlyArray<{ readonly value: T; readonly words: string }>) {
  return all.map(({ value, words }) => ({ value, words: _(words) }));
}

function toggled<T>(held: readonly T[], one: T): readonly T[] {
  return held.includes(one) ? held.filter((other) => other !== one) : [...held, one];
}
