// Views that somebody saved: a name for a set of filters.
//
// May not enter: what a filter does.

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { Typed } from "#shared/typed.tsx";
import { _ } from "#shared/words.ts";
import { get, Problem, put, remove } from "../api.ts";
import { go_instead, place, to } from "../routes.ts";
import type { View } from "../shapes.ts";

const views = signal<readonly View[]>([]);

async function learn_views(): Promise<void> {
  views.value = (await get<{ readonly views: readonly View[] }>("/v1/views")).views;
}

export function Views() {
  const naming = useSignal(false);
  useEffect(() => { void learn_views().catch(() => undefined); }, []);
  const now = place.value.query.toString();
  const chosen = views.value.find(({ query }) => query === now)?.name ?? "";
  const choose = (name: string) => {
    const query = views.value.find((one) => one.name === name)?.query ?? "";
    go_instead(to("board", null, new URLSearchParams(query)));
  };
  return (
    <>
      <select aria-label={_("我的视图")} value={chosen} class={chosen === "" ? undefined : "set"}
        onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{_("我的视图")}</option>
        {views.value.map(({ name }) => <option key={name} value={name}>{name}</option>)}
      </select>
      {now !== "" && chosen === "" &&
        <Button kind="quiet" onPress={() => { naming.value = true; }}>{_("存为视图")}</Button>}
      {chosen !== "" && (
        <Button kind="quiet" onPress={async () => { await remove(address(chosen)); await learn_views(); }}>
          {_("删除视图")}
        </Button>
      )}
      {naming.value && <Naming query={now} onClose={() => { naming.value = false; }} />}
    </>
  );
}

function address(name: string): string {
  return `/v1/views/${encodeURIComponent(name)}`;
}

function Naming({ query, onClose }: { readonly query: string; readonly onClose: () => void }) {
  const name = useSignal("");
  const wrong = useSignal("");
  const keep = async (event: Event) => {
    event.preventDefault();
    try {
      await put(address(name.value.trim()), { query });
      await learn_views();
      onClose();
    } catch (why) {
      if (!(why instanceof Problem)) throw why;
      wrong.value = why.message;
    }
  };
  return (
    <Dialog title={_("存为视图")} onClose={onClose}>
      <form class="stack" onSubmit={keep}>
        <Typed label={_("名称")} value={name.value} onType={(said) => { name.value = said; }} />
        <p role="alert" class="wrong">{wrong.value}</p>
        <div class="ends">
          <Button onPress={onClose}>{_("取消")}</Button>
          <button type="submit" class="button primary" disabled={name.value.trim() === ""}>
            {_("保存")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
