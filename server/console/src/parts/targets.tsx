// Where anything may be sent at all, and the programs of others that are told what happens.
//
// Kept by administrators. May not enter: what is sent.

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { _ } from "#shared/words.ts";
import { KINDS } from "#sync/facts.ts";
import { once, post, remove } from "../api.ts";
import { can } from "../session.ts";
import { AUDIENCES, TARGETS } from "../wording.ts";
import { Form, Once, useAsked } from "./asked.tsx";
import { Field, Pick } from "./field.tsx";
import { Table, type Column } from "./table.tsx";

export interface Target {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly address: string;
  readonly project: string;
  readonly audiences: readonly string[];
}

/** The only places that anything may be sent to (X14). */
export function Targets() {
  const asked = useAsked<{ readonly targets: readonly Target[] }>("/v1/targets");
  const adding = useSignal(false);
  const drop = async (id: string) => {
    await remove(`/v1/targets/${id}`);
    await asked.again();
  };
  return (
    <>
      <div class="row">
        <p>{_("只有这里列出的地方能收到通知。")}</p>
        {can("notice.manage") &&
          <Button onPress={() => { adding.value = true; }}>{_("加一个")}</Button>}
      </div>
      <Once asked={asked}>
        {({ targets }) => (
          <Table caption={_("可以发给谁")} rows={targets} key_of={({ id }) => id}
            empty={_("还没有；不会发出任何通知")} columns={target_columns(drop)} />
        )}
      </Once>
      {adding.value &&
        <AddTarget onClose={() => { adding.value = false; void asked.again(); }} />}
    </>
  );
}

const target_columns = (drop: (id: string) => Promise<void>): readonly Column<Target>[] => [
  { name: "kind", words: _("方式"), shown: ({ kind }) => _(TARGETS[kind] ?? kind) },
  { name: "name", words: _("名称"), shown: ({ name }) => name },
  { name: "address", words: _("地址"), shown: ({ address }) => address },
  {
    name: "project", words: _("项目"),
    shown: ({ project }) => project === "*" ? _("全部项目") : project,
  },
  {
    name: "audiences", words: _("收什么"),
    shown: ({ audiences }) => audiences.map((one) => _(AUDIENCES[one] ?? one)).join(_("、")),
  },
  {
    name: "drop", words: _("操作"),
    shown: ({ id }) => can("notice.manage")
      ? <Button onPress={() => drop(id)}>{_("去掉")}</Button> : "—",
  },
];

function AddTarget({ onClose }: { readonly onClose: () => void }) {
  const kind = useSignal("wecom");
  const name = useSignal("");
  const address = useSignal("");
  const project = useSignal("*");
  const secret = useSignal("");
  const key = useSignal(once());
  const send = async () => {
    await post("/v1/targets", {
      kind: kind.value, name: name.value.trim(), address: address.value.trim(),
      project: project.value.trim(),
      ...(secret.value === "" ? {} : { secret: secret.value }),
    }, { once: key.value });
  };
  return (
    <Form title={_("可以发给谁")} words={_("加上")} onSend={send} onClose={onClose}
      ready={name.value.trim() !== "" && address.value.trim() !== ""}>
      <Pick label={_("方式")} value={kind.value} onPick={(one) => { kind.value = one; }}
        choices={Object.entries(TARGETS).map(([one, words]) => [one, _(words)] as const)} />
      <Field label={_("名称")} value={name.value} onType={(one) => { name.value = one; }} />
      <Field label={_("地址（机器人地址、邮箱或手机号）")} value={address.value}
        onType={(one) => { address.value = one; }} />
      <p class="small">{_("邮箱或手机号写 *，就发到本人登记的那个")}</p>
      <Field label={_("项目（* 是全部）")} value={project.value}
        onType={(one) => { project.value = one; }} />
      <Field label={_("机器人的加签密钥（没有就不填）")} value={secret.value}
        onType={(one) => { secret.value = one; }} />
    </Form>
  );
}

interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly kinds: readonly string[];
  readonly secret?: string;
}

/** Programs of others that are told what happens, by the Standard Webhooks convention. */
export function Webhooks() {
  const asked = useAsked<{ readonly webhooks: readonly Webhook[] }>("/v1/webhooks");
  const adding = useSignal(false);
  const rotating = useSignal<Webhook | null>(null);
  const drop = async (id: string) => {
    await remove(`/v1/webhooks/${id}`);
    await asked.again();
  };
  return (
    <>
      <div class="row">
        <p>{_("别的程序按 Standard Webhooks 约定收到每条记录的编号；要内容，再用接口来取。")}</p>
        {can("notice.manage") &&
          <Button onPress={() => { adding.value = true; }}>{_("加一个")}</Button>}
      </div>
      <Once asked={asked}>
        {({ webhooks }) => (
          <Table caption={_("接口推送")} rows={webhooks} key_of={({ id }) => id}
            empty={_("没有")} columns={hook_columns(drop, (one) => { rotating.value = one; })} />
        )}
      </Once>
      {rotating.value !== null &&
        <Rotate of={rotating.value} onClose={() => { rotating.value = null; }} />}
      {adding.value &&
        <AddWebhook onClose={() => { adding.value = false; void asked.again(); }} />}
    </>
  );
}

const hook_columns = (
  drop: (id: string) => Promise<void>, rotate: (one: Webhook) => void,
): readonly Column<Webhook>[] => [
  { name: "url", words: _("地址"), shown: ({ url }) => url },
  { name: "kinds", words: _("内容"), shown: ({ kinds }) => kinds.map(kind_words).join(_("、")) || _("全部") },
  {
    name: "drop", words: _("操作"),
    shown: (one) => can("notice.manage") ? (
      <span class="row">
        <Button onPress={() => { rotate(one); }}>{_("换密钥")}</Button>
        <Button onPress={() => drop(one.id)}>{_("去掉")}</Button>
      </span>
    ) : "—",
  },
];

function kind_words(kind: string): string {
  return _(KINDS.get(kind)?.label ?? kind);
}

function AddWebhook({ onClose }: { readonly onClose: () => void }) {
  const url = useSignal("");
  const made = useSignal<Webhook | null>(null);
  const key = useSignal(once());
  const send = async () => {
    made.value = await post<Webhook>("/v1/webhooks", { url: url.value.trim() },
      { once: key.value });
  };
  return (
    <Form title={_("接口推送")} words={made.value === null ? _("加上") : _("记好了")}
      ready={url.value.trim() !== ""} onClose={() => { if (made.value === null) onClose(); }}
      onSend={made.value === null ? send : () => { onClose(); return Promise.resolve(); }}>
      <Field label={_("地址")} value={url.value}
        onType={(one) => { url.value = one; }} />
      {made.value?.secret !== undefined && (
        <p role="status">{_("签名密钥只显示这一次：")}<output class="code">{made.value.secret}</output></p>
      )}
    </Form>
  );
}

/** A new secret, shown this once; the old one signs beside it for a while. */
function Rotate({ of, onClose }: { readonly of: Webhook; readonly onClose: () => void }) {
  const secret = useSignal<string | null>(null);
  const send = async () => {
    secret.value = (await post<{ readonly secret: string }>(`/v1/webhooks/${of.id}/rotate`)).secret;
  };
  return (
    <Form title={_("换密钥")} words={secret.value === null ? _("换密钥") : _("记好了")} ready
      onClose={() => { if (secret.value === null) onClose(); }}
      onSend={secret.value === null ? send : () => { onClose(); return Promise.resolve(); }}>
      <p>{of.url}</p>
      {secret.value === null
        ? <p>{_("换好以后一天之内新旧两个密钥都签名，请在这之前让对方改用新的。")}</p>
        : (
          <p role="status">
            {_("签名密钥只显示这一次：")}<output class="code">{secret.value}</output>
          </p>
        )}
    </Form>
  );
}
