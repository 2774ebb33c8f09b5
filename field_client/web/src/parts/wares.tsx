// Putting lines together: favourites of one tap each, a search, how many, and what no list
// knows.
//
// May not enter: what becomes of the lines.

import { useSignal } from "@preact/signals";

import type { Order } from "../../../../sync/order.ts";
import type { Price, PriceList } from "../../../../sync/prices.ts";
import {
  goods_name, is_labour, quantity_of, same_line, typed_in, ware, with_quantity, type Basket,
  type Ware,
} from "../job/basket.ts";
import { GOODS, most_used_first, used } from "../job/choosing.ts";
import { Button, Chips, Stepper } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { fen_typed } from "../shared/money.ts";
import { yuan_text } from "../shared/money.ts";
import { Typed } from "../shared/typed.tsx";
import { at } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { sights } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";

const MOST_GOODS = 8;
const MOST_WORK = 4;
const MOST_FOUND = 20;

interface WaresProps {
  readonly sight: Sight;
  readonly basket: Basket;
  readonly list: PriceList | null;
  readonly items: readonly number[]; // those to which a line may belong
  readonly onChange: (basket: Basket) => void;
}

/** The basket with all that fills it. */
export function Wares({ sight, basket, list, items, onChange }: WaresProps) {
  const chosen = useSignal<number | null>(null);
  const item = chosen.value ?? items[0] ?? null;
  const add = (one: Ware) => {
    const before = basket.find((held) => same_line(held, one))?.quantity ?? 0;
    onChange(with_quantity(basket, one, before + 1));
  };
  return (
    <Card title={_("用料和人工")}>
      {list === null
        ? <p class="card warn">{_("本机没有价目表，价格须手工填。")}</p>
        : <p class="muted small">{_("价目表 {name}，自 {day} 起",
          { name: list.name, day: at(list.from_ms).slice(0, 5) })}</p>}
      {items.length > 1 && (
        <Chips legend={_("属于哪一项")} chosen={item === null ? [] : [item]}
          choices={items.map((value) => ({ value, words: item_words(sight, value) }))}
          onChoose={(value) => { chosen.value = value; }} />
      )}
      <Lines basket={basket} list={list} numbered={items.length > 1} onChange={onChange} />
      {list !== null && (
        <Choosing sight={sight} list={list} basket={basket} item={item}
          onChoose={(code) => {
            const one = ware(list, code, item);
            if (one !== null) add(one);
          }} />
      )}
      <Unlisted onAdd={(name, fen) => add(typed_in(name, fen, item))} />
    </Card>
  );
}

function item_words(sight: Sight, item: number): string {
  const found = sight.order.items.find((one) => one.item === item);
  return `${item}. ${found === undefined ? "" : sight.text(found.private, "what")}`;
}

interface LinesProps extends Pick<WaresProps, "basket" | "list" | "onChange"> {
  readonly numbered: boolean; // say to which item each belongs
}

function Lines({ basket, list, numbered, onChange }: LinesProps) {
  if (!basket.length) return <p class="muted">{_("还没有用料。没用料可以直接下一步。")}</p>;
  return (
    <ul class="lines">
      {basket.map((one) => {
        const name = goods_name(one, list === null ? [] : [list]);
        return (
          <li key={`${one.code}/${one.item}/${one.price_fen}`}>
            <span class="grow">
              {numbered && one.item !== null ? `${one.item}. ` : ""}{name}
              {" "}<span class="muted num">{yuan_text(one.price_fen)}</span>
            </span>
            <Stepper label={name} value={one.quantity}
              onChange={(quantity) => onChange(with_quantity(basket, one, quantity))} />
            <span class="num sum">{yuan_text(one.quantity * one.price_fen)}</span>
          </li>
        );
      })}
    </ul>
  );
}

interface ChoosingProps {
  readonly sight: Sight;
  readonly list: PriceList;
  readonly basket: Basket;
  readonly item: number | null;
  readonly onChoose: (code: string) => void;
}

function Choosing({ sight, list, basket, item, onChoose }: ChoosingProps) {
  const sought = useSignal("");
  const wanted = sought.value.trim().toLowerCase();
  const rows = favourites(sight.order, sight, list);
  const found = rows.filter((one) => matches(one, wanted)).slice(0, MOST_FOUND);
  const groups: readonly (readonly [string, readonly Price[]])[] = wanted !== ""
    ? [[_("找到的"), found]]
    : [
      [_("常用材料"), rows.filter((one) => !is_labour(one)).slice(0, MOST_GOODS)],
      [_("人工"), rows.filter(is_labour).slice(0, MOST_WORK)],
    ];
  return (
    <>
      {groups.map(([title, some]) => (
        <fieldset class="chips" key={title}>
          <legend>{title}</legend>
          <div class="favourites">
            {some.map((one) => (
              <Favourite key={one.code} row={one} onChoose={() => onChoose(one.code)}
                held={quantity_of(basket, one.code, item)} />
            ))}
            {!some.length && <p class="muted">{_("价目表里没有")}</p>}
          </div>
        </fieldset>
      ))}
      <Typed label={_("在价目表里找")} mode="search" value={sought.value} hint={_("名称或编码")}
        onType={(typed) => { sought.value = typed; }} />
    </>
  );
}

interface FavouriteProps {
  readonly row: Price;
  readonly held: number;
  readonly onChoose: () => void;
}

/** One tap for one more of these. */
function Favourite({ row: { name, unit, price_fen }, held, onChoose }: FavouriteProps) {
  return (
    <button type="button" class="button favourite" onClick={onChoose}>
      <span>{name}</span>
      <span class="num">
        {yuan_text(price_fen)}/{unit} <span aria-hidden="true">＋</span>
        {held > 0 && <strong> ×{held}</strong>}
      </span>
    </button>
  );
}

/** Rows of the list, those of this trade and those used here before first. */
function favourites(order: Order, sight: Sight, list: PriceList): readonly Price[] {
  const trade = order.request?.trade ?? "";
  const own = (one: Price): number => (trade !== "" && one.trade === trade ? 0 : one.trade === "" ? 1 : 2);
  const rows = [...list.prices].sort((one, other) => own(one) - own(other));
  const codes = most_used_first(
    rows.map(({ code }) => code), used(GOODS, sights.value.values(), sight));
  return codes.flatMap((code) => rows.find((one) => one.code === code) ?? []);
}

function matches({ name, code }: Price, wanted: string): boolean {
  return name.toLowerCase().includes(wanted) || code.toLowerCase().includes(wanted);
}

function Unlisted({ onAdd }: { readonly onAdd: (name: string, fen: number) => void }) {
  const name = useSignal("");
  const price = useSignal("");
  const fen = fen_typed(price.value);
  const add = () => {
    if (fen === null) return;
    onAdd(name.value.trim(), fen);
    name.value = "";
    price.value = "";
  };
  return (
    <details>
      <summary>{_("价目表没有的")}</summary>
      <div class="row">
        <Typed label={_("名称")} value={name.value} onType={(typed) => { name.value = typed; }} />
        <Typed label={_("单价（元）")} mode="decimal" value={price.value}
          onType={(typed) => { price.value = typed; }} />
        <Button disabled={fen === null || name.value.trim() === ""} onPress={add}>{_("加上")}</Button>
      </div>
      {price.value !== "" && fen === null &&
        <p role="alert">{_("金额写成元，最多两位小数，例如 80 或 80.50")}</p>}
    </details>
  );
}
