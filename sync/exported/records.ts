// Written by `python -m infra.export`; do not edit.

import type { Json } from "../json.ts";
import {
  anything, list, mapping, one_of, optional, record, text, truth, whole,
} from "../plain.ts";

export const STAGES = ["unknown", "logged", "dispatched", "on_site", "surveyed", "agreed", "completed", "rework", "unsigned", "accepted"] as const;
export type Stage = (typeof STAGES)[number];

export const PAYERS = ["A", "B", "paid"] as const;
export type Payer = (typeof PAYERS)[number];

export const GRADES = ["A", "B", "C", "D"] as const;
export type Grade = (typeof GRADES)[number];

export const OUTCOMES = ["stored", "duplicate", "review", "deferred", "quarantined", "refused"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface BlobRef {
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
  readonly role: string;
}
export const BlobRef = record<BlobRef, never>("BlobRef", {
  sha256: text,
  bytes: whole,
  type: text,
  role: text,
}, {
});

export interface Request {
  readonly number: string | null;
  readonly registered_ms: number;
  readonly registered_width_ms: number;
  readonly channel: string;
  readonly sort: string;
  readonly site: string;
  readonly trade: string;
  readonly priority: string;
  readonly private: ReadonlyMap<string, string>;
}
export const Request = record<Request, "number" | "registered_width_ms" | "channel" | "sort" | "site" | "trade" | "priority" | "private">("Request", {
  number: optional(text),
  registered_ms: whole,
  registered_width_ms: whole,
  channel: text,
  sort: text,
  site: text,
  trade: text,
  priority: text,
  private: mapping(text),
}, {
  number: null,
  registered_width_ms: 60000,
  channel: "",
  sort: "",
  site: "",
  trade: "",
  priority: "normal",
  private: new Map(),
});

export interface Found {
  readonly fact: string;
  readonly by: string;
  readonly stands: boolean;
}
export const Found = record<Found, "stands">("Found", {
  fact: text,
  by: text,
  stands: truth,
}, {
  stands: true,
});

export interface Moment {
  readonly earliest_ms: number | null;
  readonly latest_ms: number | null;
  readonly not_before_ms: number | null;
  readonly not_after_ms: number | null;
  readonly claimed_ms: number | null;
  readonly grade: Grade;
  readonly basis: string | null;
  readonly remarks: readonly string[];
}
export const Moment = record<Moment, "earliest_ms" | "latest_ms" | "not_before_ms" | "not_after_ms" | "claimed_ms" | "grade" | "basis" | "remarks">("Moment", {
  earliest_ms: optional(whole),
  latest_ms: optional(whole),
  not_before_ms: optional(whole),
  not_after_ms: optional(whole),
  claimed_ms: optional(whole),
  grade: one_of(GRADES),
  basis: optional(text),
  remarks: list(text),
}, {
  earliest_ms: null,
  latest_ms: null,
  not_before_ms: null,
  not_after_ms: null,
  claimed_ms: null,
  grade: "D",
  basis: null,
  remarks: [],
});

export interface Taking {
  readonly person: string;
  readonly fact: string;
  readonly by: string;
  readonly moment: Moment;
  readonly repeats: string | null;
}
export const Taking = record<Taking, "repeats">("Taking", {
  person: text,
  fact: text,
  by: text,
  moment: Moment,
  repeats: optional(text),
}, {
  repeats: null,
});

export interface Assignment {
  readonly technician: string;
  readonly helpers: readonly string[];
  readonly fact: string;
}
export const Assignment = record<Assignment, "helpers" | "fact">("Assignment", {
  technician: text,
  helpers: list(text),
  fact: text,
}, {
  helpers: [],
  fact: "",
});

export interface Cancellation {
  readonly reason: string;
  readonly fact: string;
}
export const Cancellation = record<Cancellation, never>("Cancellation", {
  reason: text,
  fact: text,
}, {
});

export interface Closing {
  readonly reason: string;
  readonly fact: string;
}
export const Closing = record<Closing, never>("Closing", {
  reason: text,
  fact: text,
}, {
});

export interface Seen {
  readonly by: string;
  readonly fact: string;
  readonly basis: number;
  readonly moment: Moment;
}
export const Seen = record<Seen, never>("Seen", {
  by: text,
  fact: text,
  basis: whole,
  moment: Moment,
}, {
});

export interface Halt {
  readonly fact: string;
  readonly reason: string;
  readonly until_ms: number | null;
  readonly moment: Moment;
  readonly resumed: Moment | null;
  readonly private: ReadonlyMap<string, string>;
}
export const Halt = record<Halt, "until_ms" | "resumed" | "private">("Halt", {
  fact: text,
  reason: text,
  until_ms: optional(whole),
  moment: Moment,
  resumed: optional(Moment),
  private: mapping(text),
}, {
  until_ms: null,
  resumed: null,
  private: new Map(),
});

export interface Photo {
  readonly fact: string;
  readonly blob: BlobRef;
  readonly moment: string;
  readonly item: number | null;
  readonly by: string;
}
export const Photo = record<Photo, "item" | "by">("Photo", {
  fact: text,
  blob: BlobRef,
  moment: text,
  item: optional(whole),
  by: text,
}, {
  item: null,
  by: "",
});

export interface Appointment {
  readonly fact: string;
  readonly by: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly reason: string;
}
export const Appointment = record<Appointment, "reason">("Appointment", {
  fact: text,
  by: text,
  start_ms: whole,
  end_ms: whole,
  reason: text,
}, {
  reason: "",
});

export interface Departure {
  readonly fact: string;
  readonly by: string;
  readonly moment: Moment;
}
export const Departure = record<Departure, never>("Departure", {
  fact: text,
  by: text,
  moment: Moment,
}, {
});

export interface Visit {
  readonly fact: string;
  readonly by: string;
  readonly moment: Moment;
  readonly place: string | null;
  readonly door: readonly string[];
  readonly photo_consent: boolean | null;
  readonly place_consent: boolean | null;
  readonly start_consent: boolean | null;
  readonly outcome: string | null;
  readonly left: Moment | null;
}
export const Visit = record<Visit, "place" | "door" | "photo_consent" | "place_consent" | "start_consent" | "outcome" | "left">("Visit", {
  fact: text,
  by: text,
  moment: Moment,
  place: optional(text),
  door: list(text),
  photo_consent: optional(truth),
  place_consent: optional(truth),
  start_consent: optional(truth),
  outcome: optional(text),
  left: optional(Moment),
}, {
  place: null,
  door: [],
  photo_consent: null,
  place_consent: null,
  start_consent: null,
  outcome: null,
  left: null,
});

export interface MadeSafe {
  readonly fact: string;
  readonly by: string;
  readonly measures: readonly string[];
  readonly moment: Moment;
}
export const MadeSafe = record<MadeSafe, never>("MadeSafe", {
  fact: text,
  by: text,
  measures: list(text),
  moment: Moment,
}, {
});

export interface Survey {
  readonly fact: string;
  readonly cause: string;
  readonly method: string;
  readonly present: readonly string[];
  readonly estimate_minutes: number;
  readonly estimate_fen: number;
  readonly promised_ms: number | null;
  readonly private: ReadonlyMap<string, string>;
}
export const Survey = record<Survey, "present" | "estimate_minutes" | "estimate_fen" | "promised_ms" | "private">("Survey", {
  fact: text,
  cause: text,
  method: text,
  present: list(text),
  estimate_minutes: whole,
  estimate_fen: whole,
  promised_ms: optional(whole),
  private: mapping(text),
}, {
  present: [],
  estimate_minutes: 0,
  estimate_fen: 0,
  promised_ms: null,
  private: new Map(),
});

export interface Countersignature {
  readonly fact: string;
  readonly survey: string;
  readonly role: string;
  readonly signature: string | null;
  readonly private: ReadonlyMap<string, string>;
}
export const Countersignature = record<Countersignature, "signature" | "private">("Countersignature", {
  fact: text,
  survey: text,
  role: text,
  signature: optional(text),
  private: mapping(text),
}, {
  signature: null,
  private: new Map(),
});

export interface Item {
  readonly item: number;
  readonly trade: string;
  readonly payer: Payer;
  readonly fact: string;
  readonly private: ReadonlyMap<string, string>;
}
export const Item = record<Item, "private">("Item", {
  item: whole,
  trade: text,
  payer: one_of(PAYERS),
  fact: text,
  private: mapping(text),
}, {
  private: new Map(),
});

export interface Line {
  readonly code: string;
  readonly quantity: number;
  readonly price_fen: number;
  readonly item: number | null;
  readonly payer: Payer;
}
export const Line = record<Line, "item" | "payer">("Line", {
  code: text,
  quantity: whole,
  price_fen: whole,
  item: optional(whole),
  payer: one_of(PAYERS),
}, {
  item: null,
  payer: "paid",
});

export interface Quote {
  readonly fact: string;
  readonly lines: readonly Line[];
  readonly price_list: string;
}
export const Quote = record<Quote, never>("Quote", {
  fact: text,
  lines: list(Line),
  price_list: text,
}, {
});

export interface Hold {
  readonly fact: string;
  readonly estimate_fen: number;
  readonly limit_fen: number;
  readonly owner_told: boolean;
  readonly released: string | null;
  readonly up_to_fen: number | null;
}
export const Hold = record<Hold, "released" | "up_to_fen">("Hold", {
  fact: text,
  estimate_fen: whole,
  limit_fen: whole,
  owner_told: truth,
  released: optional(text),
  up_to_fen: optional(whole),
}, {
  released: null,
  up_to_fen: null,
});

export interface Agreement {
  readonly fact: string;
  readonly relation: string;
  readonly total_fen: number;
  readonly promised_ms: number | null;
  readonly reason: string | null;
  readonly private: ReadonlyMap<string, string>;
}
export const Agreement = record<Agreement, "promised_ms" | "reason" | "private">("Agreement", {
  fact: text,
  relation: text,
  total_fen: whole,
  promised_ms: optional(whole),
  reason: optional(text),
  private: mapping(text),
}, {
  promised_ms: null,
  reason: null,
  private: new Map(),
});

export interface Part {
  readonly fact: string;
  readonly line: Line;
  readonly price_list: string;
  readonly private: ReadonlyMap<string, string>;
}
export const Part = record<Part, "private">("Part", {
  fact: text,
  line: Line,
  price_list: text,
  private: mapping(text),
}, {
  private: new Map(),
});

export interface WorkRecord {
  readonly fact: string;
  readonly item: number;
  readonly cause: string;
  readonly remedy: string;
  readonly labour_minutes: number;
  readonly labour_fen: number;
  readonly private: ReadonlyMap<string, string>;
}
export const WorkRecord = record<WorkRecord, "private">("WorkRecord", {
  fact: text,
  item: whole,
  cause: text,
  remedy: text,
  labour_minutes: whole,
  labour_fen: whole,
  private: mapping(text),
}, {
  private: new Map(),
});

export interface TakenAway {
  readonly fact: string;
  readonly receipt: string;
  readonly private: ReadonlyMap<string, string>;
  readonly returned: string | null;
}
export const TakenAway = record<TakenAway, "private" | "returned">("TakenAway", {
  fact: text,
  receipt: text,
  private: mapping(text),
  returned: optional(text),
}, {
  private: new Map(),
  returned: null,
});

export interface Inspection {
  readonly fact: string;
  readonly item: number;
  readonly passed: boolean;
  readonly reason: string | null;
  readonly private: ReadonlyMap<string, string>;
}
export const Inspection = record<Inspection, "reason" | "private">("Inspection", {
  fact: text,
  item: whole,
  passed: truth,
  reason: optional(text),
  private: mapping(text),
}, {
  reason: null,
  private: new Map(),
});

export interface Verdict {
  readonly fact: string;
  readonly answer: string;
  readonly sheet: string;
  readonly covers: readonly string[];
  readonly relation: string | null;
  readonly signature: string | null;
  readonly reason: string | null;
  readonly responsible: string | null;
  readonly due_ms: number | null;
  readonly private: ReadonlyMap<string, string>;
  readonly moment: Moment | null;
}
export const Verdict = record<Verdict, "relation" | "signature" | "reason" | "responsible" | "due_ms" | "private" | "moment">("Verdict", {
  fact: text,
  answer: text,
  sheet: text,
  covers: list(text),
  relation: optional(text),
  signature: optional(text),
  reason: optional(text),
  responsible: optional(text),
  due_ms: optional(whole),
  private: mapping(text),
  moment: optional(Moment),
}, {
  relation: null,
  signature: null,
  reason: null,
  responsible: null,
  due_ms: null,
  private: new Map(),
  moment: null,
});

export interface Round {
  readonly inspections: readonly Inspection[];
  readonly verdicts: readonly Verdict[];
}
export const Round = record<Round, "inspections" | "verdicts">("Round", {
  inspections: list(Inspection),
  verdicts: list(Verdict),
}, {
  inspections: [],
  verdicts: [],
});

export interface Payment {
  readonly fact: string;
  readonly amount_fen: number;
  readonly means: string;
  readonly invoice: string;
}
export const Payment = record<Payment, "invoice">("Payment", {
  fact: text,
  amount_fen: whole,
  means: text,
  invoice: text,
}, {
  invoice: "",
});

export interface Rating {
  readonly fact: string;
  readonly round: number;
  readonly stars: number;
}
export const Rating = record<Rating, never>("Rating", {
  fact: text,
  round: whole,
  stars: whole,
}, {
});

export interface Beside {
  readonly survey: readonly Survey[];
  readonly items: readonly Item[];
  readonly quote: readonly Quote[];
  readonly records: readonly WorkRecord[];
  readonly photos: readonly Photo[];
  readonly parts: readonly Part[];
}
export const Beside = record<Beside, "survey" | "items" | "quote" | "records" | "photos" | "parts">("Beside", {
  survey: list(Survey),
  items: list(Item),
  quote: list(Quote),
  records: list(WorkRecord),
  photos: list(Photo),
  parts: list(Part),
}, {
  survey: [],
  items: [],
  quote: [],
  records: [],
  photos: [],
  parts: [],
});

export interface Review {
  readonly id: string;
  readonly code: string;
  readonly facts: readonly string[];
}
export const Review = record<Review, never>("Review", {
  id: text,
  code: text,
  facts: list(text),
}, {
});

export interface Resolution {
  readonly review: string;
  readonly reason: string;
  readonly fact: string;
  readonly private: ReadonlyMap<string, string>;
}
export const Resolution = record<Resolution, "private">("Resolution", {
  review: text,
  reason: text,
  fact: text,
  private: mapping(text),
}, {
  private: new Map(),
});

export interface Remark {
  readonly fact: string;
  readonly by: string;
  readonly private: ReadonlyMap<string, string>;
}
export const Remark = record<Remark, "private">("Remark", {
  fact: text,
  by: text,
  private: mapping(text),
}, {
  private: new Map(),
});

export interface Enquiry {
  readonly fact: string;
  readonly by: string;
  readonly sheet: string;
  readonly moment: Moment;
}
export const Enquiry = record<Enquiry, never>("Enquiry", {
  fact: text,
  by: text,
  sheet: text,
  moment: Moment,
}, {
});

export interface Confirmation {
  readonly fact: string;
  readonly sheet: string;
  readonly asked: string;
  readonly means: string;
  readonly private: ReadonlyMap<string, string>;
  readonly moment: Moment;
}
export const Confirmation = record<Confirmation, "private">("Confirmation", {
  fact: text,
  sheet: text,
  asked: text,
  means: text,
  private: mapping(text),
  moment: Moment,
}, {
  private: new Map(),
});

export interface Mark {
  readonly fact: string;
  readonly stars: number;
  readonly chips: readonly string[];
  readonly private: ReadonlyMap<string, string>;
}
export const Mark = record<Mark, "chips" | "private">("Mark", {
  fact: text,
  stars: whole,
  chips: list(text),
  private: mapping(text),
}, {
  chips: [],
  private: new Map(),
});

export interface Complaint {
  readonly fact: string;
  readonly subject: string;
  readonly private: ReadonlyMap<string, string>;
}
export const Complaint = record<Complaint, "private">("Complaint", {
  fact: text,
  subject: text,
  private: mapping(text),
}, {
  private: new Map(),
});

export interface Dispute {
  readonly fact: string;
  readonly sheet: string;
  readonly reason: string;
  readonly private: ReadonlyMap<string, string>;
}
export const Dispute = record<Dispute, "private">("Dispute", {
  fact: text,
  sheet: text,
  reason: text,
  private: mapping(text),
}, {
  private: new Map(),
});

export interface Revocation {
  readonly fact: string;
  readonly sheet: string;
  readonly reason: string;
  readonly private: ReadonlyMap<string, string>;
  readonly moment: Moment;
}
export const Revocation = record<Revocation, "private">("Revocation", {
  fact: text,
  sheet: text,
  reason: text,
  private: mapping(text),
  moment: Moment,
}, {
  private: new Map(),
});

export interface Settlement {
  readonly fact: string;
  readonly by: string;
  readonly moment: Moment;
  readonly number: string;
  readonly code: string;
  readonly choice: string;
  readonly reason: string;
  readonly private: ReadonlyMap<string, string>;
  readonly register: string;
  readonly field: string;
  readonly other: string;
  readonly undone: string;
}
export const Settlement = record<Settlement, "private" | "register" | "field" | "other" | "undone">("Settlement", {
  fact: text,
  by: text,
  moment: Moment,
  number: text,
  code: text,
  choice: text,
  reason: text,
  private: mapping(text),
  register: text,
  field: text,
  other: text,
  undone: text,
}, {
  private: new Map(),
  register: "",
  field: "",
  other: "",
  undone: "",
});

export interface Handling {
  readonly fact: string;
  readonly number: string;
  readonly code: string;
  readonly person: string;
}
export const Handling = record<Handling, "person">("Handling", {
  fact: text,
  number: text,
  code: text,
  person: text,
}, {
  person: "",
});

export interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly by: string;
  readonly log: string;
  readonly n: number;
  readonly lamport: number;
  readonly basis: number;
  readonly position: number | null;
  readonly moment: Moment | null;
  readonly about: string;
  readonly replaced_by: string;
}
export const Entry = record<Entry, "position" | "moment" | "about" | "replaced_by">("Entry", {
  id: text,
  kind: text,
  by: text,
  log: text,
  n: whole,
  lamport: whole,
  basis: whole,
  position: optional(whole),
  moment: optional(Moment),
  about: text,
  replaced_by: text,
}, {
  position: null,
  moment: null,
  about: "",
  replaced_by: "",
});

