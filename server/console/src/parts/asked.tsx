// What a screen asked the server for, while it is on its way, when it is there, when it was
// refused; and a dialog's way of asking for a change.
//
// May not enter: what is asked.

import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { _ } from "#shared/words.ts";
import { ask, Problem, type Query } from "../api.ts";

/** An answer as far as it came; what stood there before stays until the next one is here. */
export interface Asked<T> {
  readonly value: T | null;
  readonly etag: string | null;
  readonly why: string;
  readonly again: () => Promise<void>;
}

/** Ask when the screen opens, and whenever the question changes. */
export function useAsked<T>(path: string | null, query?: Query): Asked<T> {
  const held = useSignal<{ readonly value: T; readonly etag: string | null } | null>(null);
  const why = useSignal("");
  const text = JSON.stringify(query ?? {});
  const again = async () => {
    if (path === null) return;
    await refused_into(why, async () => { held.value = await ask<T>("GET", path, { query }); });
  };
  useEffect(() => { void again(); }, [path, text]);
  const { value = null, etag = null } = held.value ?? {};
  return { value, etag, why: why.value, again };
}

/** Do this; a refusal's sentence goes where it is read. Was it done? */
export async function refused_into(
  why: Signal<string>, act: () => Promise<void>,
): Promise<boolean> {
  try {
    await act();
    why.value = "";
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    why.value = problem.message;
    return false;
  }
}

/** The answer once it is there; until then and instead, what is to be said. */
export function Once<T>({ asked, children }: {
  readonly asked: Asked<T>; readonly children: (value: T) => ComponentChildren;
}) {
  if (asked.why !== "") return <p role="alert" class="flag">! {asked.why}</p>;
  if (asked.value === null) return <p class="muted">{_("正在读取")}</p>;
  return <>{children(asked.value)}</>;
}

/** A dialog that changes something: it stays, with the reason, as long as it is refused. */
export function Form({ title, words, ready, grave = false, onSend, onClose, children }: {
  readonly title: string; readonly words: string; readonly ready: boolean;
  readonly grave?: boolean; readonly onSend: () => Promise<void>;
  readonly onClose: () => void; readonly children: ComponentChildren;
}) {
  const why = useSignal("");
  const go = async () => { if (await refused_into(why, onSend)) onClose(); };
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {why.value !== "" && <p role="alert" class="flag">! {why.value}</p>}
      <div class="row">
        <Button kind={grave ? "danger" : "primary"} disabled={!ready} onPress={go}>
          {words}
        </Button>
        <Button kind="quiet" onPress={onClose}>{_("返回")}</Button>
      </div>
    </Dialog>
  );
}
