// When and by whom, in fields: for whoever does not drag, and for orders without a time.
//
// May not enter: the grid.

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { crew } from "../board/crew.ts";
import { card_name } from "../cards.ts";
import { AskReason } from "../parts/ask_reason.tsx";
import { Warnings } from "../parts/warnings.tsx";
import { can } from "../session.ts";
import type { Card } from "../shapes.ts";
import { name_of } from "../state.ts";
import { day_of } from "./day.ts";
import {
  asking, changes_person, changes_time, decide, leave, moving, put_down, take_up, USUAL_MS,
} from "./moving.ts";

/** The reason for what was moved. */
export function AskWhy() {
  const move = moving.value;
  if (move === null || !asking.value) return null;
  const usual = [_("业主要求改时间"), _("师傅时间冲突"), _("缺配件"), _("需要其他专业")];
  return (
    <AskReason title={_("改约 · {home}", { home: card_name(move.card) })} usual={usual}
      verb={_("确定")} onDecide={(reason) => decide(move, reason)} onClose={leave}
      needed={move.card.appointment !== null}>
      <Warnings card={move.card} long />
      <p>
        {changes_time(move) && <strong>{at(move.to.start_ms)}–{at(move.to.end_ms).slice(-5)}</strong>}{" "}
        {changes_person(move) && _("由 {name} 上门", { name: name_of(move.technician) })}
      </p>
    </AskReason>
  );
}

/** Set a time for this order. */
export function SetTime({ card, day, onClose }: {
  readonly card: Card; readonly day: string; readonly onClose: () => void;
}) {
  const had = card.appointment;
  const date = useSignal(had === null ? day : day_of(had.start_ms));
  const from = useSignal(had === null ? "09:00" : at(had.start_ms).slice(-5));
  const length = useSignal(had === null ? USUAL_MS : had.end_ms - had.start_ms);
  const who = useSignal(card.technician ?? "");
  const next = (event: Event) => {
    event.preventDefault();
    const start_ms = new Date(`${date.value}T${from.value}`).getTime();
    if (Number.isNaN(start_ms)) return;
    const to = { start_ms, end_ms: start_ms + length.value };
    onClose();
    put_down({ ...take_up(card, start_ms), to, technician: who.value || card.technician });
  };
  return (
    <Dialog title={_("约时间 · {home}", { home: card_name(card) })} onClose={onClose}>
      <form class="stack set-time" onSubmit={next}>
        <label class="field">{_("日期")}
          <input type="date" required value={date.value}
            onInput={(event) => { date.value = event.currentTarget.value; }} />
        </label>
        <label class="field">{_("开始")}
          <input type="time" required step={900} value={from.value}
            onInput={(event) => { from.value = event.currentTarget.value; }} />
        </label>
        <label class="field">{_("时长")}
          <select value={String(length.value)}
            onChange={(event) => { length.value = Number(event.currentTarget.value); }}>
            {[30, 60, 90, 120, 180, 240].map((minutes) => (
              <option key={minutes} value={String(minutes * 60_000)}>{_("{n} 分钟", { n: minutes })}</option>
            ))}
          </select>
        </label>
        {can("order.dispatch", card.project) && (
          <label class="field">{_("师傅")}
            <select value={who.value} onChange={(event) => { who.value = event.currentTarget.value; }}>
              <option value="">{_("先不派")}</option>
              {crew.value.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
            </select>
          </label>
        )}
        <div class="ends">
          <Button onPress={onClose}>{_("取消")}</Button>
          <button type="submit" class="button primary">{_("下一步")}</button>
        </div>
      </form>
    </Dialog>
  );
}