export interface Order {
  readonly stream: string;
  readonly request: Request | null;
  readonly found: Found | null;
  readonly takings: readonly Taking[];
  readonly stage: Stage;
  readonly assignments: readonly Assignment[];
  readonly cancelled: Cancellation | null;
  readonly closed: Closing | null;
  readonly merged_into: string | null;
  readonly duplicates: readonly string[];
  readonly seen: readonly Seen[];
  readonly halts: readonly Halt[];
  readonly reported: readonly Photo[];
  readonly appointments: readonly Appointment[];
  readonly departures: readonly Departure[];
  readonly visits: readonly Visit[];
  readonly made_safe: readonly MadeSafe[];
  readonly survey: Survey | null;
  readonly countersigned: readonly Countersignature[];
  readonly items: readonly Item[];
  readonly quote: Quote | null;
  readonly holds: readonly Hold[];
  readonly agreements: readonly Agreement[];
  readonly photos: readonly Photo[];
  readonly parts: readonly Part[];
  readonly records: readonly WorkRecord[];
  readonly taken_away: readonly TakenAway[];
  readonly rounds: readonly Round[];
  readonly payments: readonly Payment[];
  readonly ratings: readonly Rating[];
  readonly beside: Beside;
  readonly reviews: readonly Review[];
  readonly resolved: readonly Review[];
  readonly resolutions: readonly Resolution[];
  readonly remarks: readonly Remark[];
  readonly asked: readonly Enquiry[];
  readonly confirmed: readonly Confirmation[];
  readonly marks: readonly Mark[];
  readonly complaints: readonly Complaint[];
  readonly disputes: readonly Dispute[];
  readonly revoked: readonly Revocation[];
  readonly settlements: readonly Settlement[];
  readonly handlings: readonly Handling[];
  readonly history: readonly Entry[];
  readonly lamport: number;
}
export const Order = record<Order, "stream" | "request" | "found" | "takings" | "stage" | "assignments" | "cancelled" | "closed" | "merged_into" | "duplicates" | "seen" | "halts" | "reported" | "appointments" | "departures" | "visits" | "made_safe" | "survey" | "countersigned" | "items" | "quote" | "holds" | "agreements" | "photos" | "parts" | "records" | "taken_away" | "rounds" | "payments" | "ratings" | "beside" | "reviews" | "resolved" | "resolutions" | "remarks" | "asked" | "confirmed" | "marks" | "complaints" | "disputes" | "revoked" | "settlements" | "handlings" | "history" | "lamport">("Order", {
  stream: text,
  request: optional(Request),
  found: optional(Found),
  takings: list(Taking),
  stage: one_of(STAGES),
  assignments: list(Assignment),
  cancelled: optional(Cancellation),
  closed: optional(Closing),
  merged_into: optional(text),
  duplicates: list(text),
  seen: list(Seen),
  halts: list(Halt),
  reported: list(Photo),
  appointments: list(Appointment),
  departures: list(Departure),
  visits: list(Visit),
  made_safe: list(MadeSafe),
  survey: optional(Survey),
  countersigned: list(Countersignature),
  items: list(Item),
  quote: optional(Quote),
  holds: list(Hold),
  agreements: list(Agreement),
  photos: list(Photo),
  parts: list(Part),
  records: list(WorkRecord),
  taken_away: list(TakenAway),
  rounds: list(Round),
  payments: list(Payment),
  ratings: list(Rating),
  beside: Beside,
  reviews: list(Review),
  resolved: list(Review),
  resolutions: list(Resolution),
  remarks: list(Remark),
  asked: list(Enquiry),
  confirmed: list(Confirmation),
  marks: list(Mark),
  complaints: list(Complaint),
  disputes: list(Dispute),
  revoked: list(Revocation),
  settlements: list(Settlement),
  handlings: list(Handling),
  history: list(Entry),
  lamport: whole,
}, {
  stream: "",
  request: null,
  found: null,
  takings: [],
  stage: "unknown",
  assignments: [],
  cancelled: null,
  closed: null,
  merged_into: null,
  duplicates: [],
  seen: [],
  halts: [],
  reported: [],
  appointments: [],
  departures: [],
  visits: [],
  made_safe: [],
  survey: null,
  countersigned: [],
  items: [],
  quote: null,
  holds: [],
  agreements: [],
  photos: [],
  parts: [],
  records: [],
  taken_away: [],
  rounds: [],
  payments: [],
  ratings: [],
  beside: Beside.make({}),
  reviews: [],
  resolved: [],
  resolutions: [],
  remarks: [],
  asked: [],
  confirmed: [],
  marks: [],
  complaints: [],
  disputes: [],
  revoked: [],
  settlements: [],
  handlings: [],
  history: [],
  lamport: 0,
});

