// The dialog behind each action of the desk: what is asked, why, and one button that does it.
//
// May not enter: which actions there are (`actions.ts`), how the page looks.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { fen_typed, yuan_text } from "#shared/money.ts";
import { PRIORITIES } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { standing_sheet, type Action } from "../actions.ts";
import { get, is_stale, once, post, Problem } from "../api.ts";
import { reason_text } from "../cards.ts";
import type { Candidate, CardPage } from "../shapes.ts";
import { called, type Story } from "../story.ts";
import { Field, Pick, TimeField } from "./field.tsx";
import { Contact } from "./person.tsx";
import { as_words, is_said, NO_REASON, Reason, type Why } from "./why.tsx";

/** What is sent besides the reason; null while it is not complete. */
type Body = Readonly<Record<string, unknown>> | null;

interface ActProps {
  readonly action: Action;
  readonly story: Story;
  readonly onDone: () => void; // also when somebody else was quicker
  readonly onClose: () => void;
}

/** Ask, do it once, say what the server says. */
export function Act({ action, story, onDone, onClose }: ActProps) {
  const why = useSignal<Why>(NO_REASON);
  const needless = action.asks === undefined || action.asks === "until";
  const body = useSignal<Body>(needless ? {} : null);
  const said = useSignal("");
  const key = useSignal(once());
  const ready = body.value !== null && is_said(why.value, action.reasons);
  const act = async () => {
    try {
      await post(address(story, action), sent(action, why.value, body.value ?? {}), {
        seen: story.rev, once: key.value,
      });
      onDone();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.value = problem.message;
      if (is_stale(problem)) onDone();
    }
  };
  return (
    <Dialog title={`${_(action.words)} · ${called(story.order)}`} onClose={onClose}>
      <Asked action={action} story={story} onAnswer={(one) => { body.value = one; }} />
      <Reason reasons={action.reasons} why={why.value}
        onChange={(one) => { why.value = one; }} />
      {said.value !== "" && <p role="alert" class="flag">! {said.value}</p>}
      <div class="row">
        <Button kind={action.grave === true ? "danger" : "primary"} disabled={!ready}
          onPress={act}>{_(action.words)}</Button>
        <Button kind="quiet" onPress={onClose}>{_("返回")}</Button>
      </div>
    </Dialog>
  );
}

/** Where an action of this order is asked for. */
export function address({ id }: Pick<Story, "id">, { code }: Pick<Action, "code">): string {
  return `/v1/orders/${id}/${code}`;
}

// Facts that hold a reason of their own; with the others it is part of their words.
const REASONED: ReadonlySet<string> = new Set([
  "cancel", "close", "reopen", "hold", "appoint", "owner/revoke",
]);

function sent(action: Action, why: Why, body: object): object {
  if (!REASONED.has(action.code)) return { ...body, words: as_words(why) };
  return { ...body, reason: why.reason, words: why.words.trim() };
}

interface AskedProps {
  readonly action: Action;
  readonly story: Story;
  readonly onAnswer: (body: Body) => void;
}

function Asked(props: AskedProps) {
  switch (props.action.asks) {
    case "technician": return <Technician {...props} />;
    case "time": return <Time {...props} />;
    case "until": return <Until {...props} />;
    case "correction": return <Correction {...props} />;
    case "approval": return <Approval {...props} />;
    case "other_order": return <OtherOrder {...props} />;
    case "certificate": return <Certificate {...props} />;
    default: return null;
  }
}

/** Whoever can be given the order, the best first, each with why and why not (P1, P2). */
function Technician({ story, onAnswer }: AskedProps) {
  const all = useSignal<readonly Candidate[] | null>(null);
  const chosen = useSignal("");
  const search = useSignal("");
  useEffect(() => {
    void get<{ candidates: readonly Candidate[] }>(address(story, { code: "candidates" }))
      .then(({ candidates }) => { all.value = candidates; })
      .catch(() => { all.value = []; });
  }, []);
  const choose = (one: Candidate) => {
    chosen.value = one.person;
    onAnswer({ technician: one.person, helpers: [] });
  };
  if (all.value === null) return <p class="muted">{_("正在查谁能去")}</p>;
  const shown = all.value.filter(({ name, person }) =>
    `${name}${person}`.includes(search.value.trim()));
  return (
    <fieldset class="candidates">
      <legend>{_("派给谁")}</legend>
      <input type="search" aria-label={_("按姓名找")} value={search.value}
        onInput={(e) => { search.value = e.currentTarget.value; }} />
      <div role="radiogroup" aria-label={_("派给谁")}>
        {shown.map((one) => (
          <button type="button" key={one.person} role="radio" disabled={!one.qualified}
            aria-checked={one.person === chosen.value} onClick={() => choose(one)}>
            <strong>{one.name}</strong>{" "}
            <span>{one.reasons.map(reason_text).join(" · ")}</span>{" "}
            <small class="muted">
              {_("今日 {today} 单，在手 {open} 单", one.load)}{" · "}
              <Contact ms={one.contact_ms} />
            </small>
          </button>
        ))}
        {shown.length === 0 && <p>{_("没有人可派")}</p>}
      </div>
    </fieldset>
  );
}

