// Whether a sheet is still the one that was shown (A2, U26).
//
// May not enter: how a sheet looks on a screen, who signs it.

import { read_json } from "../../../../sync/json.ts";
import { round_due, type Order } from "../../../../sync/order.ts";
import type { PriceList } from "../../../../sync/prices.ts";
import { draw_up } from "../../../../sync/sheet.ts";
import type { Bytes } from "../exchange/transport.ts";
import type { Shown } from "../store/projection.ts";

/** Would drawing it up now give exactly the bytes that were shown? */
export function is_as_shown(
  shown: Shown, order: Order, lists: readonly PriceList[],
): boolean {
  return same(drawn_again(shown, order, lists), shown.sheet);
}

/** The sheet as it would be shown now, in the same words. */
function drawn_again(shown: Shown, order: Order, lists: readonly PriceList[]): Bytes {
  const said = read_json(new TextDecoder().decode(shown.sheet), null);
  const [language, consent] = [said.get("language"), said.get("consent")];
  return draw_up(order, round_due(order), String(language), String(consent), lists);
}

function same(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
