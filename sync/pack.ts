// An evidence pack, checked without the server.
//
// The twin of `pack.py`, which says what lies in it. May not enter: files on a disk, words
// on the cover.

import { bytes_of, digest, hex, read, sha256 } from "./envelope.ts";
import { PackIndex, Times, type TimedFact } from "./exported/proven.ts";
import { line_of_keys } from "./heads.ts";
import { write_json } from "./json.ts";
import { Moment } from "./moment.ts";
import { typed } from "./plain.ts";
import { Refused } from "./problems.ts";
import {
  check, finding, NOTHING, OWN_LOG, read_file, signed,
  type Finding, type Proof, type ProvenFact, type Report,
} from "./proof.ts";
import { Reading } from "./reading.ts";
import { examined, paper_holds } from "./sealed.ts";
import { unzipped, type Files } from "./stored_zip.ts";
import { assess } from "./timing.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const FORM = "doorstep evidence 1";
const [INDEX, SIGNATURE, PROOF, TIMES, CERTIFICATE, ORIGINALS] = [
  "index.json", "index.sig", "proof.json", "times.json", "certificate.pdf", "originals/",
];

/** What a check of a pack found: first what the pack is made of, then its proof. */
export interface PackReport {
  readonly findings: readonly Finding[];
  readonly index: PackIndex | null;
  readonly proof: Report;
}

/** Is it one, and not a paper? */
export function is_pack(data: Bytes): boolean {
  return [0x50, 0x4b, 3, 4].every((byte, at) => data[at] === byte);
}

/** Everything that does not hold in this ZIP. */
export async function check_pack(
  data: Bytes, known: string | null = null,
): Promise<PackReport> {
  let files: Files;
  try {
    files = unzipped(data);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return nothing(finding("pack_altered", null, error.facts));
  }
  const held = new Map(files);
  const index = read_as(PackIndex, held.get(INDEX));
  if (index === null || index.form !== FORM) return nothing(finding("index_unreadable"));
  const looked = new Looking(files, held, index, known, await proof_in(files, held, known));
  const found: Finding[] = [];
  for await (const one of looked.of_the_pack()) found.push(one);
  return { findings: [...found, ...looked.report.findings], index, proof: looked.report };
}

function nothing(one: Finding): PackReport {
  return { findings: [one], index: null, proof: NOTHING };
}

function proof_in(
  files: Files, held: ReadonlyMap<string, Bytes>, known: string | null,
): Promise<Report> {
  const blobs = new Map<string, Bytes>();
  for (const [name, data] of files) {
    if (!name.startsWith(ORIGINALS)) continue;
    blobs.set(name.slice(ORIGINALS.length).split(".")[0] ?? "", data);
  }
  return check(held.get(PROOF) ?? new Uint8Array(), blobs, known);
}

/** One pack under examination. */
class Looking {
  readonly report: Report;
  private readonly names: readonly string[];
  private readonly held: ReadonlyMap<string, Bytes>;
  private readonly index: PackIndex;
  private readonly known: string | null;

  constructor(
    files: Files, held: ReadonlyMap<string, Bytes>, index: PackIndex,
    known: string | null, report: Report,
  ) {
    this.names = files.map(([name]) => name);
    this.held = held;
    this.index = index;
    this.known = known;
    this.report = report;
  }

  /** What is wrong with it, whatever the proof says. */
  async *of_the_pack(): AsyncIterable<Finding> {
    yield* this.signature();
    yield* this.files();
    const { proof } = this.report;
    if (proof !== null) {
      yield* this.same_order(proof);
      yield* this.times(proof);
    }
    if (this.held.has(CERTIFICATE)) yield* this.certificate();
  }