export interface Claim {
  readonly log: string;
  readonly n: number;
  readonly tip: string | null;
  readonly at: ReadonlyMap<string, Json>;
  readonly unsent: number;
}
export const Claim = record<Claim, "tip" | "at" | "unsent">("Claim", {
  log: text,
  n: whole,
  tip: optional(text),
  at: mapping(anything),
  unsent: whole,
}, {
  tip: null,
  at: new Map(),
  unsent: 0,
});

export interface Opened {
  readonly epoch: string;
  readonly parent: string | null;
  readonly fork_position: number;
  readonly opened_ms: number;
  readonly signature: string;
}
export const Opened = record<Opened, "signature">("Opened", {
  epoch: text,
  parent: optional(text),
  fork_position: whole,
  opened_ms: whole,
  signature: text,
}, {
  signature: "",
});

export interface Limits {
  readonly facts: number;
  readonly bytes: number;
  readonly body_bytes: number;
}
export const Limits = record<Limits, "facts" | "bytes" | "body_bytes">("Limits", {
  facts: whole,
  bytes: whole,
  body_bytes: whole,
}, {
  facts: 100,
  bytes: 262144,
  body_bytes: 16384,
});

export interface LogHead {
  readonly epoch: string;
  readonly size: number;
  readonly root: string;
  readonly at_ms: number;
  readonly key: string;
  readonly signature: string;
}
export const LogHead = record<LogHead, "signature">("LogHead", {
  epoch: text,
  size: whole,
  root: text,
  at_ms: whole,
  key: text,
  signature: text,
}, {
  signature: "",
});

