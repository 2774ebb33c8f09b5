// Who is on duty where: a week for each project, its lead and its technicians (P1).
//
// May not enter: who is qualified for what (`qualifications.tsx`).

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { _, language } from "#shared/words.ts";
import { ask, put } from "../api.ts";
import { Form, Once, useAsked } from "../parts/asked.tsx";
import { Pick } from "../parts/field.tsx";
import { Screen } from "../parts/screen.tsx";
import { filter, to, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import { name_of, now_ms, people } from "../state.ts";
import "./desk.css";

/** One day of one project. */
interface Duty {
  readonly project: string;
  readonly day: string; // 2026-11-22
  readonly lead: string;
  readonly technicians: readonly string[];
}

interface ProjectRow {
  readonly id: string;
  readonly name: string;
}

const DAY_MS = 86_400_000;
const DAYS = 7;

export function Roster({ place }: ScreenProps) {
  const from = place.query.get("from") ?? day_text(now_ms.value);
  const days = Array.from({ length: DAYS }, (_one, n) => later(from, n));
  const projects = useAsked<{ readonly projects: readonly ProjectRow[] }>("/v1/projects");
  const asked = useAsked<{ readonly roster: readonly Duty[] }>(
    "/v1/roster", { from, to: days.at(-1) });
  const editing = useSignal<Duty | null>(null);
  const tools = (
    <div class="tools">
      <Button onPress={() => filter("from", later(from, -DAYS))}>{_("上一周")}</Button>
      <Button onPress={() => filter("from", "")}>{_("今天起")}</Button>
      <Button onPress={() => filter("from", later(from, DAYS))}>{_("下一周")}</Button>
      <a class="button" href={to("qualifications")}>{_("资质证书")}</a>
    </div>
  );
  return (
    <Screen title={_("值班表")} tools={tools}>
      <Once asked={asked}>
        {({ roster: held }) => {
          const names = new Set([...(projects.value?.projects ?? []).map(({ id }) => id),
            ...held.map(({ project }) => project)]);
          return <Week days={days} projects={[...names]} held={held}
            onOpen={(one) => { editing.value = one; }} />;
        }}
      </Once>
      {editing.value !== null && (
        <Edit duty={editing.value}
          onClose={() => { editing.value = null; void asked.again(); }} />
      )}
    </Screen>
  );
}

/** The day of an instant where the reader is, as it is written in lists. */
function day_text(ms: number): string {
  return new Intl.DateTimeFormat("sv-SE").format(ms);
}

function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function shown(day: string): string {
  return new Intl.DateTimeFormat(language.value, {
    month: "numeric", day: "numeric", weekday: "short", timeZone: "UTC",
  }).format(Date.parse(`${day}T00:00Z`));
}

interface WeekProps {
  readonly days: readonly string[];
  readonly projects: readonly string[];
  readonly held: readonly Duty[];
  readonly onOpen: (duty: Duty) => void;
}

function Week({ days, projects, held, onOpen }: WeekProps) {
  const today = day_text(now_ms.value);
  if (projects.length === 0) return <p>{_("还没有项目；先在项目里加一个。")}</p>;
  return (
    <table class="week">
      <thead>
        <tr>
          <th scope="col">{_("项目")}</th>
          {days.map((day) => (
            <th scope="col" key={day} aria-current={day === today ? "date" : undefined}>{shown(day)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {projects.map((project) => (
          <tr key={project}>
            <th scope="row">{project}</th>
            {days.map((day) => {
              const duty = held.find((one) => one.project === project && one.day === day)
                ?? { project, day, lead: "", technicians: [] };
              return <td key={day}><Cell duty={duty} onOpen={onOpen} /></td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ duty, onOpen }: { readonly duty: Duty; readonly onOpen: (one: Duty) => void }) {
  const nobody = duty.lead === "" && duty.technicians.length === 0;
  const words = nobody ? <span class="flag">○ {_("没有排班")}</span> : (
    <>
      <strong>★ {name_of(duty.lead) || _("没有负责人")}</strong>
      <span>{duty.technicians.map(name_of).join(_("、"))}</span>
    </>
  );
  if (!can("roster.write", duty.project)) return <div class="duty">{words}</div>;
  return (
    <button type="button" class="duty" onClick={() => onOpen(duty)}>
      <span class="unseen">{duty.project} {shown(duty.day)} </span>{words}
    </button>
  );
}

function Edit({ duty, onClose }: { readonly duty: Duty; readonly onClose: () => void }) {
  const path = `/v1/roster/${encodeURIComponent(duty.project)}/${duty.day}`;
  const lead = useSignal(duty.lead);
  const chosen = useSignal(duty.technicians);
  const all = [...people.value.values()].filter(({ active }) => active);
  const able = all.filter(({ grants }) => grants.some(({ role }) => role === "technician"));
  const toggle = (id: string) => {
    chosen.value = chosen.value.includes(id)
      ? chosen.value.filter((one) => one !== id) : [...chosen.value, id];
  };
  const send = async () => {
    const { etag } = await ask("GET", path);
    await put(path, { lead: lead.value, technicians: chosen.value }, { seen: etag ?? undefined });
  };
  return (
    <Form title={_("{project} {day} 值班", { project: duty.project, day: shown(duty.day) })}
      words={_("保存")} ready={lead.value !== ""} onSend={send} onClose={onClose}>
      <Pick label={_("当日总负责人")} value={lead.value} onPick={(one) => { lead.value = one; }}
        choices={[["", _("请选择")], ...all.map(({ id, name }) => [id, name] as const)]} />
      <fieldset class="ticks">
        <legend>{_("当班维修人员")}</legend>
        {able.map(({ id, name }) => (
          <label key={id} class="tick">
            <input type="checkbox" checked={chosen.value.includes(id)}
              onChange={() => toggle(id)} />{name}
          </label>
        ))}
      </fieldset>
    </Form>
  );
}