  private async *signature(): AsyncIterable<Finding> {
    const line = new TextDecoder("latin1").decode(this.held.get(SIGNATURE));
    const { proof } = this.report;
    const blank = line.indexOf(" ");
    if (proof === null || !line.endsWith("\n") || blank < 0) {
      yield finding("index_unsigned");
      return;
    }
    const trusted = await line_of_keys(proof.keys, this.known ?? proof.head.key);
    const index = this.held.get(INDEX) ?? new Uint8Array();
    const text = bytes_of(`doorstep evidence\n${await digest(index)}`);
    const signature = line.slice(blank + 1, -1);
    if (!await signed(trusted, line.slice(0, blank), text, signature)) {
      yield finding("index_unsigned");
    }
  }

  /** Each file that is listed is here, as it was; no other; in this sequence. */
  private async *files(): AsyncIterable<Finding> {
    for (const one of this.index.files) {
      const data = this.held.get(one.name);
      const { name } = one;
      if (data === undefined) yield finding("file_missing", null, { name });
      else if (hex(await sha256(data)) !== one.sha256 || data.length !== one.bytes) {
        yield finding("file_altered", null, { name });
      }
    }
    const wanted = [...this.index.files.map(({ name }) => name), INDEX, SIGNATURE];
    for (const name of [...new Set(this.names)].sort()) {
      if (!wanted.includes(name)) yield finding("file_added", null, { name });
    }
    const here = wanted.filter((name) => this.held.has(name));
    const there = this.names.filter((name) => wanted.includes(name));
    for (let at = 0; at < Math.max(here.length, there.length); at++) {
      if (here[at] === there[at]) continue;
      yield finding("file_moved", null, { name: (there[at] || here[at]) ?? "" });
      return;
    }
  }

  private *same_order({ stream, head }: Proof): Iterable<Finding> {
    const said = this.index;
    const same = said.stream === stream && said.epoch === head.epoch
      && said.size === head.size && said.root === head.root;
    if (!same) yield finding("proof_foreign");
  }

  /** Each time is worked out anew from what is sworn to. */
  private async *times(proof: Proof): AsyncIterable<Finding> {
    const times = read_as(Times, this.held.get(TIMES));
    if (times === null) {
      yield finding("times_unreadable");
      return;
    }
    const timed = new Map(times.facts.map((one) => [one.position, one]));
    for (const fact of proof.facts) {
      if (!await is_right(fact, timed.get(fact.position))) {
        yield finding("time_differs", fact.position);
      }
    }
  }

  private async *certificate(): AsyncIterable<Finding> {
    const pdf = this.held.get(CERTIFICATE) ?? new Uint8Array();
    const looked = await examined(pdf, (this.known ?? this.report.key) || null);
    if (!paper_holds(looked)) yield finding("certificate_broken");
    else if (looked.report?.proof?.stream !== this.index.stream) {
      yield finding("certificate_foreign");
    }
  }
}

/** Does this time follow from its evidence, and did the fact come in after it? */
async function is_right(fact: ProvenFact, timed: TimedFact | undefined): Promise<boolean> {
  if (timed === undefined) return false;
  const after = timed.witness?.not_after_ms ?? null;
  if (after !== null && after > fact.received_ms) return false;
  try {
    const wanted = await time_of(fact, timed);
    return write_json(Moment.write(wanted)) === write_json(Moment.write(timed.moment));
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

async function time_of(fact: ProvenFact, { witness }: TimedFact): Promise<Moment> {
  const { head } = await read(fact.b);
  if (!head.log.startsWith(OWN_LOG)) {
    return assess(Reading.parse(head.at), witness ?? undefined);
  }
  const [first, end] = [fact.received_ms, fact.received_ms + 1];
  return Moment.make({
    earliest_ms: first, latest_ms: end, not_before_ms: first, not_after_ms: end,
    grade: "A", basis: "server",
  });
}

function read_as<T extends object, D extends keyof T>(
  shape: Parameters<typeof typed<T, D>>[0], data: Bytes | undefined,
): T | null {
  try {
    return typed(shape, read_file(data ?? new Uint8Array()));
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