export interface Welcome {
  readonly epoch: string;
  readonly server_ms: number;
  readonly token: string;
  readonly durable_through: number;
  readonly poll_ms: number;
  readonly policy: string;
  readonly voucher: string;
  readonly epochs: readonly Opened[];
  readonly new_instance: boolean;
  readonly incidents: readonly string[];
  readonly protocol: number;
  readonly limits: Limits;
  readonly uploads: string;
  readonly head: LogHead | null;
}
export const Welcome = record<Welcome, "voucher" | "epochs" | "new_instance" | "incidents" | "protocol" | "limits" | "uploads" | "head">("Welcome", {
  epoch: text,
  server_ms: whole,
  token: text,
  durable_through: whole,
  poll_ms: whole,
  policy: text,
  voucher: text,
  epochs: list(Opened),
  new_instance: truth,
  incidents: list(text),
  protocol: whole,
  limits: Limits,
  uploads: text,
  head: optional(LogHead),
}, {
  voucher: "",
  epochs: [],
  new_instance: false,
  incidents: [],
  protocol: 1,
  limits: Limits.make({}),
  uploads: "",
  head: null,
});

export interface Receipt {
  readonly id: string;
  readonly outcome: Outcome;
  readonly position: number | null;
  readonly received_ms: number | null;
  readonly reviews: readonly string[];
  readonly reason: string | null;
}
export const Receipt = record<Receipt, "position" | "received_ms" | "reviews" | "reason">("Receipt", {
  id: text,
  outcome: one_of(OUTCOMES),
  position: optional(whole),
  received_ms: optional(whole),
  reviews: list(text),
  reason: optional(text),
}, {
  position: null,
  received_ms: null,
  reviews: [],
  reason: null,
});

