// What each fact does to its order, by kind: the fold asks here, and nowhere else.
//
// To add a kind, add its effect to the module of its part of an order's life; a kind that
// changes nothing but the stage needs none.

import type { Order, Stage } from "../exported/records.ts";
import { KINDS, stage_after, usual_doubt, type KindName, type What } from "../facts.ts";
import { ACCEPTANCE } from "./acceptance.ts";
import { AFTERWARDS } from "./afterwards.ts";
import { APPROVAL } from "./approval.ts";
import { DISPATCH } from "./dispatch.ts";
import { INTAKE } from "./intake.ts";
import { OWNER } from "./owner.ts";
import { RECONCILING } from "./reconciling.ts";
import { SURVEY } from "./survey.ts";
import { VISIT } from "./visit.ts";
import type { Effect, Effects, Kept } from "./what.ts";
import { WORK } from "./work.ts";

const EFFECTS: Effects = {
  ...INTAKE, ...DISPATCH, ...VISIT, ...SURVEY, ...APPROVAL, ...WORK, ...ACCEPTANCE,
  ...AFTERWARDS, ...RECONCILING, ...OWNER,
};
const NONE: Effect<KindName> = {};

// The kind and what it says come from one row; the compiler cannot follow that here.
function effect_of(what: What): Effect<KindName> {
  return (EFFECTS[what.kind] as Effect<KindName> | undefined) ?? NONE;
}

/** What this takes the place of when it is said again; empty: of nothing. */
export function about(what: What): string {
  return effect_of(what).about?.(what.says) ?? "";
}

/** The fact that this names as a mistake and takes the place of, if any. */
export function puts_right(what: What): string | null {
  return effect_of(what).puts_right?.(what.says) ?? null;
}

/** The order after this fact, but for stage and history. */
export function changed(order: Order, kept: Kept): Order {
  const { what } = kept.fact;
  return effect_of(what).change?.(order, what.says, kept) ?? order;
}

/** Where the work stands after this. */
export function stage(what: What, before: Order, after: Order): Stage {
  return effect_of(what).stage?.(what.says, before, after)
    ?? stage_after(KINDS.get(what.kind)!, before.stage);
}

/** Why a person must look at this, as a code; null if nobody must. */
export function doubt(what: What, before: Order, after: Order): string | null {
  const { doubt } = effect_of(what);
  return doubt ? doubt(what.says, before, after) : usual_doubt(what.kind, before.stage);
}
