// Asking the browser not to tidy this tablet away (U10).
//
// A browser says yes the more readily if it is asked while somebody does something: so it is
// asked with the first thing that is saved, and never before. May not enter: what is kept.

let asked = false;

/** Ask, if somebody has just done something and nobody has asked yet. Never waited for: what
 * is saved is saved all the same. */
export function ask_to_stay(): void {
  if (asked || !navigator.userActivation?.isActive) return;
  asked = true;
  void navigator.storage.persist().catch(() => undefined);
}

/** What the browser has really granted. */
export function stays(): Promise<boolean> {
  return navigator.storage.persisted();
}
