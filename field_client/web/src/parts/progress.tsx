// How far an order is: six steps in a line, and the pictures that belong to it.
//
// May not enter: storage, network, writing.

import { useSignal } from "@preact/signals";

import { to_order } from "../routes.ts";
import { Button } from "../shared/controls.tsx";
import { Dialog } from "../shared/frame.tsx";
import { _, N_ } from "../shared/words.ts";
import { LINE, station_of, type Standing, type Station } from "../steps.ts";
import { Picture } from "./picture.tsx";

const STATIONS: Readonly<Record<Station, string>> = {
  arrive: N_("到达"), door: N_("礼仪"), before: N_("修前照"), work: N_("维修"),
  after: N_("修后照"), "hand-over": N_("交付"),
};
const NUMBERS = "①②③④⑤⑥";

/** How far the work is, in six steps; each leads to its own screen once somebody is there. */
export function StepLine({ now, stream }: {
  readonly now: Standing; readonly stream: string;
}) {
  const at = now.next === null ? null : station_of(now.next);
  return (
    <ol class="steps" aria-label={_("进度")}>
      {LINE.map((one, index) => {
        const past = now.done.has(one) && (one !== "work" || now.done.has("survey"));
        const words = <><span aria-hidden="true">{past ? "✓" : NUMBERS[index]}</span>
          <span>{_(STATIONS[one])}</span></>;
        const mood = one === at ? "now" : past ? "past" : "";
        const open = now.here && one !== "arrive";
        const to = one === "work" && !now.done.has("survey") ? "survey" : one;
        return (
          <li key={one} class={mood} aria-current={one === at ? "step" : undefined}>
            {open ? <a href={to_order(stream, to)}>{words}</a> : <span>{words}</span>}
          </li>
        );
      })}
    </ol>
  );
}

/** Small pictures in a row; a tap shows one large. */
export function Pictures({ names, label }: {
  readonly names: readonly string[]; readonly label: string;
}) {
  const large = useSignal<string | null>(null);
  const close = () => { large.value = null; };
  return (
    <div>
      <p class="muted">{label}</p>
      <div class="row">
        {names.map((name, at) => (
          <button type="button" key={name} class="thumb" onClick={() => { large.value = name; }}>
            <Picture name={name} small words={`${label} ${at + 1}`} />
          </button>
        ))}
      </div>
      {large.value !== null && (
        <Dialog title={label} onClose={close}>
          <Picture name={large.value} words={label} />
          <Button kind="quiet" onPress={close}>{_("返回")}</Button>
        </Dialog>
      )}
    </div>
  );
}
