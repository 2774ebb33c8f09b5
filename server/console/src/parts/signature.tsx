// A signature as it was written: its strokes as lines, never a picture that could be pasted.
//
// May not enter: who signed.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { _ } from "#shared/words.ts";
import { bytes_named } from "../bytes.ts";

type Point = readonly [x: number, y: number];
type Strokes = readonly (readonly Point[])[];

/** The strokes with these bytes. */
export function Signature({ sha256 }: { readonly sha256: string }) {
  const strokes = useSignal<Strokes | null>(null);
  useEffect(() => {
    void bytes_named(sha256)
      .then(({ bytes }) => { strokes.value = read_strokes(new TextDecoder().decode(bytes)); })
      .catch(() => { strokes.value = []; });
  }, [sha256]);
  const drawn = strokes.value;
  if (drawn === null) return <p class="muted">{_("正在读取签字")}</p>;
  if (drawn.length === 0) return <p class="flag">! {_("签字笔迹读不出来，请联系管理员")}</p>;
  const points = drawn.flat();
  const [left, top] = [0, 1].map((at) => Math.min(...points.map((one) => one[at as 0 | 1])));
  const [right, foot] = [0, 1].map((at) => Math.max(...points.map((one) => one[at as 0 | 1])));
  const [x, y] = [(left ?? 0) - EDGE, (top ?? 0) - EDGE];
  const [wide, high] = [(right ?? 0) - x + EDGE, (foot ?? 0) - y + EDGE];
  return (
    <svg class="signature" role="img" aria-label={_("业主的签字")}
      viewBox={`${x} ${y} ${wide} ${high}`}>
      {drawn.map((one, at) => <path key={at} d={path_of(one)} />)}
    </svg>
  );
}

const EDGE = 12;

function path_of(stroke: readonly Point[]): string {
  return stroke.map(([x, y], at) => `${at === 0 ? "M" : "L"}${x} ${y}`).join("");
}

/** Both forms in which tablets write strokes: a list, or a canvas with a list. */
function read_strokes(text: string): Strokes {
  const said: unknown = JSON.parse(text);
  const found = Array.isArray(said) ? said : (said as { strokes?: unknown }).strokes;
  if (!Array.isArray(found)) return [];
  return found.filter((one): one is Point[] => Array.isArray(one) && one.every(is_point))
    .filter((one) => one.length > 0);
}

function is_point(one: unknown): one is Point {
  return Array.isArray(one) && one.length >= 2
    && one.every((part) => typeof part === "number" && Number.isFinite(part));
}
