// One difference: what happened, both sides beside each other, what there is to go by, what
// is suggested and what may be decided.
//
// May not enter: requests but for what surrounds it, keys.

import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Button, Chips } from "#shared/controls.tsx";
import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import {
  around, usual_reason, type Around, type Choice, type Difference, type Made,
} from "../differing.ts";
import { to_order } from "../routes.ts";
import { made_words, waiting_words } from "./difference_list.tsx";
import { Sides } from "./difference_sides.tsx";

/** The letter of each choice, and its digit. */
export const KEYS: Readonly<Record<string, string>> = {
  field: "a", log: "b", correct: "m", waive: "w",
};

export interface Picked {
  readonly choice: string;
  readonly reason: string;
}

interface Props {
  readonly row: Difference;
  readonly made: Made | null;
  readonly picked: Signal<Picked | null>; // a choice that still wants its reason
  readonly words: Signal<string>;
  readonly asking: { readonly current: HTMLInputElement | null };
  readonly many: number; // how many are decided with one key
  readonly decide: (choice: string, reason?: string) => void;
  readonly undo: () => void;
  readonly take: () => void;
}

export function DifferenceDetail(props: Props) {
  const { row, made, many } = props;
  const known = useAround(row, made);
  const open = row.decision === null && (made === null || made.state === "failed");
  return (
    <section class="review" aria-label={row.label}>
      <h2>
        {row.order === null ? row.number : <a href={to_order(row.order)}>{row.number}</a>}{" "}
        {row.project} · {row.label}
      </h2>
      <p class="happened">{row.happened}</p>
      <Sides row={row} />
      <ul class="evidence">
        {known.value?.evidence.map(({ code, words }) => <li key={code}>{words}</li>)}
        <li>{_("依据规则 {rule}", { rule: row.cites })}</li>
      </ul>
      <p class="muted">
        {waiting_words(row)}{" · "}
        {row.settles === "manager" ? _("由主管裁定") : _("由调度裁定")}
      </p>
      {made !== null && made.state !== "failed" && (
        <div class="result" role="status">
          <p><strong>{made_words(made, row)}</strong></p>
          <p>{_("按 U 撤销")}{made.choice === "correct" && row.order !== null && (
            <> · <a href={to_order(row.order)}>{_("去工单更正")}</a></>
          )}</p>
        </div>
      )}
      {open && row.may_settle && <Deciding {...props} />}
      {open && !row.may_settle && (
        <p class="muted">{_("建议：{what}", { what: label_of(row, row.suggested.choice) })}</p>
      )}
      {row.decision !== null && row.may_settle && (
        <p><Button onPress={props.undo}>{_("撤销这个裁定")}</Button></p>
      )}
      {many > 1 && open && (
        <p class="muted">{_("一次裁定同因的 {n} 条", { n: many })}</p>
      )}
      <History known={known.value} />
    </section>
  );
}

function label_of({ choices }: Difference, choice: string): string {
  return choices.find((one) => one.choice === choice)?.label ?? choice;
}

function Deciding({ row, picked, words, asking, decide, take }: Props) {
  const chosen = picked.value ?? row.suggested;
  const reasons = row.choices.find(({ choice }) => choice === chosen.choice)?.reasons ?? [];
  return (
    <>
      <p>{_("建议：{what}", { what: label_of(row, row.suggested.choice) })}
        {_("——")}{row.suggested.why}</p>
      <ul class="choices">
        {row.choices.map((one) => (
          <li key={one.choice}><Choose row={row} one={one} decide={decide} /></li>
        ))}
      </ul>
      <Chips legend={_("理由（{what}）", { what: label_of(row, chosen.choice) })}
        choices={reasons.map(({ reason, label }, n) => ({
          value: reason, words: picked.value === null ? label : `${n + 1} ${label}`,
        }))}
        chosen={[chosen.reason]}
        onChoose={(reason) => decide(chosen.choice, reason)} />
      <label class="field">
        <span>{_("说明（选“其他”时必填）")}</span>
        <input ref={asking} value={words.value} maxLength={1000}
          onInput={(e) => { words.value = e.currentTarget.value; }}
          onKeyDown={(e) => {
            if (e.key === "Escape") e.currentTarget.blur();
            if (e.key === "Enter" && picked.value !== null) {
              decide(picked.value.choice, picked.value.reason);
            }
          }} />
      </label>
      {row.handler === "" && <p><Button kind="quiet" onPress={take}>{_("我来办")}</Button></p>}
    </>
  );
}

function Choose({ row, one, decide }: {
  readonly row: Difference; readonly one: Choice; readonly decide: Props["decide"];
}) {
  const suggested = row.suggested.choice === one.choice;
  const reason = one.reasons.find((each) => each.reason === usual_reason(row, one.choice));
  return (
    <Button kind={suggested ? "primary" : "plain"} onPress={() => decide(one.choice)}>
      <kbd>{(KEYS[one.choice] ?? "").toUpperCase()}</kbd> {one.label}
      <small>{suggested ? _("建议：{reason}", { reason: reason?.label ?? "" })
        : one.choice === "waive" ? _("选理由") : reason?.label}</small>
    </Button>
  );
}

/** What was decided about the same before, with the sides of then. */
function History({ known }: { readonly known: Around | null }) {
  if (known === null || known.history.length === 0) return null;
  return (
    <section aria-label={_("以前的裁定")}>
      <h3>{_("以前的裁定")}</h3>
      <ul class="before">
        {known.history.map((one) => (
          <li key={one.fact}>
            {one.at_ms !== null && at(one.at_ms)} {one.name}：{one.choice_label}
            （{one.reason_label}）{one.words}
            <small class="muted">{" "}{_("当时现场 {field}，台账 {register}", {
              field: one.field_words, register: one.register_words,
            })}{one.undone && ` · ${_("已撤销")}`}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a difference rests on; asked anew once it was decided. */
function useAround(row: Difference, made: Made | null): Signal<Around | null> {
  const known = useSignal<Around | null>(null);
  useEffect(() => {
    let over = false;
    void around(row.id).then((found) => { if (!over) known.value = found; })
      .catch(() => undefined); // gone meanwhile: the list says so
    return () => { over = true; };
  }, [row.id, made?.state === "sent"]);
  return known;
}
