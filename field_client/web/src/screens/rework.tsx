// The owner sent the work back: what now? Put it right at once, come again, or call for
// somebody (A1).
//
// Each round keeps its own sheet; the next one gets a new one. May not enter: the owner's
// answer.

import { useSignal } from "@preact/signals";

import type { ScreenProps } from "../app.tsx";
import { choices_of } from "../choices.ts";
import { Screen } from "../parts/frame.tsx";
import { go, go_instead, to_order } from "../routes.ts";
import { duty_phone } from "../settings.ts";
import { Button, Chips, Primary } from "../shared/controls.tsx";
import { Card, Dialog } from "../shared/frame.tsx";
import { DAY_MS, windows_of, type Window } from "../shared/windows.ts";
import { at, day_text } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { now_ms, sight_of } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { record } from "../telling.ts";

/** What comes after a round that was sent back. */
export function Rework({ place }: ScreenProps) {
  const sight = sight_of(place.order);
  const later = useSignal(false);
  const help = useSignal(false);
  if (sight === undefined) return null;
  const { stream } = sight.order;
  return (
    <Screen title={_("业主不满意，怎么办？")} back={to_order(stream)}
      foot={<Primary onPress={() => go_instead(to_order(stream, "work"))}>{_("现在返工")}</Primary>}>
      <Complaint sight={sight} />
      <Card>
        <div class="actions">
          <Button onPress={() => { later.value = true; }}>{_("预约再来")}</Button>
          <Button onPress={() => { help.value = true; }}>{_("升级主管")}</Button>
        </div>
      </Card>
      {later.value && <Later stream={stream} onClose={() => { later.value = false; }} />}
      {help.value && <Help onClose={() => { help.value = false; }} />}
    </Screen>
  );
}

/** What the owner said in the round that was sent back. */
function Complaint({ sight }: { readonly sight: Sight }) {
  const { rounds, items } = sight.order;
  const sent_back = rounds.findIndex((round) => round === rounds.at(-1));
  const round = rounds[sent_back];
  const verdict = round?.verdicts.filter(({ answer }) => answer === "rejected").at(-1);
  if (round === undefined || verdict === undefined) return null;
  const last = new Map(round.inspections.map((one) => [one.item, one]));
  const words = sight.text(verdict.private, "words");
  return (
    <Card tone="warn" title={_("第 {n} 轮：验收不通过", { n: sent_back + 1 })}>
      <ul>
        {[...last.values()].filter(({ passed }) => !passed).map(({ item, reason }) => (
          <li key={item}>{what(sight, items.find((one) => one.item === item)?.private)}
            {" "}<strong>{reason}</strong></li>
        ))}
      </ul>
      {words !== "" && <p>“{words}”</p>}
      <p class="muted">
        {_("整改责任人 {who}，期限 {at}", {
          who: verdict.responsible ?? "—",
          at: verdict.due_ms === null ? "—" : at(verdict.due_ms),
        })}
      </p>
    </Card>
  );
}

function what(sight: Sight, held: ReadonlyMap<string, string> | undefined): string {
  const request = sight.order.request?.private ?? new Map<string, string>();
  return (held && sight.text(held, "what")) || sight.text(request, "fault");
}

const DAYS = [0, 1, 2, 3] as const;

function Later({ stream, onClose }: { readonly stream: string; readonly onClose: () => void }) {
  const day = useSignal<number>(1);
  const reason = choices_of("postponed")[0]?.value ?? "";
  const windows = windows_of(now_ms.value, day.value);
  const tell = async ({ start_ms, end_ms }: Window) => {
    onClose();
    if (await record(stream, "visit.appointed", { start_ms, end_ms, reason }) === null) return;
    go(to_order(stream));
  };
  return (
    <Dialog title={_("预约再来")} onClose={onClose}>
      <Chips legend={_("哪天")} chosen={[day.value]} onChoose={(one) => { day.value = one; }}
        choices={DAYS.map((one) => ({ value: one, words: day_text(now_ms.value + one * DAY_MS) }))} />
      <Chips legend={_("时段（点一下就记录）")} chosen={[]}
        onChoose={(at_) => { const one = windows[at_]; if (one) void tell(one); }}
        choices={windows.map((one, index) => ({ value: index, words: one.words }))} />
      <Button kind="quiet" onPress={onClose}>{_("返回")}</Button>
    </Dialog>
  );
}

function Help({ onClose }: { readonly onClose: () => void }) {
  const phone = duty_phone.value;
  return (
    <Dialog title={_("升级主管")} onClose={onClose}>
      <p>{_("业主不通过的结果联网后会直接到主管那里。急的话请打电话。")}</p>
      {phone === ""
        ? <a class="button" href="#/settings">{_("先在设置里填值班主管的电话")}</a>
        : <a class="button primary" href={`tel:${phone}`}>☎ {phone}</a>}
      <Button kind="quiet" onPress={onClose}>{_("返回")}</Button>
    </Dialog>
  );
}
