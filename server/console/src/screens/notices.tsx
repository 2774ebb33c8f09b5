// Notices on their way out: what waits, what could not be delivered, to whom anything may go
// at all, and the integrators' webhooks.
//
// May not enter: secrets; what a notice says about an owner.

import { Button } from "#shared/controls.tsx";
import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { post } from "../api.ts";
import { Once, useAsked } from "../parts/asked.tsx";
import { Pick } from "../parts/field.tsx";
import { Screen } from "../parts/screen.tsx";
import { Table, type Column } from "../parts/table.tsx";
import { Targets, Webhooks, type Target } from "../parts/targets.tsx";
import { filter, to_order, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import { name_of } from "../state.ts";
import { FAILURES, NOTICE_STATES, OCCASIONS } from "../wording.ts";
import "./desk.css";

interface NoticeRow {
  readonly id: string;
  readonly kind: string; // its occasion
  readonly target: string;
  readonly order: string;
  readonly number: string; // of the order
  readonly person: string;
  readonly urgent: boolean;
  readonly state: string;
  readonly tries: number;
  readonly made_ms: number;
  readonly next_ms: number | null;
  readonly sent_ms: number | null;
  readonly error: string | null;
}

interface Outgoing {
  readonly notices: readonly NoticeRow[];
  readonly counts: Readonly<Record<string, number>>;
}

type Part = "notices" | "targets" | "webhooks";

export function Notices({ place }: ScreenProps) {
  const part = (place.query.get("part") ?? "notices") as Part;
  const parts: readonly (readonly [Part, string])[] = [
    ["notices", _("通知")], ["targets", _("可以发给谁")], ["webhooks", _("接口推送")],
  ];
  return (
    <Screen title={_("通知")} tools={(
      <nav class="tools" aria-label={_("通知")}>
        {parts.map(([one, words]) => (
          <Button key={one} kind={one === part ? "primary" : "plain"}
            onPress={() => filter("part", one === "notices" ? "" : one)}>{words}</Button>
        ))}
      </nav>
    )}>
      {part === "notices" && <Outbox state={place.query.get("state") ?? "dead"} />}
      {part === "targets" && <Targets />}
      {part === "webhooks" && <Webhooks />}
    </Screen>
  );
}

/** What is on its way, and what did not arrive: that one may be sent again. */
function Outbox({ state }: { readonly state: string }) {
  const asked = useAsked<Outgoing>("/v1/notices", { state });
  const targets = useAsked<{ readonly targets: readonly Target[] }>("/v1/targets");
  const names = new Map((targets.value?.targets ?? []).map(({ id, name }) => [id, name]));
  const replay = async (id: string) => {
    await post(`/v1/notices/${id}/replay`);
    await asked.again();
  };
  const counts = asked.value?.counts ?? {};
  return (
    <>
      <div class="row of-list">
        <Pick label={_("状态")} value={state} onPick={(one) => filter("state", one)}
          choices={Object.entries(NOTICE_STATES)
            .map(([one, words]) => [one, `${_(words)} ${counts[one] ?? ""}`] as const)} />
      </div>
      <Once asked={asked}>
        {({ notices }) => (
          <Table caption={_("通知")} rows={notices} key_of={({ id }) => id}
            empty={_("没有")} columns={outbox_columns(replay, names)} />
        )}
      </Once>
    </>
  );
}

/** Why it did not arrive; what another program answered is shown as it is. */
function failure_text(code: string): string {
  const answered = /^(?:status|smtp|robot)_(-?\d+)$/.exec(code);
  if (answered !== null) return _("对方回答 {code}", { code: answered[1] });
  return _(FAILURES[code] ?? code);
}

const outbox_columns = (
  replay: (id: string) => Promise<void>, names: ReadonlyMap<string, string>,
): readonly Column<NoticeRow>[] => [
  { name: "made", words: _("时间"), shown: ({ made_ms }) => at(made_ms) },
  {
    name: "kind", words: _("内容"),
    shown: ({ kind, urgent }) => `${urgent ? "▲ " : ""}${_(OCCASIONS[kind] ?? kind)}`,
  },
  {
    name: "order", words: _("工单"),
    shown: ({ order, number }) => {
      const name = number || order.slice(0, 8) || "—";
      return order !== "" && can("order.read") ? <a href={to_order(order)}>{name}</a> : name;
    },
  },
  {
    name: "target", words: _("发给"),
    shown: ({ target, person }) => [names.get(target) ?? target, name_of(person)]
      .filter(Boolean).join(" "),
  },
  { name: "tries", words: _("次数"), number: true, shown: ({ tries }) => tries },
  {
    name: "next", words: _("发出或下次"),
    shown: ({ next_ms, sent_ms }) => {
      const ms = sent_ms ?? next_ms;
      return ms === null ? "—" : at(ms);
    },
  },
  { name: "error", words: _("为什么"), shown: ({ error }) => error === null ? "" : failure_text(error) },
  {
    name: "replay", words: _("操作"),
    shown: (one) => one.state === "dead" && can("notice.manage")
      ? <Button onPress={() => replay(one.id)}>{_("再发一次")}</Button> : "—",
  },
];
