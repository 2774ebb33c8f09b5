// A sealed PDF, looked at without any program for PDF.
//
// The twin of `sealed.py`, which says where the seal stands. May not enter: what the pages
// say, files on a disk.

import { bytes_of, hex, joined, sha256 } from "./envelope.ts";
import findings from "./exported/findings.json" with { type: "json" };
import { line_of_keys } from "./heads.ts";
import { check, read_file, signed, type Report } from "./proof.ts";

type Bytes = Uint8Array<ArrayBuffer>;

// Each byte is one character of this text; all but ASCII is never looked at.
const LETTERS = new TextDecoder("latin1");
const SEAL = /%doorstep-seal 1 ([\w-]{43}) ([\w-]{86})\n(?=startxref[ \t\n\r\f\v])/g;
const STREAM = /stream\r?\n/g;
const LENGTH = /\/Length (\d{1,9})\b/;
const EMBEDDED = "/EmbeddedFile";
const PROVES = ["stream", "head", "keys", "facts"];
const MOST_BYTES = 64 * 1024 * 1024; // of one attachment

export const SEALS: Readonly<Record<Seal, string>> = findings.seals;
export type Seal = "holds" | "broken" | "missing" | "strange";

/** What a look at a PDF found; `report` null: no proof is attached. */
export interface Looked {
  readonly seal: Seal;
  readonly report: Report | null;
}

/** Is everything as it was issued and as it was recorded? */
export function paper_holds({ seal, report }: Looked): boolean {
  return seal === "holds" && report !== null && !report.findings.length;
}

/** Does this PDF hold, page and attachment? */
export async function examined(pdf: Bytes, known: string | null = null): Promise<Looked> {
  const letters = LETTERS.decode(pdf);
  const held = await embedded(pdf, letters);
  const proof = held.find(is_proof);
  const seals = [...letters.matchAll(SEAL)];
  if (proof === undefined) {
    return { seal: seals.length === 1 ? "broken" : "missing", report: null };
  }
  const first = await check(proof, new Map(), known);
  const spoken = new Set([...first.unseen, ...first.missing]);
  const blobs = new Map<string, Bytes>();
  for (const one of held) {
    const name = hex(await sha256(one));
    if (spoken.has(name)) blobs.set(name, one);
  }
  return {
    seal: await seal_of(pdf, seals, first, known),
    report: await check(proof, blobs, known),
  };
}

async function seal_of(
  pdf: Bytes, seals: readonly RegExpExecArray[], report: Report, known: string | null,
): Promise<Seal> {
  const [found] = seals;
  if (found === undefined || seals.length !== 1) return "missing";
  if (report.proof === null) return "broken";
  const [line, key = "", signature = ""] = found;
  const rest = joined(
    pdf.subarray(0, found.index), pdf.subarray(found.index + line.length));
  const trusted = await line_of_keys(report.proof.keys, known ?? report.key);
  if (!trusted.has(key)) return "strange";
  const text = bytes_of(`doorstep pdf\n${hex(await sha256(rest))}`);
  return await signed(trusted, key, text, signature) ? "holds" : "broken";
}

function is_proof(data: Bytes): boolean {
  try {
    const said = read_file(data);
    return PROVES.every((name) => said.has(name));
  } catch {
    return false;
  }
}

/** What is attached to a PDF of ours; what cannot be read is left out. */
async function embedded(pdf: Bytes, letters: string): Promise<Bytes[]> {
  const found: Bytes[] = [];
  for (let at = letters.indexOf(EMBEDDED); at >= 0;
    at = letters.indexOf(EMBEDDED, at + 1)) {
    STREAM.lastIndex = at;
    const begins = STREAM.exec(letters);
    if (begins === null) continue;
    const object = letters.lastIndexOf(" obj", at - " obj".length);
    const header = object < 0 ? "" : letters.slice(object, begins.index);
    const length = LENGTH.exec(header);
    if (length === null) continue;
    const from = begins.index + begins[0].length;
    const raw = pdf.slice(from, from + Number(length[1]));
    const data = header.includes("/FlateDecode") ? await unpacked(raw) : raw;
    if (data !== null) found.push(data);
  }
  return found;
}

/** The whole stream and nothing behind it; null if it is not that. */
async function unpacked(raw: Bytes): Promise<Bytes | null> {
  const reader = new Blob([raw]).stream()
    .pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts: Uint8Array[] = [];
  try {
    for (let size = 0; size <= MOST_BYTES;) {
      const { done, value } = await reader.read();
      if (done) return joined(...parts);
      size += value.length;
      parts.push(value);
    }
  } catch {
    return null;
  }
  return null;
}
