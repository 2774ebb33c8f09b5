// Written by `python -m infra.export`; do not edit.

import {
  list, one_of, optional, record, text, truth, whole,
} from "../plain.ts";
import { Line, PAYERS, type Payer } from "./records.ts";

export interface Logged {
  readonly number: string | null;
  readonly registered_ms: number;
  readonly registered_width_ms: number;
  readonly channel: string;
  readonly sort: string;
  readonly site: string;
  readonly trade: string;
  readonly priority: string;
}
export const Logged = record<Logged, "number" | "registered_width_ms" | "channel" | "sort" | "site" | "trade" | "priority">("Logged", {
  number: optional(text),
  registered_ms: whole,
  registered_width_ms: whole,
  channel: text,
  sort: text,
  site: text,
  trade: text,
  priority: text,
}, {
  number: null,
  registered_width_ms: 60000,
  channel: "",
  sort: "",
  site: "",
  trade: "",
  priority: "normal",
});

export interface Amended {
  readonly number: string | null;
  readonly registered_ms: number;
  readonly registered_width_ms: number;
  readonly channel: string;
  readonly sort: string;
  readonly site: string;
  readonly trade: string;
  readonly priority: string;
}
export const Amended = record<Amended, "number" | "registered_width_ms" | "channel" | "sort" | "site" | "trade" | "priority">("Amended", {
  number: optional(text),
  registered_ms: whole,
  registered_width_ms: whole,
  channel: text,
  sort: text,
  site: text,
  trade: text,
  priority: text,
}, {
  number: null,
  registered_width_ms: 60000,
  channel: "",
  sort: "",
  site: "",
  trade: "",
  priority: "normal",
});

export interface Taken {
  readonly person: string;
  readonly repeats: string | null;
}
export const Taken = record<Taken, "repeats">("Taken", {
  person: text,
  repeats: optional(text),
}, {
  repeats: null,
});

export interface FoundOnSite {
  readonly registered_ms: number;
  readonly trade: string;
  readonly priority: string;
  readonly site: string;
  readonly beside: string | null;
}
export const FoundOnSite = record<FoundOnSite, "trade" | "priority" | "site" | "beside">("FoundOnSite", {
  registered_ms: whole,
  trade: text,
  priority: text,
  site: text,
  beside: optional(text),
}, {
  trade: "",
  priority: "normal",
  site: "",
  beside: null,
});

export interface Pictured {
}
export const Pictured = record<Pictured, never>("Pictured", {
}, {
});

export interface Merged {
  readonly into: string;
}
export const Merged = record<Merged, never>("Merged", {
  into: text,
}, {
});

export interface DuplicateFound {
  readonly duplicate: string;
}
export const DuplicateFound = record<DuplicateFound, never>("DuplicateFound", {
  duplicate: text,
}, {
});

export interface Dispatched {
  readonly technician: string;
  readonly helpers: readonly string[];
}
export const Dispatched = record<Dispatched, "helpers">("Dispatched", {
  technician: text,
  helpers: list(text),
}, {
  helpers: [],
});

export interface Cancelled {
  readonly reason: string;
}
export const Cancelled = record<Cancelled, never>("Cancelled", {
  reason: text,
}, {
});

export interface Closed {
  readonly reason: string;
}
export const Closed = record<Closed, never>("Closed", {
  reason: text,
}, {
});

export interface Reopened {
  readonly reason: string;
}
export const Reopened = record<Reopened, never>("Reopened", {
  reason: text,
}, {
});

export interface PutOnHold {
  readonly reason: string;
  readonly until_ms: number | null;
}
export const PutOnHold = record<PutOnHold, "until_ms">("PutOnHold", {
  reason: text,
  until_ms: optional(whole),
}, {
  until_ms: null,
});

export interface Resumed {
}
export const Resumed = record<Resumed, never>("Resumed", {
}, {
});

export interface Commented {
}
export const Commented = record<Commented, never>("Commented", {
}, {
});

export interface Approved {
  readonly hold: string;
  readonly up_to_fen: number;
}
export const Approved = record<Approved, never>("Approved", {
  hold: text,
  up_to_fen: whole,
}, {
});

export interface ReviewResolved {
  readonly review: string;
  readonly reason: string;
}
export const ReviewResolved = record<ReviewResolved, never>("ReviewResolved", {
  review: text,
  reason: text,
}, {
});

