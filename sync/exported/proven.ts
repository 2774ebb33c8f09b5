// Written by `python -m infra.export`; do not edit.

import { list, mapping, optional, record, text, whole } from "../plain.ts";
import { KeyWord, LogHead, Moment, Opened } from "./records.ts";

export interface ProvenFact {
  readonly position: number;
  readonly received_ms: number;
  readonly b: string;
  readonly x: ReadonlyMap<string, readonly string[]>;
  readonly path: readonly string[];
}
export const ProvenFact = record<ProvenFact, "x" | "path">("ProvenFact", {
  position: whole,
  received_ms: whole,
  b: text,
  x: mapping(list(text)),
  path: list(text),
}, {
  x: new Map(),
  path: [],
});

export interface ProvenBytes {
  readonly sha256: string;
  readonly stream: string | null;
  readonly position: number;
  readonly received_ms: number;
  readonly path: readonly string[];
}
export const ProvenBytes = record<ProvenBytes, "stream" | "path">("ProvenBytes", {
  sha256: text,
  stream: optional(text),
  position: whole,
  received_ms: whole,
  path: list(text),
}, {
  stream: null,
  path: [],
});

export interface ProvenPush {
  readonly device: string;
  readonly log: string;
  readonly ids: readonly string[];
  readonly signature: string;
}
export const ProvenPush = record<ProvenPush, never>("ProvenPush", {
  device: text,
  log: text,
  ids: list(text),
  signature: text,
}, {
});

export interface Proof {
  readonly form: string;
  readonly stream: string;
  readonly number: string | null;
  readonly head: LogHead;
  readonly keys: readonly KeyWord[];
  readonly epochs: readonly Opened[];
  readonly facts: readonly ProvenFact[];
  readonly bytes: readonly ProvenBytes[];
  readonly pushes: readonly ProvenPush[];
  readonly devices: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly signature: string;
}
export const Proof = record<Proof, "number" | "epochs" | "bytes" | "pushes" | "devices" | "signature">("Proof", {
  form: text,
  stream: text,
  number: optional(text),
  head: LogHead,
  keys: list(KeyWord),
  epochs: list(Opened),
  facts: list(ProvenFact),
  bytes: list(ProvenBytes),
  pushes: list(ProvenPush),
  devices: mapping(mapping(text)),
  signature: text,
}, {
  number: null,
  epochs: [],
  bytes: [],
  pushes: [],
  devices: new Map(),
  signature: "",
});

export interface PackedFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}
export const PackedFile = record<PackedFile, never>("PackedFile", {
  name: text,
  sha256: text,
  bytes: whole,
}, {
});

export interface PackIndex {
  readonly form: string;
  readonly stream: string;
  readonly number: string | null;
  readonly epoch: string;
  readonly size: number;
  readonly root: string;
  readonly at_ms: number;
  readonly disclosed: readonly string[];
  readonly files: readonly PackedFile[];
  readonly certificate: string | null;
  readonly missing: readonly string[];
  readonly erased: readonly string[];
  readonly withheld: readonly string[];
}
export const PackIndex = record<PackIndex, "certificate" | "missing" | "erased" | "withheld">("PackIndex", {
  form: text,
  stream: text,
  number: optional(text),
  epoch: text,
  size: whole,
  root: text,
  at_ms: whole,
  disclosed: list(text),
  files: list(PackedFile),
  certificate: optional(text),
  missing: list(text),
  erased: list(text),
  withheld: list(text),
}, {
  certificate: null,
  missing: [],
  erased: [],
  withheld: [],
});

export interface Anchor {
  readonly server_ms: number;
  readonly wall_ms: number;
  readonly boot_ms: number | null;
  readonly boot: string | null;
  readonly rtt_ms: number | null;
}
export const Anchor = record<Anchor, "boot_ms" | "boot" | "rtt_ms">("Anchor", {
  server_ms: whole,
  wall_ms: whole,
  boot_ms: optional(whole),
  boot: optional(text),
  rtt_ms: optional(whole),
}, {
  boot_ms: null,
  boot: null,
  rtt_ms: null,
});

export interface Witness {
  readonly not_before_ms: number | null;
  readonly not_after_ms: number | null;
  readonly before: Anchor | null;
  readonly after: Anchor | null;
}
export const Witness = record<Witness, "not_before_ms" | "not_after_ms" | "before" | "after">("Witness", {
  not_before_ms: optional(whole),
  not_after_ms: optional(whole),
  before: optional(Anchor),
  after: optional(Anchor),
}, {
  not_before_ms: null,
  not_after_ms: null,
  before: null,
  after: null,
});

export interface TimedFact {
  readonly position: number;
  readonly moment: Moment;
  readonly witness: Witness | null;
}
export const TimedFact = record<TimedFact, "witness">("TimedFact", {
  position: whole,
  moment: Moment,
  witness: optional(Witness),
}, {
  witness: null,
});

export interface Times {
  readonly facts: readonly TimedFact[];
}
export const Times = record<Times, never>("Times", {
  facts: list(TimedFact),
}, {
});
