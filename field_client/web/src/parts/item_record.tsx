// What was done to one item, by chips; and what colleagues wrote down beside it.
//
// May not enter: what is told, which is the screen's.

import type { WorkRecord } from "../../../../sync/order.ts";
import { goods_name, others_parts } from "../job/basket.ts";
import {
  answers, CAUSES, chips, most_used_first, REMEDIES, used,
} from "../job/choosing.ts";
import { author_of, type RecordDraft } from "../job/recording.ts";
import { me, policy } from "../present.ts";
import { Chips } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { yuan_text } from "../shared/money.ts";
import { Typed } from "../shared/typed.tsx";
import { minutes_text, PAYERS } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { sights } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";

const MINUTES = [15, 30, 60, 90, 120, 240] as const;

interface ItemRecordProps {
  readonly sight: Sight;
  readonly item: number;
  readonly now: RecordDraft;
  readonly onChange: (to: Partial<RecordDraft>) => void;
}

/** The record of one item: chips that begin as surveyed. */
export function ItemRecord({ sight, item, now, onChange: change }: ItemRecordProps) {
  const found = sight.order.items.find((one) => one.item === item);
  const counts = (before: typeof CAUSES) => used(before, sights.value.values(), sight);
  const trade = found?.trade ?? "";
  const told = sight.order.records.find((one) => one.item === item);
  return (
    <Card title={title_of(sight, item)}>
      {told !== undefined && <Author sight={sight} record={told} />}
      <Chips legend={_("原因")} chosen={[now.cause]} onChoose={(cause) => change({ cause })}
        choices={chips(most_used_first(
          answers(policy.value, "cause", trade), counts(CAUSES)), [now.cause])} />
      <Chips legend={_("处理")} chosen={[now.remedy]} onChoose={(remedy) => change({ remedy })}
        choices={chips(most_used_first(
          answers(policy.value, "remedy", trade), counts(REMEDIES)), [now.remedy])} />
      <Chips legend={_("工时")} chosen={[now.minutes]} onChoose={(minutes) => change({ minutes })}
        choices={minutes_offered(now.minutes).map((value) => ({
          value, words: minutes_text(value),
        }))} />
      <Chips legend={_("试验")} several chosen={now.tests}
        choices={chips(answers(policy.value, "test", trade), now.tests)}
        onChoose={(one) => change({ tests: turned(now.tests, one) })} />
      <details>
        <summary>{_("补充说明、业主意见")}</summary>
        <Typed label={_("补充说明")} long value={now.words} onType={(words) => change({ words })} />
        <Typed label={_("业主意见")} long value={now.remarks}
          onType={(remarks) => change({ remarks })} />
      </details>
    </Card>
  );
}

function minutes_offered(chosen: number): readonly number[] {
  return [...new Set([...MINUTES, chosen])].filter((one) => one > 0)
    .sort((one, other) => one - other);
}

function turned(held: readonly string[], one: string): readonly string[] {
  return held.includes(one) ? held.filter((other) => other !== one) : [...held, one];
}

/** What an item is called, and who bears it. */
export function title_of(sight: Sight, item: number): string {
  const found = sight.order.items.find((one) => one.item === item);
  if (found === undefined) return `${item}.`;
  const words = [sight.text(found.private, "where"), sight.text(found.private, "what")];
  return `${item}. ${words.filter(Boolean).map((one) => _(one)).join(" ")} · ${_(PAYERS[found.payer])}`;
}

/** Who wrote the record that stands, if it was not I. */
function Author({ sight, record }: { readonly sight: Sight; readonly record: WorkRecord }) {
  const by = author_of(sight.order, record.fact);
  return by === me.value || by === "" ? null
    : <p class="muted">{_("{who} 已填：{cause}，{remedy}",
      { who: by, cause: _(record.cause), remedy: _(record.remedy) })}</p>;
}

/** What colleagues used: it stands, and counts. */
export function Colleagues({ sight }: { readonly sight: Sight }) {
  const { order } = sight;
  const parts = others_parts(order, me.value);
  if (!parts.length) return null;
  const lists = policy.value.price_lists;
  return (
    <Card title={_("同事用的料")}>
      <ul class="lines">
        {parts.map(({ fact, line, price_list, private: held }) => (
          <li key={fact}>
            <span class="grow">{goods_name(
              { ...line, name: sight.text(held, "name"), price_list, labour: false }, lists)}
              {" "}× {line.quantity} <span class="muted">{author_of(order, fact)}</span></span>
            <span class="num sum">{yuan_text(line.quantity * line.price_fen)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
