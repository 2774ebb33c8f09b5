// Tablets: who has them, when they were last heard of, what they still hold alone; enrolling
// one, shutting one out, and what a lost one takes with it.
//
// What is unsent is as of the last contact and says so. May not enter: keys, codes of others.

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { QrCode } from "#shared/qr_code.tsx";
import { at, size_text } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { post } from "../api.ts";
import { Form, Once, useAsked } from "../parts/asked.tsx";
import { Pick } from "../parts/field.tsx";
import { Lost, type DeviceReport } from "../parts/lost.tsx";
import { Contact } from "../parts/person.tsx";
import { is_said, NO_REASON, Reason, as_words, type Why } from "../parts/why.tsx";
import { Screen } from "../parts/screen.tsx";
import { Table, type Column } from "../parts/table.tsx";
import { filter, to, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import { name_of, people } from "../state.ts";
import "./desk.css";

/** A tablet, as it last told of itself. */
type Tablet = Omit<DeviceReport, "logs" | "orders" | "others">;

export function Devices({ place }: ScreenProps) {
  return place.id === null
    ? <AllDevices enrol={place.query.get("enrol")} /> : <OneDevice id={place.id} />;
}

function AllDevices({ enrol }: { readonly enrol: string | null }) {
  const asked = useAsked<{ readonly devices: readonly Tablet[] }>("/v1/devices");
  return (
    <Screen title={_("平板")} tools={can("device.manage") && (
      <div class="tools">
        <Button kind="primary" onPress={() => filter("enrol", "?")}>{_("登记新平板")}</Button>
      </div>
    )}>
      <Once asked={asked}>
        {({ devices }) => (
          <Table caption={_("平板")} columns={columns()} key_of={({ id }) => id}
            rows={[...devices].sort(worst_first)} empty={_("还没有登记过平板")} />
        )}
      </Once>
      {enrol !== null && (
        <Enrol person={enrol === "?" ? "" : enrol}
          onClose={() => { filter("enrol", ""); void asked.again(); }} />
      )}
    </Screen>
  );
}

/** What is in use before what is shut out; what was not heard of for longest on top. */
function worst_first(one: Tablet, other: Tablet): number {
  const out = Number(one.revoked_ms !== null) - Number(other.revoked_ms !== null);
  return out || (one.contact_ms ?? 0) - (other.contact_ms ?? 0);
}

const columns = (): readonly Column<Tablet>[] => [
  {
    name: "name", words: _("平板"),
    shown: ({ id, name }) => <a href={to("devices", id)}>{name || id}</a>,
  },
  { name: "people", words: _("使用人"), shown: (one) => one.people.map(name_of).join(_("、")) },
  { name: "contact", words: _("最后联系"), shown: (one) => <Contact ms={one.contact_ms} /> },
  { name: "unsent", words: _("未交"), number: true, shown: ({ unsent }) => unsent_text(unsent) },
  { name: "drift", words: _("时钟"), shown: ({ drift_ms }) => drift_text(drift_ms) },
  { name: "storage", words: _("存储"), shown: ({ storage }) => storage_text(storage) },
  { name: "client", words: _("版本"), shown: ({ client }) => client ?? "—" },
  {
    name: "state", words: _("状态"),
    shown: ({ revoked_ms }) => revoked_ms === null ? _("在用")
      : _("{at} 停用", { at: at(revoked_ms) }),
  },
];

/** What it held alone when it was last heard of. */
export function unsent_text(unsent: number | null): string {
  if (unsent === null) return _("没有说");
  return unsent === 0 ? _("没有") : _("{n} 条", { n: unsent });
}

const WRONG_MS = 2 * 60_000; // a clock further off is remarked

/** How wrong its clock was, in words; never a reproach. */
export function drift_text(drift_ms: number | null): string {
  if (drift_ms === null) return "—";
  const seconds = Math.round(Math.abs(drift_ms) / 1000);
  if (Math.abs(drift_ms) < WRONG_MS) return _("准（差 {n} 秒）", { n: seconds });
  const minutes = Math.round(seconds / 60);
  return drift_ms > 0 ? _("快 {n} 分", { n: minutes }) : _("慢 {n} 分", { n: minutes });
}

function storage_text(storage: Tablet["storage"]): string {
  if (storage === null) return "—";
  const kept = storage.persisted ? _("受保护") : _("可能被浏览器清理");
  return _("{kept}，剩 {size}", { kept, size: size_text(storage.free_bytes) });
}

interface EnrolCode {
  readonly code: string;
  readonly link: string;
  readonly expires_ms: number;
}

/** A code for one person's tablet, as a QR code that is drawn here and leaves nowhere. */
function Enrol({ person, onClose }: {
  readonly person: string; readonly onClose: () => void;
}) {
  const who = useSignal(person);
  const code = useSignal<EnrolCode | null>(null);
  const technicians = [...people.value.values()]
    .filter(({ active, grants }) => active && grants.some(({ role }) => role === "technician"));
  const send = async () => {
    code.value = await post<EnrolCode>("/v1/devices/codes", { person: who.value });
  };
  if (code.value !== null) {
    const { link, expires_ms } = code.value;
    return (
      <Form title={_("给 {name} 登记平板", { name: name_of(who.value) })} words={_("扫好了")}
        ready onSend={() => Promise.resolve()} onClose={onClose}>
        <p>{_("在平板上用相机扫这个码，或打开下面的地址。只能用一次，到 {at} 为止。", {
          at: at(expires_ms),
        })}</p>
        <QrCode text={link} label={_("登记用的二维码")} />
        <p class="code">{code.value.code}</p>
        <p class="small">{link}</p>
      </Form>
    );
  }
  // What is asked first stays open: the code is shown in its place.
  return (
    <Form title={_("登记新平板")} words={_("出二维码")} ready={who.value !== ""} onSend={send}
      onClose={() => { if (code.value === null) onClose(); }}>
      <Pick label={_("谁用")} value={who.value} onPick={(one) => { who.value = one; }}
        choices={[["", _("请选择")],
          ...technicians.map(({ id, name }) => [id, name] as const)]} />
    </Form>
  );
}

function OneDevice({ id }: { readonly id: string }) {
  const asked = useAsked<DeviceReport>(`/v1/devices/${id}`);
  const revoking = useSignal(false);
  const held = asked.value;
  return (
    <Screen title={held?.name || id}
      tools={<a class="button no-print" href={to("devices")}>{_("全部平板")}</a>}>
      <Once asked={asked}>
        {(one) => (
          <>
            <section class="panel">
              <dl class="facts">
                <dt>{_("使用人")}</dt><dd>{one.people.map(name_of).join(_("、"))}</dd>
                <dt>{_("登记")}</dt><dd>{at(one.enrolled_ms)}</dd>
                <dt>{_("最后联系")}</dt><dd><Contact ms={one.contact_ms} /></dd>
                <dt>{_("那时未交")}</dt><dd>{unsent_text(one.unsent)}</dd>
                <dt>{_("时钟")}</dt><dd>{drift_text(one.drift_ms)}</dd>
                <dt>{_("存储")}</dt><dd>{storage_text(one.storage)}</dd>
                <dt>{_("版本")}</dt><dd>{one.client ?? "—"}</dd>
                {one.revoked_ms !== null &&
                  <><dt>{_("停用")}</dt><dd>{at(one.revoked_ms)} {one.reason}</dd></>}
              </dl>
              {can("device.manage") && one.revoked_ms === null && (
                <div class="row no-print">
                  <Button kind="danger" onPress={() => { revoking.value = true; }}>
                    {_("停用（丢失、离职、损坏）")}
                  </Button>
                </div>
              )}
            </section>
            <Lost device={one} />
            {revoking.value && (
              <Revoke device={one}
                onClose={() => { revoking.value = false; void asked.again(); }} />
            )}
          </>
        )}
      </Once>
    </Screen>
  );
}

const WHY_REVOKED = ["lost", "stolen", "broken", "left", "replaced"] as const;

function Revoke({ device, onClose }: {
  readonly device: DeviceReport; readonly onClose: () => void;
}) {
  const why = useSignal<Why>(NO_REASON);
  const send = async () => {
    await post(`/v1/devices/${device.id}/revoke`, { reason: as_words(why.value) });
  };
  return (
    <Form title={_("停用 {name}", { name: device.name || device.id })} words={_("停用")} grave
      ready={is_said(why.value, WHY_REVOKED)} onSend={send} onClose={onClose}>
      <p>{_("停用后不再收它的新记录；它下次联系时清除本机内容。此前已写下、还没交的，收到后隔离保管。")}</p>
      <Reason reasons={WHY_REVOKED} why={why.value} onChange={(one) => { why.value = one; }} />
    </Form>
  );
}