const HOUR_MS = 3_600_000;

function Time({ onAnswer }: AskedProps) {
  const day = useSignal("");
  const from = useSignal("09:00");
  const to = useSignal("11:00");
  const changed = () => {
    const start_ms = Date.parse(`${day.value}T${from.value}`);
    const end_ms = Date.parse(`${day.value}T${to.value}`);
    const sane = end_ms > start_ms && end_ms - start_ms <= 24 * HOUR_MS;
    onAnswer(sane ? { start_ms, end_ms } : null);
  };
  return (
    <div class="row">
      <TimeField label={_("日期")} type="date" value={day.value}
        onType={(one) => { day.value = one; changed(); }} />
      <TimeField label={_("从")} type="time" value={from.value}
        onType={(one) => { from.value = one; changed(); }} />
      <TimeField label={_("到")} type="time" value={to.value}
        onType={(one) => { to.value = one; changed(); }} />
    </div>
  );
}

/** Until when it is likely to wait; nobody has to know. */
function Until({ onAnswer }: AskedProps) {
  const day = useSignal("");
  const time = useSignal("09:00");
  const changed = () => {
    const until_ms = Date.parse(`${day.value}T${time.value}`);
    onAnswer(Number.isNaN(until_ms) ? {} : { until_ms });
  };
  return (
    <div class="row">
      <TimeField label={_("预计恢复日期（可不填）")} type="date" value={day.value}
        onType={(one) => { day.value = one; changed(); }} />
      <TimeField label={_("时间")} type="time" value={time.value}
        onType={(one) => { time.value = one; changed(); }} />
    </div>
  );
}

const PLACES: readonly (readonly [name: string, label: () => string])[] = [
  ["building", () => _("楼栋")], ["unit", () => _("单元")], ["room", () => _("房号")],
  ["owner", () => _("业主")], ["phone", () => _("电话")], ["fault", () => _("报修内容")],
  ["remark", () => _("备注")],
];

/** Only what was changed is sent; the register's own words stay as they are. */
function Correction({ story, onAnswer }: AskedProps) {
  const changed = useSignal<Readonly<Record<string, string>>>({});
  const { request } = story.order;
  const set = (name: string, before: string, value: string) => {
    const { [name]: _gone, ...rest } = changed.value;
    changed.value = value === before ? rest : { ...rest, [name]: value };
    onAnswer(Object.keys(changed.value).length === 0 ? null : changed.value);
  };
  if (request === null) return null;
  const held = (name: string) => story.private[name] ?? "";
  const rank = changed.value["priority"] ?? request.priority;
  return (
    <div class="columns-of-fields">
      {PLACES.map(([name, label]) => (
        <Field key={name} label={label()} value={changed.value[name] ?? held(name)}
          onType={(value) => set(name, held(name), value)} />
      ))}
      <Field label={_("专业")} value={changed.value["trade"] ?? request.trade}
        onType={(value) => set("trade", request.trade, value)} />
      <Pick label={_("紧急程度")} value={rank}
        choices={Object.entries(PRIORITIES).map(([code, words]) => [code, _(words)] as const)}
        onPick={(value) => set("priority", request.priority, value)} />
    </div>
  );
}

function Approval({ story, onAnswer }: AskedProps) {
  const hold = [...story.order.holds].reverse().find(({ released }) => released === null);
  const typed = useSignal("");
  if (hold === undefined) return null;
  const change = (value: string) => {
    typed.value = value;
    const up_to_fen = fen_typed(value);
    onAnswer(up_to_fen === null ? null : { hold: hold.fact, up_to_fen });
  };
  return (
    <>
      <p>{_("估价 {estimate}，超过限额 {limit}", {
        estimate: yuan_text(hold.estimate_fen), limit: yuan_text(hold.limit_fen),
      })}</p>
      <Field label={_("批准到（元）")} value={typed.value} onType={change} />
    </>
  );
}

/** The order that goes on in place of this one, found by its number. */
function OtherOrder({ story, onAnswer }: AskedProps) {
  const typed = useSignal("");
  const found = useSignal("");
  const look = async (value: string) => {
    typed.value = value;
    onAnswer(null);
    found.value = "";
    if (value.trim().length < 4) return;
    const { orders } = await get<CardPage>("/v1/orders", { q: value.trim(), limit: 5 });
    const other = orders.find(({ id, number }) =>
      number === value.trim() && id !== story.id);
    if (typed.value !== value || other === undefined) return;
    found.value = `${other.home} ${other.fault}`;
    onAnswer({ into: other.id });
  };
  return (
    <>
      <Field label={_("并入哪张工单（编号）")} value={typed.value}
        onType={(value) => { void look(value); }} />
      <p role="status">{found.value === "" ? _("写全编号") : `✓ ${found.value}`}</p>
    </>
  );
}

/** The sheet that is worth nothing from then on. */
function Certificate({ story, onAnswer }: AskedProps) {
  const sheet = standing_sheet(story.order);
  useEffect(() => onAnswer(sheet === null ? null : { sheet }), [sheet]);
  return <p>{_("此后任何人查验这张验收单，看到的都是“已撤销”和原因。撤销不能收回。")}</p>;
}
