// Who may write which fact, and read which order: the tables of `access.py`, as exported.
//
// May not enter: how anybody proves who they are.

import permissions from "./exported/permissions.json" with { type: "json" };

const WRITERS = new Map<string, readonly string[]>(Object.entries(permissions.writers));

/** May somebody in this role state such a fact? */
export function may_write(role: string, kind: string): boolean {
  return WRITERS.get(kind)?.includes(role) ?? false;
}

/** Is every order within this role's work? */
export function may_read_all(role: string): boolean {
  return permissions.reads_all.includes(role);
}

/** May somebody in this role know where and when a picture says it was taken? */
export function may_read_origin(role: string): boolean {
  return permissions.reads_picture_origin.includes(role);
}