export interface OrderSeen {
}
export const OrderSeen = record<OrderSeen, never>("OrderSeen", {
}, {
});

export interface DifferenceSettled {
  readonly number: string;
  readonly code: string;
  readonly choice: string;
  readonly reason: string;
  readonly register: string;
  readonly field: string;
  readonly other: string;
}
export const DifferenceSettled = record<DifferenceSettled, "register" | "field" | "other">("DifferenceSettled", {
  number: text,
  code: text,
  choice: text,
  reason: text,
  register: text,
  field: text,
  other: text,
}, {
  register: "",
  field: "",
  other: "",
});

export interface SettlementUndone {
  readonly settled: string;
}
export const SettlementUndone = record<SettlementUndone, never>("SettlementUndone", {
  settled: text,
}, {
});

export interface DifferenceTaken {
  readonly number: string;
  readonly code: string;
  readonly person: string;
}
export const DifferenceTaken = record<DifferenceTaken, "person">("DifferenceTaken", {
  number: text,
  code: text,
  person: text,
}, {
  person: "",
});

export interface Appointed {
  readonly start_ms: number;
  readonly end_ms: number;
  readonly reason: string;
}
export const Appointed = record<Appointed, "reason">("Appointed", {
  start_ms: whole,
  end_ms: whole,
  reason: text,
}, {
  reason: "",
});

export interface SetOff {
}
export const SetOff = record<SetOff, never>("SetOff", {
}, {
});

export interface Arrived {
}
export const Arrived = record<Arrived, never>("Arrived", {
}, {
});

export interface Placed {
  readonly arrival: string;
}
export const Placed = record<Placed, never>("Placed", {
  arrival: text,
}, {
});

export interface DoorProtocol {
  readonly steps: readonly string[];
  readonly photo_consent: boolean;
  readonly place_consent: boolean;
  readonly start_consent: boolean;
}
export const DoorProtocol = record<DoorProtocol, never>("DoorProtocol", {
  steps: list(text),
  photo_consent: truth,
  place_consent: truth,
  start_consent: truth,
}, {
});

export interface NobodyHome {
}
export const NobodyHome = record<NobodyHome, never>("NobodyHome", {
}, {
});

export interface TurnedAway {
  readonly reason: string;
}
export const TurnedAway = record<TurnedAway, never>("TurnedAway", {
  reason: text,
}, {
});

export interface Left {
}
export const Left = record<Left, never>("Left", {
}, {
});

export interface SafeMade {
  readonly measures: readonly string[];
}
export const SafeMade = record<SafeMade, never>("SafeMade", {
  measures: list(text),
}, {
});

export interface Surveyed {
  readonly cause: string;
  readonly method: string;
  readonly present: readonly string[];
  readonly estimate_minutes: number;
  readonly estimate_fen: number;
  readonly promised_ms: number | null;
}
export const Surveyed = record<Surveyed, "present" | "estimate_minutes" | "estimate_fen" | "promised_ms">("Surveyed", {
  cause: text,
  method: text,
  present: list(text),
  estimate_minutes: whole,
  estimate_fen: whole,
  promised_ms: optional(whole),
}, {
  present: [],
  estimate_minutes: 0,
  estimate_fen: 0,
  promised_ms: null,
});

export interface Countersigned {
  readonly survey: string;
  readonly role: string;
}
export const Countersigned = record<Countersigned, never>("Countersigned", {
  survey: text,
  role: text,
}, {
});

export interface ItemFound {
  readonly item: number;
  readonly trade: string;
  readonly payer: Payer;
}
export const ItemFound = record<ItemFound, never>("ItemFound", {
  item: whole,
  trade: text,
  payer: one_of(PAYERS),
}, {
});

export interface Quoted {
  readonly lines: readonly Line[];
  readonly price_list: string;
}
export const Quoted = record<Quoted, never>("Quoted", {
  lines: list(Line),
  price_list: text,
}, {
});

export interface Held {
  readonly estimate_fen: number;
  readonly limit_fen: number;
  readonly owner_told: boolean;
}
export const Held = record<Held, never>("Held", {
  estimate_fen: whole,
  limit_fen: whole,
  owner_told: truth,
}, {
});

