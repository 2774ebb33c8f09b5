// Who may do what, and where: the tables of `access.py`, as exported.
//
// May not enter: how anybody proves who they are.

import permissions from "./exported/permissions.json" with { type: "json" };

/** Every project. */
export const EVERY = "*";

/** A role in a project. */
export interface Grant {
  readonly role: string;
  readonly project: string;
}

const WRITERS = new Map<string, readonly string[]>(Object.entries(permissions.writers));
const ACTIONS = new Map<string, readonly string[]>(Object.entries(permissions.actions));

/** May whoever holds these do this in this project? Not said where: in any; EVERY: in
 * all of them. */
export function may(grants: readonly Grant[], action: string, project?: string): boolean {
  const roles = ACTIONS.get(action) ?? [];
  return grants.some((one) => roles.includes(one.role)
    && (project === undefined || one.project === EVERY || one.project === project));
}

/** Where whoever holds these may do this; EVERY alone if everywhere. */
export function projects(grants: readonly Grant[], action: string): readonly string[] {
  const roles = ACTIONS.get(action) ?? [];
  const found = new Set(grants.filter((one) => roles.includes(one.role))
    .map((one) => one.project));
  return found.has(EVERY) ? [EVERY] : [...found];
}

/** May somebody in these roles state such a fact? */
export function may_write(roles: readonly string[], kind: string): boolean {
  return roles.some((role) => WRITERS.get(kind)?.includes(role) ?? false);
}
