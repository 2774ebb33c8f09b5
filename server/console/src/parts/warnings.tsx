// What a dispatcher must know before touching an order: who has it with them, who has not
// seen it, what waits for a person.
//
// May not enter: what to do about it.

import { N_, _ } from "#shared/words.ts";
import type { Card } from "../shapes.ts";
import { name_of } from "../state.ts";

interface Warning {
  readonly name: string;
  readonly sign: string;
  readonly brief: string;
  readonly whole: string;
  readonly holds: (card: Card) => boolean;
}

const WARNINGS: readonly Warning[] = [
  { name: "away", sign: "⚠", brief: N_("离线带出"),
    whole: N_("该工单已离线带出：改动要等平板联网才看得到；他做的会保留，并请您核对"),
    holds: ({ known, stage }) => known.taken_out && stage !== "accepted" },
  { name: "there", sign: "⌂", brief: N_("在现场"), whole: N_("师傅已在现场：{names}"),
    holds: ({ known }) => known.on_site.length > 0 },
  { name: "coming", sign: "➤", brief: N_("已出发"), whole: N_("师傅已出发，在路上：{names}"),
    holds: ({ known }) => known.on_way.length > 0 },
  { name: "unseen", sign: "◌", brief: N_("未看到"), whole: N_("师傅还没有看到：{names}"),
    holds: ({ known }) => known.unseen.length > 0 },
  { name: "review", sign: "!", brief: N_("待核对 {n}"), whole: N_("有 {n} 项记录等人核对"),
    holds: ({ reviews }) => reviews.length > 0 },
  { name: "held", sign: "‖", brief: N_("挂起"), whole: N_("已挂起，时限停表"),
    holds: ({ held }) => held },
  { name: "round", sign: "↻", brief: N_("第 {round} 轮"), whole: N_("返工，第 {round} 轮"),
    holds: ({ round }) => round > 1 },
];

/** What there is to know of this card, in a word each, or in sentences. */
export function Warnings({ card, long = false }: {
  readonly card: Card; readonly long?: boolean;
}) {
  const told = WARNINGS.filter(({ holds }) => holds(card));
  if (told.length === 0) return null;
  return (
    <ul class={long ? "warnings long" : "warnings"}>
      {told.map(({ name, sign, brief, whole }) => (
        <li key={name} class={`is-${name}`} title={_(whole, places(name, card))}>
          <span aria-hidden="true">{sign}</span>{" "}
          <span class="words">{_(long ? whole : brief, places(name, card))}</span>
        </li>
      ))}
    </ul>
  );
}

function places(name: string, card: Card): Readonly<Record<string, unknown>> {
  const { on_site, on_way, unseen } = card.known;
  const who = { there: on_site, coming: on_way }[name] ?? unseen;
  return { n: card.reviews.length, round: card.round, names: who.map(name_of).join(_("、")) };
}
