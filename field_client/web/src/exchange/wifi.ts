// May originals of photos travel now? Facts and signatures always may.
//
// The setting is this tablet's, not a person's, and its loss costs no more than a few
// megabytes. May not enter: what is sent.

const SETTING = "doorstep.photos";
const WIFI = "wifi";

interface Connection extends EventTarget {
  readonly type?: string;
  readonly saveData?: boolean;
}

/** What the browser says of the line; many say nothing. */
export function connection(): Connection | null {
  return (navigator as { readonly connection?: Connection }).connection ?? null;
}

/** Can this browser tell Wi-Fi from a mobile line? Where it cannot, the setting is not
 * offered. */
export function can_tell(): boolean {
  return connection()?.type !== undefined;
}

/** Are originals of photos kept for a line that costs nothing? */
export function only_on_wifi(): boolean {
  return localStorage.getItem(SETTING) === WIFI;
}

export function keep_for_wifi(only: boolean): void {
  if (only) localStorage.setItem(SETTING, WIFI);
  else localStorage.removeItem(SETTING);
}

/** Whether photos may be sent over the line there is. */
export function photos_may_go(): boolean {
  return !only_on_wifi() || connection()?.type !== "cellular";
}
