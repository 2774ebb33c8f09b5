// Where a hand signs. The strokes that are handed in are the truth, this draws them; what
// is under the finger is told as it grows, so that a tablet that dies has it all but the
// last moment (U03).
//
// May not enter: what is signed, where strokes are kept.

import Ink, { type PointGroup } from "signature_pad";
import { useLayoutEffect, useRef } from "preact/hooks";

import {
  FULL_PRESSURE, view_in, type Point, type Stroke, type View,
} from "../owner/strokes.ts";

const TELL_MS = 100; // how far what is kept may lie behind the hand
const PAUSE_MS = 1000; // stands for a pause that nobody measured: the tablet was restarted
const PEN = "#111827";
const [THIN, THICK] = [2.5, 6.5]; // of a line, on the fixed canvas

interface SignaturePadProps {
  readonly label: string;
  readonly strokes: readonly Stroke[];
  readonly onWrite: (strokes: readonly Stroke[], done: boolean) => void;
}

/** The pad. `onWrite` tells all strokes, also while the last one is still being drawn. */
export function SignaturePad({ label, strokes, onWrite }: SignaturePadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tell = useRef(onWrite);
  const pen = useRef<Pen | null>(null);
  tell.current = onWrite;
  useLayoutEffect(() => {
    if (canvas.current === null) return undefined;
    const held = new Pen(canvas.current, (all, done) => tell.current(all, done));
    pen.current = held;
    return () => { held.put_down(); };
  }, []);
  useLayoutEffect(() => { pen.current?.show(strokes); }, [strokes]);
  return (
    <canvas ref={canvas} class="pad" role="img" aria-label={label} data-testid="pad"
      data-strokes={strokes.length} data-points={strokes.flat().length} />
  );
}

/** A hand on the canvas: the ink on the screen, and the strokes on the fixed canvas. */
class Pen {
  private readonly canvas: HTMLCanvasElement;
  private readonly tell: SignaturePadProps["onWrite"];
  private readonly ink: Ink;
  private readonly watch: ResizeObserver;
  private strokes: readonly Stroke[] = [];
  private view: View = view_in(1, 1, []);
  private begun_ms: number | null = null; // when this hand began, by the ink's clock
  private before_ms = 0; // what had passed before it did
  private drawing = false;
  private turned = false; // the screen changed under the hand
  private timer = 0;

  constructor(canvas: HTMLCanvasElement, tell: SignaturePadProps["onWrite"]) {
    this.canvas = canvas;
    this.tell = tell;
    this.ink = new Ink(canvas, { minDistance: 1, penColor: PEN });
    this.ink.addEventListener("beginStroke", () => { this.begin(); });
    this.ink.addEventListener("afterUpdateStroke", () => { this.tell_soon(); });
    this.ink.addEventListener("endStroke", () => { this.end(); });
    this.watch = new ResizeObserver(() => { this.turn(); });
    this.watch.observe(canvas);
  }

  put_down(): void {
    window.clearTimeout(this.timer);
    this.watch.disconnect();
    this.ink.off();
  }

  /** These are the strokes now; drawn again unless it was this hand that wrote them. */
  show(strokes: readonly Stroke[]): void {
    if (this.drawing || strokes === this.strokes) return;
    this.strokes = strokes;
    if (strokes.length === 0) this.begun_ms = null;
    this.draw();
  }

  private turn(): void {
    if (this.drawing) this.turned = true; // the stroke goes on as it was begun
    else this.draw();
  }

  private draw(): void {
    const { width, height } = this.canvas.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const dots = Math.max(1, window.devicePixelRatio);
    this.canvas.width = Math.round(width * dots);
    this.canvas.height = Math.round(height * dots);
    this.canvas.getContext("2d")?.scale(dots, dots);
    this.view = view_in(width, height, this.strokes);
    this.ink.minWidth = THIN * this.view.scale;
    this.ink.maxWidth = THICK * this.view.scale;
    this.ink.fromData(this.strokes.map((one) => this.group(one)));
  }

  private begin(): void {
    if (this.begun_ms === null) {
      const last = this.strokes.at(-1)?.at(-1);
      this.before_ms = last === undefined ? 0 : last[2] + PAUSE_MS;
    }
    this.drawing = true;
  }

  private end(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.drawing = false;
    this.strokes = this.all();
    if (this.turned) {
      this.turned = false;
      this.draw();
    }
    this.tell(this.strokes, true);
  }

  private tell_soon(): void {
    this.timer ||= window.setTimeout(() => {
      this.timer = 0;
      if (this.drawing) this.tell(this.all(), false);
    }, TELL_MS);
  }

  /** What was written before, exactly as it was, and the stroke that is under the hand. */
  private all(): readonly Stroke[] {
    const open = this.ink.toData().at(-1);
    return open === undefined ? this.strokes : [...this.strokes, this.stroke(open)];
  }

  private stroke({ points }: PointGroup): Stroke {
    const { scale, left, top } = this.view;
    const begun = this.begun_ms ??= points[0]?.time ?? 0;
    return points.map((one): Point => [
      Math.round((one.x - left) / scale),
      Math.round((one.y - top) / scale),
      Math.max(0, Math.round(one.time - begun) + this.before_ms),
      Math.round(one.pressure * FULL_PRESSURE),
    ]);
  }

  private group(stroke: Stroke): PointGroup {
    const { scale, left, top } = this.view;
    const { dotSize, minWidth, maxWidth, penColor, velocityFilterWeight, compositeOperation } =
      this.ink;
    const points = stroke.map(([x, y, time, pressure]) => ({
      x: x * scale + left, y: y * scale + top, time, pressure: pressure / FULL_PRESSURE,
    }));
    return {
      dotSize, minWidth, maxWidth, penColor, velocityFilterWeight, compositeOperation, points,
    };
  }
}
