// Days and months as they stand: a calendar of one month, and below it what the chosen day or
// month adds up to (日结、月结). The address says which, and of which project.
//
// May not enter: how one statement looks (`parts/statement.tsx`), what is counted.

import { Button } from "#shared/controls.tsx";
import { _, language, N_ } from "#shared/words.ts";
import { Once, useAsked } from "../parts/asked.tsx";
import { Pick } from "../parts/field.tsx";
import { Screen } from "../parts/screen.tsx";
import { StatementOf } from "../parts/statement.tsx";
import { filter, go_instead, to, type ScreenProps } from "../routes.ts";
import { can } from "../session.ts";
import { now_ms } from "../state.ts";
import "./desk.css";
import "./statements.css";

/** How a day or a month stands. */
interface Standing {
  readonly name: string; // 2026-11-20, 2026-11
  readonly state: string;
  readonly asked: number;
  readonly open: number;
  readonly changed: boolean;
}

interface Month {
  readonly month: Standing;
  readonly days: readonly Standing[];
}

export const STATES: Readonly<Record<string, readonly [sign: string, words: string]>> = {
  running: ["…", N_("还没有过完")], open: ["○", N_("未结账")],
  closed: ["✓", N_("已结账")], reopened: ["↺", N_("已重新打开")],
};
const A_MONTH = "2026-11".length;
const ALL = "*";

export function Statements({ place }: ScreenProps) {
  const projects = useAsked<{ readonly projects: readonly { readonly id: string }[] }>("/v1/projects");
  const mine = [
    ...can("statement.read", ALL) ? [["", _("全部项目")] as const] : [],
    ...(projects.value?.projects ?? []).map(({ id }) => id)
      .filter((id) => can("statement.read", id)).map((id) => [id, id] as const),
  ];
  const project = place.query.get("project") ?? mine[0]?.[0] ?? null;
  const chosen = place.id ?? yesterday();
  const name = chosen.slice(0, A_MONTH);
  const seen = (there: string) => to("statements", there, place.query);
  const tools = (
    <div class="tools">
      <Pick label={_("项目")} value={project ?? ""} choices={mine}
        onPick={(one) => filter("project", one)} />
      <Button onPress={() => go_instead(seen(moved(name, -1)))}>{_("上个月")}</Button>
      <Button onPress={() => go_instead(seen(moved(name, 1)))}>{_("下个月")}</Button>
    </div>
  );
  return (
    <Screen title={_("结账")} tools={tools}>
      {project === null ? <p class="muted">{_("正在读取")}</p> : (
        <One key={`${name} ${project}`} name={name} project={project} chosen={chosen} seen={seen} />
      )}
    </Screen>
  );
}

interface OneProps {
  readonly name: string;
  readonly project: string;
  readonly chosen: string;
  readonly seen: (name: string) => string;
}

function One({ name, project, chosen, seen }: OneProps) {
  const asked = useAsked<Month>("/v1/statements", { month: name, project });
  return (
    <div class="books">
      <Once asked={asked}>
        {(month) => <Calendar month={month} chosen={chosen} seen={seen} />}
      </Once>
      <StatementOf key={`${chosen} ${project}`} name={chosen} project={project}
        onChanged={asked.again} />
    </div>
  );
}

/** The day before this one, where the reader is: the one that is likely to be closed next. */
function yesterday(): string {
  return new Intl.DateTimeFormat("sv-SE").format(now_ms.value - 86_400_000);
}

function moved(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, A_MONTH);
}

interface CalendarProps {
  readonly month: Month;
  readonly chosen: string;
  readonly seen: (name: string) => string;
}

function Calendar({ month, chosen, seen }: CalendarProps) {
  const first = (new Date(`${month.month.name}-01T00:00Z`).getUTCDay() + 6) % 7; // Monday: 0
  const cells: readonly (Standing | null)[] = [...Array<null>(first).fill(null), ...month.days];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) },
    (_one, n) => Array.from({ length: 7 }, (_two, day) => cells[n * 7 + day] ?? null));
  return (
    <section aria-label={_("日历")} class="calendar">
      <table>
        <caption>
          <Standing_ one={month.month} words={month_words(month.month.name)} chosen={chosen} seen={seen} />
        </caption>
        <thead><tr>{weekdays().map((one) => <th scope="col" key={one}>{one}</th>)}</tr></thead>
        <tbody>
          {weeks.map((week, n) => (
            <tr key={n}>
              {week.map((one, day) => (
                <td key={day}>
                  {one !== null && (
                    <Standing_ one={one} words={String(Number(one.name.slice(-2)))} chosen={chosen}
                      seen={seen} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted small">
        {Object.values(STATES).map(([sign, words]) => `${sign} ${_(words)}`).join("　")}
        {`　! ${_("结账后有变化")}`}
      </p>
    </section>
  );
}

function Standing_({ one, words, chosen, seen }: {
  readonly one: Standing; readonly words: string; readonly chosen: string;
  readonly seen: (name: string) => string;
}) {
  const [sign, state] = STATES[one.state] ?? ["", one.state];
  return (
    <a href={seen(one.name)} class={`day is-${one.state}`}
      aria-current={one.name === chosen ? "date" : undefined}>
      <strong>{words}</strong>
      <span aria-hidden="true"> {sign}{one.changed ? " !" : ""}</span>
      <span class="unseen"> {_(state)}{one.changed ? `，${_("结账后有变化")}` : ""}</span>
      {one.asked > 0 && (
        <span class="small"> {_("报修 {asked}，未了 {open}", { asked: one.asked, open: one.open })}</span>
      )}
    </a>
  );
}

function weekdays(): readonly string[] {
  const form = new Intl.DateTimeFormat(language.value, { weekday: "short", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_one, n) => form.format(Date.UTC(2024, 0, 1 + n)));
}

function month_words(name: string): string {
  return new Intl.DateTimeFormat(language.value, {
    year: "numeric", month: "long", timeZone: "UTC",
  }).format(Date.parse(`${name}-01T00:00Z`));
}
