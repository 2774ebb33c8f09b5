// A ZIP of files as they are, in one possible form: the same files, the same bytes.
//
// The twin of `stored_zip.py`. A file that is read has to be, to the last byte, what would
// be written. May not enter: what is in the files.

import { bytes_of, joined } from "./envelope.ts";
import { Refused } from "./problems.ts";

type Bytes = Uint8Array<ArrayBuffer>;
export type Files = readonly (readonly [name: string, data: Bytes])[];

const LOCAL = 30; // bytes before a name
const [NEEDS, UTF8, STORED, MIDNIGHT, YEAR_1980] = [20, 0x800, 0, 0, 0x21];
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let sum = n;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** These files, in this sequence. */
export function zipped(files: Files): Bytes {
  const [parts, names]: [Bytes[], Bytes[]] = [[], []];
  let at = 0;
  for (const [name, data] of files) {
    const called = bytes_of(name);
    const said: Field[] = [
      [2, UTF8], [2, STORED], [2, MIDNIGHT], [2, YEAR_1980], [4, crc32(data)],
      [4, data.length], [4, data.length],
    ];
    const head = joined(
      fields([[4, 0x04034b50], [2, NEEDS], ...said, [2, called.length], [2, 0]]), called);
    names.push(joined(fields([
      [4, 0x02014b50], [2, NEEDS], [2, NEEDS], ...said, [2, called.length],
      [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, at],
    ]), called));
    parts.push(head, data);
    at += head.length + data.length;
  }
  const [listed, many] = [joined(...names), names.length];
  const end = fields([
    [4, 0x06054b50], [2, 0], [2, 0], [2, many], [2, many], [4, listed.length], [4, at],
    [2, 0],
  ]);
  return joined(...parts, listed, end);
}

/** What lies in it, in its sequence; refuses what `zipped` would not have made. */
export function unzipped(data: Bytes): Files {
  const files: [string, Bytes][] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  while (at + LOCAL <= data.length && view.getUint32(at, true) === 0x04034b50) {
    const begins = at + LOCAL + view.getUint16(at + 26, true);
    const name = text_in(data.subarray(at + LOCAL, begins));
    if (name === null) break;
    at = begins + view.getUint32(at + 22, true);
    files.push([name, data.slice(begins, at)]);
  }
  if (!files.length) throw new Refused("evidence_altered", { at: "" });
  const made = zipped(files);
  if (!same(made, data)) {
    throw new Refused("evidence_altered", { at: place_of(data, made, files) });
  }
  return files;
}

/** The file at which it first differs from what would have been made. */
function place_of(data: Bytes, made: Bytes, files: Files): string {
  let at = 0;
  for (const [name, held] of files) {
    at += LOCAL + bytes_of(name).length + held.length;
    if (!same(data.subarray(0, at), made.subarray(0, at))) return name;
  }
  return "";
}

/** Are these the same bytes? */
export function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** A text in UTF-8; null if it is none. */
export function text_in(data: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return null;
  }
}

function crc32(data: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of data) sum = TABLE[(sum ^ byte) & 255]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

type Field = readonly [width: 2 | 4, value: number];

function fields(some: readonly Field[]): Bytes {
  const out = new Uint8Array(some.reduce((length, [width]) => length + width, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [width, value] of some) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return out;
}
