// Who works here and what each may do where; one person's page with their roles, contact,
// one-time code and devices.
//
// Rules are a table in `#sync/access.ts`. May not enter: passwords.

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { once, patch, post, put } from "../api.ts";
import { Form, Once, useAsked } from "../parts/asked.tsx";
import { Field, Pick } from "../parts/field.tsx";
import { Screen } from "../parts/screen.tsx";
import { Table, type Column } from "../parts/table.tsx";
import { filter, to, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import type { Grant } from "../shapes.ts";
import { learn_people } from "../state.ts";
import { ROLES } from "../wording.ts";
import "./desk.css";

/** Somebody, as the list of people has them. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly phone?: string;
  readonly email?: string;
  readonly active: boolean;
}

interface Page {
  readonly people: readonly Row[];
  readonly next: string | null;
}

export function PeopleScreen({ place }: ScreenProps) {
  return place.id === null ? <Everybody query={place.query} /> : <OnePerson id={place.id} />;
}

function Everybody({ query }: { readonly query: URLSearchParams }) {
  const role = query.get("role") ?? "";
  const search = query.get("q") ?? "";
  const asked = useAsked<Page>("/v1/people", { role, limit: 500 });
  const adding = useSignal(false);
  const tools = (
    <div class="tools">
      <Pick label={_("角色")} value={role} choices={role_choices(_("全部"))}
        onPick={(one) => filter("role", one)} />
      <Field label={_("姓名或账号")} type="search" value={search}
        onType={(one) => filter("q", one)} />
      {can("project.read") && <a class="button" href={to("projects")}>{_("项目")}</a>}
      {can("people.write") && (
        <Button kind="primary" onPress={() => { adding.value = true; }}>{_("加人")}</Button>
      )}
    </div>
  );
  return (
    <Screen title={_("人员")} tools={tools}>
      <Once asked={asked}>
        {({ people }) => (
          <Table caption={_("人员")} columns={columns()} key_of={({ id }) => id}
            rows={people.filter((one) => `${one.name}${one.id}`.includes(search))}
            empty={_("没有这样的人")} />
        )}
      </Once>
      {adding.value && (
        <Add onClose={() => { adding.value = false; void asked.again(); void learn_people(); }} />
      )}
    </Screen>
  );
}

const columns = (): readonly Column<Row>[] => [
  {
    name: "name", words: _("姓名"),
    shown: ({ id, name }) => <a href={to("people", id)}>{name}</a>,
  },
  { name: "id", words: _("账号"), shown: ({ id }) => id },
  { name: "grants", words: _("角色和项目"), shown: ({ grants }) => grants_text(grants) },
  { name: "phone", words: _("电话"), shown: ({ phone }) => phone ?? "" },
  {
    name: "active", words: _("状态"),
    shown: ({ active }) => active ? _("在职") : _("已离职"),
  },
];

/** What somebody may do where, in words. */
export function grants_text(grants: readonly Grant[]): string {
  return grants.map(({ role, project }) => {
    const where = project === "*" ? _("全部项目") : project;
    return _("{role}（{where}）", { role: _(ROLES[role] ?? role), where });
  }).join(_("、")) || _("没有角色");
}

function role_choices(none: string): readonly (readonly [string, string])[] {
  return [["", none] as const, ...Object.entries(ROLES)
    .map(([role, words]) => [role, _(words)] as const)];
}

function Add({ onClose }: { readonly onClose: () => void }) {
  const id = useSignal("");
  const name = useSignal("");
  const role = useSignal("technician");
  const project = useSignal("*");
  const key = useSignal(once());
  const send = async () => {
    await post("/v1/people", {
      id: id.value.trim(), name: name.value.trim(),
      grants: [{ role: role.value, project: project.value.trim() }],
    }, { once: key.value });
  };
  return (
    <Form title={_("加人")} words={_("加人")} onSend={send} onClose={onClose}
      ready={id.value.trim() !== "" && name.value.trim() !== "" && role.value !== ""}>
      <Field label={_("姓名")} value={name.value} onType={(one) => { name.value = one; }} />
      <Field label={_("账号（小写字母和数字，以后不能改）")} value={id.value}
        onType={(one) => { id.value = one; }} />
      <Pick label={_("角色")} value={role.value} choices={role_choices(_("请选择"))}
        onPick={(one) => { role.value = one; }} />
      <Field label={_("项目（* 是全部）")} value={project.value}
        onType={(one) => { project.value = one; }} />
    </Form>
  );
}

function OnePerson({ id }: { readonly id: string }) {
  const asked = useAsked<Row>(`/v1/people/${id}`);
  const code = useSignal<Code | null>(null);
  const editing = useSignal<"grants" | "person" | null>(null);
  const issue = async () => {
    code.value = await post<Code>(`/v1/people/${id}/password-code`);
  };
  const done = () => { editing.value = null; void asked.again(); void learn_people(); };
  return (
    <Screen title={asked.value?.name ?? id}
      tools={<div class="tools"><a class="button" href={to("people")}>{_("全部人员")}</a></div>}>
      <Once asked={asked}>
        {(one) => (
          <section class="panel">
            <dl class="facts">
              <dt>{_("账号")}</dt><dd>{one.id}</dd>
              <dt>{_("角色和项目")}</dt><dd>{grants_text(one.grants)}</dd>
              <dt>{_("电话")}</dt><dd>{one.phone ?? ""}</dd>
              <dt>{_("邮箱")}</dt><dd>{one.email ?? ""}</dd>
              <dt>{_("状态")}</dt><dd>{one.active ? _("在职") : _("已离职")}</dd>
            </dl>
            {can("people.write") && (
              <div class="row">
                <Button onPress={() => { editing.value = "person"; }}>{_("改资料")}</Button>
                <Button onPress={() => { editing.value = "grants"; }}>{_("改角色")}</Button>
                <Button onPress={issue}>{_("发一次性口令")}</Button>
              </div>
            )}
            {can("device.manage") && (
              <a href={to("devices", null, new URLSearchParams({ enrol: id }))}>
                {_("给{name}登记平板", { name: one.name })}
              </a>
            )}
            {code.value !== null && <CodeShown code={code.value} />}
            {editing.value === "grants" &&
              <Grants person={one} etag={asked.etag} onClose={done} />}
            {editing.value === "person" &&
              <Edit person={one} etag={asked.etag} onClose={done} />}
          </section>
        )}
      </Once>
    </Screen>
  );
}

interface Code {
  readonly code: string;
  readonly expires_ms: number;
}

function CodeShown({ code: { code, expires_ms } }: { readonly code: Code }) {
  return (
    <p role="status">
      {_("一次性口令：")}<output class="code">{code}</output>{" "}
      {_("用到 {at} 为止。只显示这一次，请当面或打电话告诉本人。", { at: at(expires_ms) })}
    </p>
  );
}

interface EditProps {
  readonly person: Row;
  readonly etag: string | null;
  readonly onClose: () => void;
}

function Edit({ person, etag, onClose }: EditProps) {
  const name = useSignal(person.name);
  const phone = useSignal(person.phone ?? "");
  const email = useSignal(person.email ?? "");
  const active = useSignal(person.active);
  const send = async () => {
    await patch(`/v1/people/${person.id}`, {
      name: name.value.trim(), phone: phone.value.trim(), email: email.value.trim(),
      active: active.value,
    }, { seen: etag ?? undefined });
  };
  return (
    <Form title={person.name} words={_("保存")} ready={name.value.trim() !== ""} onSend={send}
      onClose={onClose}>
      <Field label={_("姓名")} value={name.value} onType={(one) => { name.value = one; }} />
      <Field label={_("电话")} type="tel" value={phone.value}
        onType={(one) => { phone.value = one; }} />
      <Field label={_("邮箱")} value={email.value}
        onType={(one) => { email.value = one; }} />
      <label class="tick">
        <input type="checkbox" checked={active.value}
          onChange={(e) => { active.value = e.currentTarget.checked; }} />
        {_("在职")}
      </label>
      {!active.value && <p>{_("离职后不能再登录；已写下的记录和署名不变。")}</p>}
    </Form>
  );
}

/** All roles of one person at once: what is not listed is taken away. */
function Grants({ person, etag, onClose }: EditProps) {
  const grants = useSignal(person.grants);
  const role = useSignal("");
  const project = useSignal("*");
  const add = () => {
    const more = { role: role.value, project: project.value.trim() };
    grants.value = [...grants.value.filter((one) => !same(one, more)), more];
    role.value = "";
  };
  const send = async () => {
    await put(`/v1/people/${person.id}/grants`, { grants: grants.value },
      { seen: etag ?? undefined });
  };
  return (
    <Form title={_("{name} 的角色", { name: person.name })} words={_("保存")} ready onSend={send}
      onClose={onClose}>
      <ul class="rows">
        {grants.value.map((one) => (
          <li key={`${one.role} ${one.project}`}>
            <span>{grants_text([one])}</span>
            <Button onPress={() => {
              grants.value = grants.value.filter((other) => !same(one, other));
            }}>{_("去掉")}</Button>
          </li>
        ))}
        {grants.value.length === 0 && <li>{_("没有角色")}</li>}
      </ul>
      <div class="row">
        <Pick label={_("角色")} value={role.value} choices={role_choices(_("请选择"))}
          onPick={(one) => { role.value = one; }} />
        <Field label={_("项目（* 是全部）")} value={project.value}
          onType={(one) => { project.value = one; }} />
        <Button disabled={role.value === "" || project.value.trim() === ""} onPress={add}>
          {_("加上")}
        </Button>
      </div>
    </Form>
  );
}

function same(one: Grant, other: Grant): boolean {
  return one.role === other.role && one.project === other.project;
}
