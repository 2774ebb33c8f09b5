// Money as people type it: yuan outside, whole fen inside, never a float.
//
// May not enter: what something costs.

/** The fen that were typed as yuan, with two decimals at most; null if they are none. */
export function fen_typed(typed: string): number | null {
  const plain = typed.replaceAll(",", "").trim().replace(/^[¥￥]/, "").replace(/元$/, "").trim();
  const found = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(plain);
  if (found === null) return null;
  const [, yuan = "", fen = ""] = found;
  return Number(yuan) * 100 + Number(fen.padEnd(2, "0"));
}

/** Fen as yuan, to the fen. */
export function yuan_text(fen: number): string {
  return `¥${(fen / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",")}`;
}
