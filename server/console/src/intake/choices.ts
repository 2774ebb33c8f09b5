// What a call is usually about, as the company's policy names it: trades, rooms, faults.
//
// Fetched once. May not enter: what was chosen.

import { signal } from "@preact/signals";

import { get } from "../api.ts";

type Choices = Readonly<Record<string, readonly string[]>>;
interface Policy {
  readonly policy: { readonly choices: Choices };
}

const choices = signal<Choices>({});
const OF_TRADE = "cause:"; // every trade has its usual causes

export async function learn_choices(): Promise<void> {
  if (Object.keys(choices.value).length > 0) return;
  choices.value = (await get<Policy>("/v1/policy")).policy.choices;
}

// Hands learn digits: these stand where they always stood, others come behind them.
const ALWAYS = ["给排水", "电气", "防水", "门窗", "暖通", "装修"];

/** The trades that the policy names, always in the same sequence. */
export function trades(): readonly string[] {
  const named = Object.keys(choices.value).filter((name) => name.startsWith(OF_TRADE))
    .map((name) => name.slice(OF_TRADE.length));
  return [...ALWAYS.filter((one) => named.includes(one)),
    ...named.filter((one) => !ALWAYS.includes(one)).sort()];
}

/** The projects in which calls are taken here. */
export const projects = signal<readonly string[]>([]);

export async function learn_projects(): Promise<void> {
  const said = await get<{ readonly projects: readonly { readonly id: string }[] }>("/v1/projects");
  projects.value = said.projects.map(({ id }) => id);
}

/** What is usual under this name, for a trade before all others. */
export function usual(name: "where" | "what", trade: string): readonly string[] {
  return choices.value[`${name}:${trade}`] ?? choices.value[name] ?? [];
}
