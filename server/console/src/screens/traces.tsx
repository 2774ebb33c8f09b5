// Who read or changed something about an order, and when (S2); for auditors.
//
// May not enter: what was read.

import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { Once, useAsked } from "../parts/asked.tsx";
import { Screen } from "../parts/screen.tsx";
import { Table, type Column } from "../parts/table.tsx";
import { to_order, type ScreenProps } from "../routes.ts";
import { name_of } from "../state.ts";
import { TRACES } from "../wording.ts";
import "./desk.css";

interface Trace {
  readonly at_ms: number;
  readonly person: string;
  readonly action: string;
  readonly what: string;
}

export function Traces({ place }: ScreenProps) {
  const id = place.id ?? "";
  const asked = useAsked<{ readonly traces: readonly Trace[] }>(`/v1/orders/${id}/traces`);
  const tools = (
    <div class="tools"><a class="button" href={to_order(id)}>{_("回到工单")}</a></div>
  );
  return (
    <Screen title={_("查阅记录")} tools={tools}>
      <p>{_("看过业主姓名、电话的，每人每小时记一次。改动都在工单的经过里。")}</p>
      <Once asked={asked}>
        {({ traces }) => (
          <Table caption={_("查阅记录")} columns={columns()} rows={traces}
            key_of={(one) => `${one.at_ms} ${one.person} ${one.action} ${one.what}`}
            empty={_("没有人查阅过")} />
        )}
      </Once>
    </Screen>
  );
}

const columns = (): readonly Column<Trace>[] => [
  { name: "at", words: _("时间"), shown: ({ at_ms }) => <span class="num">{at(at_ms)}</span> },
  { name: "person", words: _("谁"), shown: ({ person }) => name_of(person) },
  { name: "action", words: _("做了什么"), shown: ({ action }) => _(TRACES[action] ?? action) },
  { name: "what", words: _("内容"), shown: ({ what }) => what },
];