export interface Outcomes {
  readonly epoch: string;
  readonly durable_through: number;
  readonly receipts: readonly Receipt[];
  readonly new_instance: boolean;
  readonly voucher: string;
  readonly head: LogHead | null;
}
export const Outcomes = record<Outcomes, "new_instance" | "voucher" | "head">("Outcomes", {
  epoch: text,
  durable_through: whole,
  receipts: list(Receipt),
  new_instance: truth,
  voucher: text,
  head: optional(LogHead),
}, {
  new_instance: false,
  voucher: "",
  head: null,
});

export interface Document {
  readonly stream: string;
  readonly rev: number;
  readonly order: ReadonlyMap<string, Json>;
  readonly private: ReadonlyMap<string, readonly string[]>;
  readonly held: readonly string[];
  readonly flaws: ReadonlyMap<string, string>;
  readonly mac: string;
  readonly text: string;
}
export const Document = record<Document, "held" | "flaws" | "mac" | "text">("Document", {
  stream: text,
  rev: whole,
  order: mapping(anything),
  private: mapping(list(text)),
  held: list(text),
  flaws: mapping(text),
  mac: text,
  text: text,
}, {
  held: [],
  flaws: new Map(),
  mac: "",
  text: "",
});

export interface Settled {
  readonly review: string;
  readonly code: string;
  readonly facts: readonly string[];
  readonly reason: string;
  readonly fact: string;
}
export const Settled = record<Settled, never>("Settled", {
  review: text,
  code: text,
  facts: list(text),
  reason: text,
  fact: text,
}, {
});

