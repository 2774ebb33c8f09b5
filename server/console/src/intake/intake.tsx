// 接单: a call is written down by keyboard, from the phone to Enter, in under half a minute.
//
// N, the number, Enter for the home, a digit each for trade, room and fault, Enter. May not
// enter: what is lacking or sent (`draft.ts`).

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { tell_person } from "#shared/notice.ts";
import { Typed } from "#shared/typed.tsx";
import { at, PRIORITIES } from "#shared/wording.ts";
import { windows_of } from "#shared/windows.ts";
import { _ } from "#shared/words.ts";
import { once, post, Problem } from "../api.ts";
import { refresh } from "../board/live.ts";
import { focused } from "../board/walking.ts";
import { SORTS } from "../cards.ts";
import type { Home } from "../shapes.ts";
import { now_ms } from "../state.ts";
import { learn_choices, learn_projects, projects, trades, usual } from "./choices.ts";
import { Digits } from "./digits.tsx";
import {
  body_of, by_itself, EMPTY, fault_of, for_home, lacking, of_trade, type Draft,
} from "./draft.ts";
import { Again, History, Homes } from "./found.tsx";
import { look_up, looked_up, when_looked_up } from "./looking_up.ts";
import { PlaceFields } from "./place_fields.tsx";

export function Intake({ onClose }: { readonly onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const draft = useSignal<Draft>(EMPTY);
  const asked = useSignal("");
  const home = useSignal<Home | null>(null);
  const by_hand = useSignal(false); // nobody was found: the place is typed
  const chosen = useSignal(0);
  const wrong = useSignal("");
  const key = useSignal(once()); // this call is written down once
  useEffect(() => {
    look_up("");
    void learn_choices().catch((why: Error) => { wrong.value = why.message; });
    void learn_projects().catch(() => undefined); // those on the board are offered anyway
  }, []);
  const say = (change: Partial<Draft>) => { draft.value = { ...draft.value, ...change }; };
  const to = (stage: string) => {
    requestAnimationFrame(() => focus_on(box.current, stage)); // when it is drawn
  };
  const pick = (change: Partial<Draft>, next: string) => { say(change); to(next); };
  const settle = (one: Home | undefined) => {
    home.value = one ?? null;
    by_hand.value = one === undefined;
    draft.value = one === undefined
      ? by_itself(draft.value, asked.value, projects.value)
      : for_home(draft.value, one, asked.value);
    to(one === undefined ? "place" : "trade");
  };
  const find = async () => settle((await when_looked_up()).homes[chosen.value]);
  const save = async () => {
    const lack = lacking(draft.value);
    if (lack !== null) {
      wrong.value = _(lack.words);
      if (lack.at === "place") by_hand.value = true;
      to(lack.at);
      return;
    }
    try {
      const made = await post<Made>("/v1/orders", body_of(draft.value), { once: key.value });
      onClose();
      tell_person({ words: _("已接单 {number}；按 D 派单", { number: made.number }) });
      await refresh();
      focused.value = { id: made.id };
    } catch (why) {
      if (!(why instanceof Problem)) throw why;
      wrong.value = why.message;
    }
  };
  const said = draft.value;
  const found = looked_up.value;
  return (
    <Dialog title={_("接单")} onClose={onClose}>
      <div class="intake" ref={box} onKeyDown={(event) => {
        if (event.key === "Enter" && sends(event)) { event.preventDefault(); void save(); }
      }}>
        <div class="stack">
          <div class="field">
            <label for="asked">{_("电话、房号或姓名")}</label>
            <input id="asked" data-stage="who" autofocus autocomplete="off" value={asked.value}
              onInput={(event) => {
                asked.value = event.currentTarget.value;
                chosen.value = 0;
                look_up(asked.value);
              }}
              onKeyDown={(event) => {
                const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
                const last = (looked_up.value?.homes.length ?? 1) - 1;
                if (step !== undefined) {
                  chosen.value = Math.min(last, Math.max(0, chosen.value + step));
                } else if (event.key !== "Enter" || event.isComposing) return;
                else void find();
                event.preventDefault();
                event.stopPropagation();
              }} />
          </div>
          {(home.value !== null || by_hand.value) &&
            <PlaceFields draft={said} open={by_hand.value} onSay={say}
              onChange={() => { by_hand.value = true; to("place"); }} />}
          <Digits name="trade" legend={_("工种")} chosen={said.trade}
            choices={trades().map(spoken)} onChoose={(trade) => pick({ trade }, "where")} />
          <Digits name="where" legend={_("部位")} chosen={said.where}
            choices={usual("where", said.trade).map(spoken)}
            onChoose={(where) => pick({ where, typed: null }, "what")} />
          <Digits name="what" legend={_("故障")} chosen={said.what}
            choices={usual("what", said.trade).map(spoken)}
            onChoose={(what) => pick({ what, typed: null }, "priority")} />
          <Typed label={_("报修内容")} value={fault_of(said)}
            onType={(typed) => say({ typed })} />
          <Digits name="priority" legend={_("紧急程度")} chosen={said.priority}
            choices={[...Object.keys(PRIORITIES)].reverse()
              .map((value) => ({ value, words: _(PRIORITIES[value] ?? value) }))}
            onChoose={(priority) => pick({ priority }, "save")} />
          <Slots draft={said} onSay={say} />
          <Typed label={_("备注")} value={said.remark} onType={(remark) => say({ remark })} />
          <Digits name="sort" legend={_("类型")} chosen={said.sort}
            choices={Object.entries(SORTS).map(([value, words]) => ({ value, words: _(words) }))}
            onChoose={(sort) => say({ sort })} />
        </div>
        <aside class="stack" aria-label={_("住户与历史")}>
          {home.value === null
            ? <Waiting busy={found === null} asked={asked.value} count={found?.homes.length ?? 0} />
            : <History orders={home.value.orders} />}
          {home.value === null && found !== null &&
            <Homes homes={found.homes} at={chosen.value} onChoose={settle} />}
          {home.value !== null && <Again duplicates={same(home.value, said, found?.duplicates)}
            repeats={same(home.value, said, found?.repeats)} />}
        </aside>
        <div class="ends">
          <span role="alert" class="wrong">{wrong.value}</span>
          <Button onPress={onClose}>{_("取消")}</Button>
          <button type="button" class="button primary" data-stage="save" onClick={() => void save()}>
            {_("保存工单")} <kbd>↵</kbd>
          </button>
        </div>
      </div>
    </Dialog>
  );
}

interface Made {
  readonly id: string;
  readonly number: string;
}

function spoken(value: string) {
  return { value, words: _(value) };
}

/** Does Enter send from here? In a list of answers and in typed text it does, on a button
 * that does something else it does that. */
function sends(event: KeyboardEvent): boolean {
  if (event.isComposing) return false;
  const on = event.target as HTMLElement;
  return on.matches("input, [role=radio]") || event.ctrlKey;
}

function focus_on(box: HTMLElement | null, stage: string): void {
  const found = box?.querySelector<HTMLElement>(`[data-stage=${stage}]`);
  const inside = found?.matches("[role=radiogroup]")
    ? found.querySelector<HTMLElement>("[tabindex='0']") : found;
  inside?.focus();
}

/** The server names orders of this home that look the same; of them those of the trade. */
function same(home: Home, draft: Draft, named: readonly { readonly id: string }[] = []) {
  const ids = new Set(named.map(({ id }) => id));
  return of_trade(home.orders, draft).filter(({ id }) => ids.has(id));
}

function Waiting({ busy, asked, count }: {
  readonly busy: boolean; readonly asked: string; readonly count: number;
}) {
  if (busy) return <p class="muted" aria-busy="true">{_("正在查找……")}</p>;
  if (asked.trim().length < 2) return <p class="muted">{_("输入电话后几位、房号或姓名")}</p>;
  return (
    <p class="muted" role="status">
      {count === 0 ? _("没有找到住户；按 Enter 手工填写") : _("找到 {n} 户；↑↓ 选择，Enter 确定", { n: count })}
    </p>
  );
}

function Slots({ draft, onSay }: {
  readonly draft: Draft; readonly onSay: (change: Partial<Draft>) => void;
}) {
  const all = [0, 1, 2].flatMap((days) => windows_of(now_ms.value, days)).slice(0, 12);
  const value = draft.appointment === null ? "" : String(draft.appointment.start_ms);
  return (
    <label class="field">{_("预约时段")}
      <select value={value} onChange={(event) => {
        const one = all.find(({ start_ms }) => String(start_ms) === event.currentTarget.value);
        onSay({ appointment: one === undefined ? null
          : { start_ms: one.start_ms, end_ms: one.end_ms } });
      }}>
        <option value="">{_("暂不约定")}</option>
        {all.map(({ start_ms, words }) => (
          <option key={start_ms} value={String(start_ms)}>{at(start_ms).slice(0, -5)} {words}</option>
        ))}
      </select>
    </label>
  );
}
