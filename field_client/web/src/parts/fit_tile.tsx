// Whether the tablet is fit to go out with, in one line; it leads to the whole check.
//
// The check is fetched when the list is on the screen. May not enter: the check itself.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { _ } from "../shared/words.ts";
import { line, sights, tablet } from "../state.ts";

export function FitTile() {
  const lacking = useSignal<number | null>(null);
  useEffect(() => {
    void import("../going_out.ts").then(async ({ going_out }) => {
      const findings = await going_out(tablet());
      lacking.value = findings.filter((one) => one.verdict !== "ok").length;
    });
  }, [sights.value, line.value.reached_ms]);
  const n = lacking.value;
  const said = n === null ? "" : n === 0 ? `● ${_("可以出门")}` : `▲ ${_("{n} 项要看一下", { n })}`;
  return (
    <a class={`tile ${n === 0 ? "fit" : ""}`} href="#/going-out">
      <span>{_("出门前检查")}</span><span>{said} <span aria-hidden="true">›</span></span>
    </a>
  );
}