export interface PlanAgreed {
  readonly relation: string;
  readonly total_fen: number;
  readonly promised_ms: number | null;
}
export const PlanAgreed = record<PlanAgreed, "total_fen" | "promised_ms">("PlanAgreed", {
  relation: text,
  total_fen: whole,
  promised_ms: optional(whole),
}, {
  total_fen: 0,
  promised_ms: null,
});

export interface PlanChanged {
  readonly relation: string;
  readonly total_fen: number;
  readonly promised_ms: number | null;
  readonly reason: string;
}
export const PlanChanged = record<PlanChanged, "total_fen" | "promised_ms">("PlanChanged", {
  relation: text,
  total_fen: whole,
  promised_ms: optional(whole),
  reason: text,
}, {
  total_fen: 0,
  promised_ms: null,
});

export interface ThingTakenAway {
  readonly receipt: string;
}
export const ThingTakenAway = record<ThingTakenAway, never>("ThingTakenAway", {
  receipt: text,
}, {
});

export interface ThingReturned {
  readonly receipt: string;
}
export const ThingReturned = record<ThingReturned, never>("ThingReturned", {
  receipt: text,
}, {
});

export interface Photographed {
  readonly corrects: string | null;
  readonly moment: string;
  readonly item: number | null;
  readonly source: string;
}
export const Photographed = record<Photographed, "corrects" | "item" | "source">("Photographed", {
  corrects: optional(text),
  moment: text,
  item: optional(whole),
  source: text,
}, {
  corrects: null,
  item: null,
  source: "camera",
});

export interface PartUsed {
  readonly corrects: string | null;
  readonly line: Line;
  readonly price_list: string;
}
export const PartUsed = record<PartUsed, "corrects">("PartUsed", {
  corrects: optional(text),
  line: Line,
  price_list: text,
}, {
  corrects: null,
});

export interface Recorded {
  readonly item: number;
  readonly cause: string;
  readonly remedy: string;
  readonly labour_minutes: number;
  readonly labour_fen: number;
}
export const Recorded = record<Recorded, "labour_fen">("Recorded", {
  item: whole,
  cause: text,
  remedy: text,
  labour_minutes: whole,
  labour_fen: whole,
}, {
  labour_fen: 0,
});

export interface Retracted {
  readonly fact: string;
  readonly reason: string;
}
export const Retracted = record<Retracted, never>("Retracted", {
  fact: text,
  reason: text,
}, {
});

export interface Completed {
  readonly tidied: boolean;
  readonly asked_for_other_wishes: boolean;
}
export const Completed = record<Completed, "tidied" | "asked_for_other_wishes">("Completed", {
  tidied: truth,
  asked_for_other_wishes: truth,
}, {
  tidied: true,
  asked_for_other_wishes: true,
});

export interface Inspected {
  readonly round: number;
  readonly item: number;
  readonly passed: boolean;
  readonly reason: string | null;
}
export const Inspected = record<Inspected, "reason">("Inspected", {
  round: whole,
  item: whole,
  passed: truth,
  reason: optional(text),
}, {
  reason: null,
});

export interface Accepted {
  readonly round: number;
  readonly sheet: string;
  readonly covers: readonly string[];
  readonly relation: string;
}
export const Accepted = record<Accepted, "relation">("Accepted", {
  round: whole,
  sheet: text,
  covers: list(text),
  relation: text,
}, {
  relation: "owner",
});

export interface Rejected {
  readonly round: number;
  readonly sheet: string;
  readonly covers: readonly string[];
  readonly responsible: string;
  readonly due_ms: number;
  readonly relation: string;
}
export const Rejected = record<Rejected, "relation">("Rejected", {
  round: whole,
  sheet: text,
  covers: list(text),
  responsible: text,
  due_ms: whole,
  relation: text,
}, {
  relation: "owner",
});

export interface SignatureRefused {
  readonly round: number;
  readonly sheet: string;
  readonly covers: readonly string[];
  readonly reason: string;
}
export const SignatureRefused = record<SignatureRefused, never>("SignatureRefused", {
  round: whole,
  sheet: text,
  covers: list(text),
  reason: text,
}, {
});

export interface Paid {
  readonly amount_fen: number;
  readonly means: string;
  readonly invoice: string;
}
export const Paid = record<Paid, "invoice">("Paid", {
  amount_fen: whole,
  means: text,
  invoice: text,
}, {
  invoice: "",
});

