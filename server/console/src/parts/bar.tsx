// The bar over every screen: where one can go, taking a call, searching, is the line up,
// who sits here.
//
// May not enter: orders.

import { Button } from "#shared/controls.tsx";
import { at, minutes_text } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { line } from "../api.ts";
import { filter, go, place, SCREENS, to } from "../routes.ts";
import { can, log_out, may_open, session } from "../session.ts";
import { now_ms, open_dialog } from "../state.ts";

export function Bar() {
  return (
    <header class="top">
      <a class="brand" href={to("board")}>{_("上门")}</a>
      <nav aria-label={_("功能")}>
        {SCREENS.filter((row) => row.menu && may_open(row))
          .map((row) => (
            <a key={row.screen} href={to(row.screen)}
              aria-current={place.value.screen === row.screen ? "page" : undefined}>
              {_(row.words)}
            </a>
          ))}
      </nav>
      {can("order.read") ? <Search /> : <span class="gap" />}
      {can("intake.write") && (
        <Button kind="primary" onPress={() => { open_dialog.value = "intake"; }}>
          {_("接单")} <kbd>N</kbd>
        </Button>
      )}
      <Line />
      <Who />
    </header>
  );
}

/** Finds by phone, room or number; what is found stands on the board. */
function Search() {
  const here = place.value;
  const said = here.screen === "board" ? here.query.get("q") ?? "" : "";
  const search = (typed: string) => {
    if (place.value.screen === "board") filter("q", typed);
    else if (typed !== "") go(to("board", null, new URLSearchParams({ q: typed })));
  };
  return (
    <search>
      <input id="search" type="search" value={said} autocomplete="off"
        aria-label={_("搜索电话、房号、单号")} placeholder={_("电话 / 房号 / 单号")}
        onInput={(event) => search(event.currentTarget.value.trim())}
        onKeyDown={(event) => { if (event.key === "Escape") event.currentTarget.blur(); }} />
      <kbd aria-hidden="true">/</kbd>
    </search>
  );
}

/** How old is what stands on the screen? */
function Line() {
  const { online, reached_ms } = line.value;
  const age = Math.max(0, Math.floor((now_ms.value - reached_ms) / 60_000));
  const words = online && age < 2
    ? _("已连接")
    : _("断开 {age}，画面停在 {at}", { age: minutes_text(age), at: at(reached_ms).slice(-5) });
  return (
    <span class={online && age < 2 ? "line up" : "line down"} role="status">
      <span aria-hidden="true">{online && age < 2 ? "●" : "✕"}</span> {words}
    </span>
  );
}

function Who() {
  return (
    <span class="who">
      <a href={to("settings")}>{session.value?.name ?? ""}</a>
      <Button kind="quiet" onPress={log_out}>{_("退出")}</Button>
    </span>
  );
}
