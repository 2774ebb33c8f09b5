// Who may do which work, by certificate and until when (P2). What runs out soon stands on top.
//
// Many at once come in by `doorstep import qualifications`. May not enter: whether somebody
// may be assigned, which the server decides; how one is changed (`parts/certificates.tsx`).

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { _ } from "#shared/words.ts";
import { Once, useAsked } from "../parts/asked.tsx";
import { Certificates, what_words, type Qualification } from "../parts/certificates.tsx";
import { Screen } from "../parts/screen.tsx";
import { Table, type Column } from "../parts/table.tsx";
import { to, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import { name_of, now_ms } from "../state.ts";
import "./desk.css";

interface Held {
  readonly demanded: boolean; // is anybody without one turned away?
  readonly qualifications: readonly Qualification[];
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

export function Qualifications(_props: ScreenProps) {
  const asked = useAsked<Held>("/v1/qualifications");
  const editing = useSignal<string | null>(null); // a person; "" to be chosen
  const tools = (
    <div class="tools">
      <a class="button" href={to("roster")}>{_("值班表")}</a>
      {can("roster.write", "*") && (
        <Button kind="primary" onPress={() => { editing.value = ""; }}>{_("登记证书")}</Button>
      )}
    </div>
  );
  return (
    <Screen title={_("资质证书")} tools={tools}>
      <Once asked={asked}>
        {({ demanded, qualifications }) => (
          <>
            <p>{demanded ? _("没有有效证书的人不能派单。")
              : _("还没有登记过证书，派单不受限；登记第一张起，没有有效证书的人不能派。")}</p>
            <Table caption={_("资质证书")} columns={columns((who) => { editing.value = who; })} empty={_("没有")}
              key_of={(one) => `${one.person} ${one.what} ${one.certificate}`}
              rows={[...qualifications].sort(soonest_first)} />
          </>
        )}
      </Once>
      {editing.value !== null && (
        <Certificates key={editing.value} person={editing.value}
          onPerson={(who) => { editing.value = who; }}
          onClose={() => { editing.value = null; void asked.again(); }} />
      )}
    </Screen>
  );
}

function soonest_first(one: Qualification, other: Qualification): number {
  const [a, b] = [one.valid_until || "9999", other.valid_until || "9999"];
  return a < b ? -1 : a > b ? 1 : 0;
}

const columns = (open: (who: string) => void): readonly Column<Qualification>[] => [
  {
    name: "person", words: _("姓名"),
    shown: ({ person }) => <a href={to("people", person)}>{name_of(person)}</a>,
  },
  { name: "what", words: _("专业或要求"), shown: ({ what }) => what_words(what) },
  { name: "certificate", words: _("证号"), shown: ({ certificate }) => certificate || "—" },
  { name: "from", words: _("从"), shown: ({ valid_from }) => valid_from || "—" },
  { name: "until", words: _("到"), shown: ({ valid_until }) => valid_until || _("长期") },
  { name: "state", words: _("现在"), shown: (one) => state_text(one) },
  {
    name: "edit", words: _("操作"),
    shown: ({ person }) => can("roster.write", "*")
      ? (
        <Button onPress={() => open(person)}>
          {_("更新")}<span class="unseen"> {name_of(person)}</span>
        </Button>
      ) : "—",
  },
];

function state_text({ state, valid_until }: Qualification): string {
  if (state === "not_yet") return `○ ${_("还没有生效")}`;
  if (state === "expired") return `✕ ${_("已过期，不能派单")}`;
  if (valid_until === "") return `✓ ${_("有效")}`;
  const days = Math.ceil((Date.parse(valid_until) - now_ms.value) / DAY_MS);
  return days > SOON_DAYS ? `✓ ${_("有效")}` : `◆ ${_("{n} 天后过期", { n: Math.max(0, days) })}`;
}
