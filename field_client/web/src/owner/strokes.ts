// A signature as it is written: strokes of points [x, y, t, pressure] on one fixed canvas.
//
// The canvas is 1200 units wide whatever the screen; t counts milliseconds from the first
// point, pressure goes from 0 to 1000. What is kept never changes when a tablet is turned;
// only the view of it does. May not enter: how a stroke is drawn, where it is kept.

import { bytes_of } from "../../../../sync/envelope.ts";

export type Point = readonly [x: number, y: number, t: number, pressure: number];
export type Stroke = readonly Point[];

export const WIDTH = 1200;
export const HEIGHT = 500;
export const FULL_PRESSURE = 1000;
export const FEWEST_POINTS = 5; // an empty pad is no signature

/** How the canvas lies on a screen: `x * scale + left` is a screen's pixel. */
export interface View {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** Where the canvas lies in a box of this size: whole, in the middle, and with it all ink
 * that went beyond its edge. */
export function view_in(width: number, height: number, strokes: readonly Stroke[]): View {
  const points = strokes.flat();
  const least_x = Math.min(0, ...points.map(([x]) => x));
  const least_y = Math.min(0, ...points.map(([, y]) => y));
  const wide = Math.max(WIDTH, ...points.map(([x]) => x)) - least_x;
  const high = Math.max(HEIGHT, ...points.map(([, y]) => y)) - least_y;
  const scale = Math.min(width / wide, height / high);
  return {
    scale,
    left: (width - wide * scale) / 2 - least_x * scale,
    top: (height - high * scale) / 2 - least_y * scale,
  };
}

/** Enough ink to be somebody's hand? */
export function is_signed(strokes: readonly Stroke[]): boolean {
  return strokes.reduce((sum, one) => sum + one.length, 0) >= FEWEST_POINTS;
}

/** The bytes that are the evidence. */
export function written(strokes: readonly Stroke[]): Uint8Array<ArrayBuffer> {
  return bytes_of(JSON.stringify({ width: WIDTH, height: HEIGHT, strokes }));
}