export interface Rated {
  readonly round: number;
  readonly stars: number;
}
export const Rated = record<Rated, never>("Rated", {
  round: whole,
  stars: whole,
}, {
});

export interface CertificateRevoked {
  readonly sheet: string;
  readonly reason: string;
}
export const CertificateRevoked = record<CertificateRevoked, never>("CertificateRevoked", {
  sheet: text,
  reason: text,
}, {
});

export interface OwnerAsked {
  readonly sheet: string;
}
export const OwnerAsked = record<OwnerAsked, never>("OwnerAsked", {
  sheet: text,
}, {
});

export interface OwnerConfirmed {
  readonly sheet: string;
  readonly asked: string;
  readonly means: string;
}
export const OwnerConfirmed = record<OwnerConfirmed, never>("OwnerConfirmed", {
  sheet: text,
  asked: text,
  means: text,
}, {
});

export interface OwnerRated {
  readonly stars: number;
  readonly chips: readonly string[];
}
export const OwnerRated = record<OwnerRated, "chips">("OwnerRated", {
  stars: whole,
  chips: list(text),
}, {
  chips: [],
});

export interface OwnerComplained {
  readonly subject: string;
}
export const OwnerComplained = record<OwnerComplained, never>("OwnerComplained", {
  subject: text,
}, {
});

export interface OwnerDisputed {
  readonly sheet: string;
  readonly reason: string;
}
export const OwnerDisputed = record<OwnerDisputed, never>("OwnerDisputed", {
  sheet: text,
  reason: text,
}, {
});

export interface PurgeDone {
  readonly orders: readonly string[];
}
export const PurgeDone = record<PurgeDone, never>("PurgeDone", {
  orders: list(text),
}, {
});

export interface ErasureDone {
  readonly orders: readonly string[];
}
export const ErasureDone = record<ErasureDone, never>("ErasureDone", {
  orders: list(text),
}, {
});

export const PAYLOADS = {
  "intake.logged": Logged,
  "intake.amended": Amended,
  "intake.taken": Taken,
  "intake.found_on_site": FoundOnSite,
  "intake.pictured": Pictured,
  "intake.merged": Merged,
  "intake.duplicate_found": DuplicateFound,
  "dispatch.dispatched": Dispatched,
  "dispatch.cancelled": Cancelled,
  "dispatch.closed": Closed,
  "dispatch.reopened": Reopened,
  "dispatch.held": PutOnHold,
  "dispatch.resumed": Resumed,
  "dispatch.commented": Commented,
  "dispatch.approved": Approved,
  "review.resolved": ReviewResolved,
  "dispatch.seen": OrderSeen,
  "reconcile.settled": DifferenceSettled,
  "reconcile.undone": SettlementUndone,
  "reconcile.taken": DifferenceTaken,
  "visit.appointed": Appointed,
  "visit.set_off": SetOff,
  "visit.arrived": Arrived,
  "visit.placed": Placed,
  "visit.door_protocol": DoorProtocol,
  "visit.nobody_home": NobodyHome,
  "visit.turned_away": TurnedAway,
  "visit.left": Left,
  "work.made_safe": SafeMade,
  "survey.surveyed": Surveyed,
  "survey.countersigned": Countersigned,
  "survey.item_found": ItemFound,
  "survey.quoted": Quoted,
  "survey.held": Held,
  "survey.plan_agreed": PlanAgreed,
  "survey.plan_changed": PlanChanged,
  "survey.taken_away": ThingTakenAway,
  "survey.returned": ThingReturned,
  "work.photographed": Photographed,
  "work.part_used": PartUsed,
  "work.recorded": Recorded,
  "work.retracted": Retracted,
  "work.completed": Completed,
  "acceptance.inspected": Inspected,
  "acceptance.accepted": Accepted,
  "acceptance.rejected": Rejected,
  "acceptance.signature_refused": SignatureRefused,
  "acceptance.paid": Paid,
  "acceptance.rated": Rated,
  "acceptance.revoked": CertificateRevoked,
  "owner.asked": OwnerAsked,
  "owner.confirmed": OwnerConfirmed,
  "owner.rated": OwnerRated,
  "owner.complained": OwnerComplained,
  "owner.disputed": OwnerDisputed,
  "purge.done": PurgeDone,
  "erasure.done": ErasureDone,
} as const;
