// The sites that people hold roles in, named as the register names them.
//
// May not enter: homes and who lives there.

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { _ } from "#shared/words.ts";
import { ask, once, patch, post } from "../api.ts";
import { Form, Once, useAsked } from "../parts/asked.tsx";
import { Field } from "../parts/field.tsx";
import { Screen } from "../parts/screen.tsx";
import { Table, type Column } from "../parts/table.tsx";
import { to, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import "./desk.css";

interface Project {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

export function Projects(_props: ScreenProps) {
  const asked = useAsked<{ readonly projects: readonly Project[] }>("/v1/projects");
  const adding = useSignal(false);
  const toggle = async ({ id, active }: Project) => {
    const path = `/v1/projects/${encodeURIComponent(id)}`;
    const { etag } = await ask("GET", path);
    await patch(path, { active: !active }, { seen: etag ?? undefined });
    await asked.again();
  };
  const tools = (
    <div class="tools">
      <a class="button" href={to("people")}>{_("人员")}</a>
      {can("project.write") && (
        <Button kind="primary" onPress={() => { adding.value = true; }}>{_("加项目")}</Button>
      )}
    </div>
  );
  return (
    <Screen title={_("项目")} tools={tools}>
      <Once asked={asked}>
        {({ projects }) => (
          <Table caption={_("项目")} rows={projects} key_of={({ id }) => id}
            empty={_("还没有项目")} columns={columns(toggle)} />
        )}
      </Once>
      {adding.value && <Add onClose={() => { adding.value = false; void asked.again(); }} />}
    </Screen>
  );
}

const columns = (toggle: (one: Project) => Promise<void>): readonly Column<Project>[] => [
  { name: "id", words: _("登记表里的名称"), shown: ({ id }) => id },
  { name: "name", words: _("全称"), shown: ({ name }) => name },
  {
    name: "active", words: _("状态"),
    shown: ({ active }) => active ? _("在做") : _("已结束"),
  },
  {
    name: "toggle", words: _("操作"),
    shown: (one) => can("project.write", one.id)
      ? <Button onPress={() => toggle(one)}>{one.active ? _("结束") : _("重新开始")}</Button>
      : "—",
  },
];

function Add({ onClose }: { readonly onClose: () => void }) {
  const id = useSignal("");
  const name = useSignal("");
  const key = useSignal(once());
  const send = async () => {
    await post("/v1/projects", {
      id: id.value.trim(), name: name.value.trim() || id.value.trim(),
    }, { once: key.value });
  };
  return (
    <Form title={_("加项目")} words={_("加项目")} ready={id.value.trim() !== ""} onSend={send}
      onClose={onClose}>
      <Field label={_("登记表里的名称（以后不能改）")} value={id.value}
        onType={(one) => { id.value = one; }} />
      <Field label={_("全称")} value={name.value} onType={(one) => { name.value = one; }} />
    </Form>
  );
}