export interface Gone {
  readonly stream: string;
  readonly reason: string;
  readonly purge_ms: number;
  readonly mac: string;
  readonly settled: readonly Settled[];
}
export const Gone = record<Gone, "mac" | "settled">("Gone", {
  stream: text,
  reason: text,
  purge_ms: whole,
  mac: text,
  settled: list(Settled),
}, {
  mac: "",
  settled: [],
});

export interface Page {
  readonly cursor: string;
  readonly complete: boolean;
  readonly epoch: string;
  readonly durable_through: number;
  readonly documents: readonly Document[];
  readonly gone: readonly Gone[];
  readonly reset: string | null;
  readonly head: LogHead | null;
}
export const Page = record<Page, "documents" | "gone" | "reset" | "head">("Page", {
  cursor: text,
  complete: truth,
  epoch: text,
  durable_through: whole,
  documents: list(Document),
  gone: list(Gone),
  reset: optional(text),
  head: optional(LogHead),
}, {
  documents: [],
  gone: [],
  reset: null,
  head: null,
});

export interface Price {
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly price_fen: number;
  readonly trade: string;
}
export const Price = record<Price, "trade">("Price", {
  code: text,
  name: text,
  unit: text,
  price_fen: whole,
  trade: text,
}, {
  trade: "",
});

export interface PriceList {
  readonly name: string;
  readonly from_ms: number;
  readonly prices: readonly Price[];
}
export const PriceList = record<PriceList, never>("PriceList", {
  name: text,
  from_ms: whole,
  prices: list(Price),
}, {
});

export interface Bill {
  readonly material_fen: number;
  readonly labour_fen: number;
  readonly owner_fen: number;
}
export const Bill = record<Bill, never>("Bill", {
  material_fen: whole,
  labour_fen: whole,
  owner_fen: whole,
}, {
});

export interface KeyWord {
  readonly key: ReadonlyMap<string, string>;
  readonly since_ms: number;
  readonly before: string | null;
  readonly signature: string;
  readonly answer: string;
}
export const KeyWord = record<KeyWord, "since_ms" | "before" | "signature" | "answer">("KeyWord", {
  key: mapping(text),
  since_ms: whole,
  before: optional(text),
  signature: text,
  answer: text,
}, {
  since_ms: 0,
  before: null,
  signature: "",
  answer: "",
});
