// Written by `python -m infra.export`; do not edit.

export interface Act {
  readonly at_ms: number;
  readonly by: string;
  readonly digest: string;
  readonly id: string;
  readonly open: number;
  readonly position: number;
  readonly what: "closed" | "reopened";
  readonly words: string;
}

export interface Agreed {
  readonly end_ms: number;
  readonly start_ms: number;
}

export interface Appoint {
  readonly end_ms: number;
  readonly reason?: string;
  readonly start_ms: number;
  readonly words?: string;
}

export interface Approve {
  readonly hold?: string;
  readonly up_to_fen: number;
  readonly words?: string;
}

export interface Asked {
  readonly appointment?: Agreed | null;
  readonly building?: string;
  readonly channel?: string;
  readonly fault?: string;
  readonly owner?: string;
  readonly phone?: string;
  readonly priority?: "normal" | "urgent" | "emergency";
  readonly project?: string;
  readonly remark?: string;
  readonly room?: string;
  readonly sort?: "repair" | "complaint" | "enquiry" | "suggestion";
  readonly trade?: string;
  readonly unit?: string;
}

export interface Became {
  readonly number: string;
  readonly outcome: "new" | "changed" | "same" | "wrong" | "twice";
  readonly reasons: readonly (Why)[];
  readonly row: number;
}

export interface Brought {
  readonly damaged: readonly (string)[];
  readonly device: string;
  readonly facts: Readonly<Record<string, number>>;
  readonly originals: number;
}

export interface Bytes {
  readonly bytes: number;
  readonly flaw: string | null;
  readonly held: boolean;
  readonly role: string;
  readonly sha256: string;
  readonly type: string;
}

export interface Candidate {
  readonly contact_ms: number | null;
  readonly expires_day: string | null;
  readonly fits: boolean;
  readonly load: Load;
  readonly name: string;
  readonly on_duty: boolean;
  readonly person: string;
  readonly place: Where;
  readonly qualified: boolean;
  readonly rank: number;
  readonly reasons: readonly (ReasonFor)[];
}

export interface Candidates {
  readonly candidates: readonly (Candidate)[];
}

export interface Card {
  readonly accepted_ms: number | null;
  readonly appointment: Window | null;
  readonly cancelled: boolean;
  readonly deadlines: readonly (Deadline)[];
  readonly fault: string;
  readonly held: boolean;
  readonly helpers: readonly (string)[];
  readonly home: string;
  readonly id: string;
  readonly known: Known;
  readonly number: string | null;
  readonly open: boolean;
  readonly priority: string;
  readonly project: string;
  readonly provisional: boolean;
  readonly registered_ms: number;
  readonly rev: number;
  readonly reviews: readonly (string)[];
  readonly rework: number;
  readonly round: number;
  readonly sort: string;
  readonly stage: "unknown" | "logged" | "dispatched" | "on_site" | "surveyed" | "agreed" | "completed" | "rework" | "unsigned" | "accepted";
  readonly technician: string | null;
  readonly trade: string;
}

export interface Certificate {
  readonly certificate?: string;
  readonly valid_from?: string;
  readonly valid_until?: string;
  readonly what: string;
}

export interface Certificates {
  readonly certificates: readonly (Qualification)[];
  readonly contractor: string;
  readonly person: string;
}

export interface Change {
  readonly came: readonly (CountedRecord)[];
  readonly code: string;
  readonly label: string;
  readonly now: number;
  readonly unit: string;
  readonly was: number;
  readonly went: readonly (CountedRecord)[];
}

export interface ChangedPerson {
  readonly active?: boolean;
  readonly email?: string;
  readonly name?: string;
  readonly phone?: string;
}

export interface ChangedProject {
  readonly active?: boolean;
  readonly name?: string;
}

export interface Changes {
  readonly as_of_ms: number;
  readonly complete: boolean;
  readonly contacts: Readonly<Record<string, number>>;
  readonly cursor: string;
  readonly gone: readonly (string)[];
  readonly orders: readonly (Card)[];
}

export interface Choice {
  readonly choice: "field" | "log" | "correct" | "waive";
  readonly label: string;
  readonly reasons: readonly (WhySo)[];
}

export interface Claim {
  readonly at?: Readonly<Record<string, unknown>>;
  readonly log: string;
  readonly n: number;
  readonly tip?: string | null;
  readonly unsent?: number;
}

export interface Close {
  readonly digest: string;
  readonly project?: string;
  readonly reasons?: Readonly<Record<string, string>>;
}

export interface Code {
  readonly code: string;
  readonly expires_ms: number;
}

export interface Comment {
  readonly words: string;
}

export interface Correct {
  readonly building?: string;
  readonly channel?: string;
  readonly fault?: string;
  readonly owner?: string;
  readonly phone?: string;
  readonly priority?: "emergency" | "urgent" | "normal";
  readonly project?: string;
  readonly remark?: string;
  readonly room?: string;
  readonly sort?: "repair" | "complaint" | "enquiry" | "suggestion";
  readonly trade?: string;
  readonly unit?: string;
  readonly words?: string;
}

export interface CountedRecord {
  readonly about: string;
  readonly id: string;
  readonly number: string;
  readonly value: number;
}

export interface Counts {
  readonly dead: number;
  readonly failed: number;
  readonly sent: number;
  readonly waiting: number;
}

export interface DayState {
  readonly asked: number;
  readonly changed: boolean;
  readonly closed_by: string | null;
  readonly closed_ms: number | null;
  readonly name: string;
  readonly open: number;
  readonly state: "running" | "open" | "closed" | "reopened";
}

export interface Deadline {
  readonly answer: "kept" | "missed" | "undetermined" | "open";
  readonly basis: string | null;
  readonly code: string;
  readonly due_first_ms: number | null;
  readonly due_last_ms: number | null;
  readonly level: number;
  readonly minutes_left: number | null;
  readonly rule: string;
  readonly stopped: boolean;
  readonly to: string | null;
}

export interface Detail {
  readonly difference: Difference;
  readonly evidence: readonly (Evidence)[];
  readonly history: readonly (Settlement)[];
  readonly versions: readonly (Version)[];
}

export interface Device {
  readonly client: string | null;
  readonly contact_ms: number | null;
  readonly drift_ms: number | null;
  readonly enrolled_ms: number;
  readonly id: string;
  readonly name: string;
  readonly people: readonly (string)[];
  readonly reason: string;
  readonly revoked_ms: number | null;
  readonly storage: Storage | null;
  readonly unsent: number | null;
}

export interface DeviceReport {
  readonly client: string | null;
  readonly contact_ms: number | null;
  readonly drift_ms: number | null;
  readonly enrolled_ms: number;
  readonly id: string;
  readonly logs: readonly (LogReport)[];
  readonly name: string;
  readonly orders: readonly (HeldOrder)[];
  readonly others: number;
  readonly people: readonly (string)[];
  readonly reason: string;
  readonly revoked_ms: number | null;
  readonly storage: Storage | null;
  readonly unsent: number | null;
}

export interface DeviceSeen {
  readonly contact_ms: number | null;
  readonly name: string;
}

export interface Devices {
  readonly devices: readonly (Device)[];
}

export interface Difference {
  readonly about: string;
  readonly choice: string | null;
  readonly choice_label: string;
  readonly choices: readonly (Choice)[];
  readonly cites: string;
  readonly code: string;
  readonly decision: string | null;
  readonly due_ms: number;
  readonly elsewhere: string;
  readonly field: string;
  readonly field_words: string;
  readonly first_ms: number;
  readonly gone_ms: number | null;
  readonly handler: string;
  readonly handler_name: string;
  readonly happened: string;
  readonly id: string;
  readonly label: string;
  readonly may_settle: boolean;
  readonly number: string;
  readonly open: boolean;
  readonly order: string | null;
  readonly pictures: readonly (Picture)[];
  readonly project: string;
  readonly reason: string | null;
  readonly reason_label: string;
  readonly register: string;
  readonly register_words: string;
  readonly settled_by: string | null;
  readonly settled_ms: number | null;
  readonly settled_name: string;
  readonly settles: string;
  readonly severity: string;
  readonly severity_label: string;
  readonly suggested: Suggestion;
}

export interface Differences {
  readonly as_of_ms: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly differences: readonly (Difference)[];
  readonly next: string | null;
}

export interface Dispatch {
  readonly helpers?: readonly (string)[];
  readonly technician: string;
  readonly words?: string;
}

export interface Document {
  readonly flaws?: Readonly<Record<string, unknown>>;
  readonly held?: readonly (string)[];
  readonly mac?: string;
  readonly order: Readonly<Record<string, unknown>>;
  readonly private: Readonly<Record<string, unknown>>;
  readonly rev: number;
  readonly stream: string;
}

export interface Duty {
  readonly day: string;
  readonly lead: string;
  readonly project: string;
  readonly rev: number;
  readonly technicians: readonly (string)[];
}

export interface Enrol {
  readonly certificate?: string;
  readonly code?: string;
  readonly key: Readonly<Record<string, string>>;
  readonly name?: string;
}

export interface Enrolled {
  readonly actor: string;
  readonly certificate?: string;
  readonly device: string;
  readonly epoch: string;
  readonly role: string;
  readonly server_key: Readonly<Record<string, unknown>>;
}

export interface Entered {
  readonly duplicates: readonly (string)[];
  readonly id: string;
  readonly number: string;
  readonly provisional: boolean;
  readonly repeats: readonly (string)[];
}

export interface Entry {
  readonly blobs: readonly (Bytes)[];
  readonly by: string;
  readonly device: string | null;
  readonly id: string;
  readonly kind: string;
  readonly knew_position: number;
  readonly label: string;
  readonly moment: Span | null;
  readonly name: string;
  readonly named: Readonly<Record<string, string>>;
  readonly position: number;
  readonly received_ms: number;
  readonly replaced_by: string | null;
  readonly review: readonly (string)[];
  readonly says: Readonly<Record<string, unknown>>;
  readonly words: Readonly<Record<string, string>>;
}

export interface Evidence {
  readonly code: string;
  readonly words: string;
}

export interface Fact {
  readonly b: string;
  readonly id: string;
  readonly position: number;
  readonly received_ms: number;
}

export interface Facts {
  readonly facts: readonly (Fact)[];
}

export interface Figure {
  readonly code: string;
  readonly digest: string;
  readonly label: string;
  readonly unit: "records" | "fen";
  readonly value: number;
}

export interface Finding {
  readonly bytes: number;
  readonly claims?: Readonly<Record<string, unknown>> | null;
  readonly finding?: Readonly<Record<string, unknown>> | null;
  readonly type: string;
}

export interface ForWhom {
  readonly person: string;
}

export interface Fork {
  readonly claimed?: readonly (string)[];
  readonly held: readonly (string)[];
  readonly n: number;
}

export interface Found {
  readonly duplicates: readonly (Card)[];
  readonly homes: readonly (FoundHome)[];
  readonly repeats: readonly (Card)[];
}

export interface FoundHome {
  readonly building?: string;
  readonly handed_over_day?: string;
  readonly note?: string;
  readonly orders: readonly (Card)[];
  readonly project: string;
  readonly residents?: readonly (Resident)[];
  readonly room?: string;
  readonly unit?: string;
  readonly warranty: readonly (Warranty)[];
}

export interface Gone {
  readonly mac?: string;
  readonly purge_ms: number;
  readonly reason: string;
  readonly settled?: readonly (Settled)[];
  readonly stream: string;
}

export interface Grant {
  readonly project: string;
  readonly role: string;
}

export interface Grants {
  readonly grants: readonly (Grant)[];
}

export interface Handler {
  readonly person?: string;
}

export interface Have {
  readonly blobs?: readonly (string)[];
  readonly documents?: readonly (Returned)[];
  readonly facts?: Readonly<Record<string, readonly (unknown)[]>>;
  readonly gone?: readonly (Left)[];
  readonly logs?: readonly (Log)[];
}

export interface Head {
  readonly at_ms: number;
  readonly epoch: string;
  readonly key: string;
  readonly root: string;
  readonly signature: string;
  readonly size: number;
}

export interface Headings {
  readonly columns: Readonly<Record<string, string>>;
}

export interface Health {
  readonly server_ms: number;
}

export interface Held {
  readonly blobs: Readonly<Record<string, unknown>>;
  readonly documents?: number;
  readonly logs: Readonly<Record<string, unknown>>;
  readonly receipts?: readonly (Receipt)[];
}

export interface HeldOrder {
  readonly home: string;
  readonly id: string;
  readonly number: string | null;
  readonly state: string;
}

export interface Hello {
  readonly claims?: readonly (Claim)[];
  readonly client?: string;
  readonly epochs?: readonly (Opened)[];
  readonly knows?: Knows;
  readonly protocol?: number;
  readonly storage?: Storage;
  readonly vouchers?: readonly (string)[];
}

export interface Hold {
  readonly reason: string;
  readonly until_ms?: number | null;
  readonly words?: string;
}

export interface Home {
  readonly building?: string;
  readonly handed_over_day?: string;
  readonly note?: string;
  readonly project: string;
  readonly residents?: readonly (Resident)[];
  readonly room?: string;
  readonly unit?: string;
}

export interface Item {
  readonly about: string;
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly name: string;
  readonly number: string;
  readonly reason: string;
}

export interface KeyWord {
  readonly answer?: string;
  readonly before?: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly signature?: string;
  readonly since_ms?: number;
}

export interface Keys {
  readonly keys: readonly (KeyWord)[];
}

export interface Known {
  readonly as_of_ms: number;
  readonly contact_ms: number | null;
  readonly on_site: readonly (string)[];
  readonly on_way: readonly (string)[];
  readonly taken_out: boolean;
  readonly trips: readonly (Trip)[];
  readonly unseen: readonly (string)[];
}

export interface Knows {
  readonly cursor?: string;
  readonly head?: Head;
  readonly voucher?: string;
}

export interface Language {
  readonly language: "zh-CN" | "zh-TW" | "en";
}

export interface Left {
  readonly epoch: string;
  readonly mac: string;
  readonly purge_ms: number;
  readonly reason: string;
  readonly stream: string;
}

export interface Limits {
  readonly body_bytes?: number;
  readonly bytes?: number;
  readonly facts?: number;
}

export interface Line {
  readonly by: string;
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly moment: Span | null;
  readonly name: string;
}

export interface Link {
  readonly code: string;
  readonly expires_ms: number;
  readonly link: string;
}

export interface Load {
  readonly open: number;
  readonly today: number;
}

export interface Log {
  readonly log: string;
  readonly n: number;
}

export interface LogEntry {
  readonly head: Head;
  readonly leaf: string;
  readonly path: readonly (string)[];
}

export interface LogIn {
  readonly password: string;
  readonly person: string;
}

export interface LogPath {
  readonly path: readonly (string)[];
}

export interface LogReport {
  readonly aside: readonly (readonly (number)[])[];
  readonly broken: readonly (string)[];
  readonly claimed_ms: number | null;
  readonly forks: readonly (Fork)[];
  readonly here: readonly (readonly (number)[])[];
  readonly known_through: number;
  readonly log: string;
  readonly missing: readonly (readonly (number)[])[];
}

export interface LoggedIn {
  readonly address: string;
  readonly begun_ms: number;
  readonly client: string;
  readonly current: boolean;
  readonly expires_ms: number;
  readonly id: string;
  readonly openid: boolean;
  readonly seen_ms: number;
}

export interface Loss {
  readonly reason: string;
}

export interface Mappings {
  readonly mappings: readonly (Saved)[];
}

export interface Merge {
  readonly into: string;
  readonly words?: string;
}

export interface Missing {
  readonly code: string;
  readonly words: string;
}

export interface NewPerson {
  readonly email?: string;
  readonly grants: readonly (Grant)[];
  readonly id: string;
  readonly name: string;
  readonly phone?: string;
}

export interface NewProject {
  readonly id: string;
  readonly name: string;
}

export interface NewSecret {
  readonly id: string;
  readonly kinds: readonly (string)[];
  readonly made_ms: number;
  readonly secret: string;
  readonly url: string;
}

export interface NewTarget {
  readonly address: string;
  readonly audiences?: readonly ("lead" | "manager" | "owner" | "technician")[];
  readonly kind: "dingtalk" | "email" | "feishu" | "sms" | "wecom";
  readonly name: string;
  readonly project?: string;
  readonly secret?: string | null;
}

export interface NewWebhook {
  readonly kinds?: readonly ("acceptance.accepted" | "acceptance.inspected" | "acceptance.paid" | "acceptance.rated" | "acceptance.rejected" | "acceptance.revoked" | "acceptance.signature_refused" | "dispatch.approved" | "dispatch.cancelled" | "dispatch.closed" | "dispatch.commented" | "dispatch.dispatched" | "dispatch.held" | "dispatch.reopened" | "dispatch.resumed" | "dispatch.seen" | "intake.amended" | "intake.duplicate_found" | "intake.found_on_site" | "intake.logged" | "intake.merged" | "intake.pictured" | "intake.taken" | "owner.asked" | "owner.complained" | "owner.confirmed" | "owner.disputed" | "owner.rated" | "reconcile.settled" | "reconcile.taken" | "reconcile.undone" | "review.resolved" | "survey.countersigned" | "survey.held" | "survey.item_found" | "survey.plan_agreed" | "survey.plan_changed" | "survey.quoted" | "survey.returned" | "survey.surveyed" | "survey.taken_away" | "visit.appointed" | "visit.arrived" | "visit.door_protocol" | "visit.left" | "visit.nobody_home" | "visit.placed" | "visit.set_off" | "visit.turned_away" | "work.completed" | "work.made_safe" | "work.part_used" | "work.photographed" | "work.recorded" | "work.retracted")[];
  readonly url: string;
}

export interface Nothing {
}

export interface Notice {
  readonly error: string | null;
  readonly id: string;
  readonly kind: string;
  readonly made_ms: number;
  readonly next_ms: number | null;
  readonly number: string;
  readonly order: string;
  readonly person: string;
  readonly sent_ms: number | null;
  readonly state: "waiting" | "failed" | "sent" | "dead";
  readonly target: string;
  readonly tries: number;
  readonly urgent: boolean;
}

export interface Notices {
  readonly counts: Counts;
  readonly next: string | null;
  readonly notices: readonly (Notice)[];
}

export interface Number {
  readonly number: string;
}

export interface Numbered {
  readonly id: string;
  readonly number: string;
}

export interface Offer {
  readonly b: string;
  readonly x?: Readonly<Record<string, unknown>>;
}

export interface OpenReview {
  readonly choices: Readonly<Record<string, string>>;
  readonly order: Card;
  readonly position: number;
  readonly review: Review;
  readonly sides: readonly (Side)[];
  readonly suggested: "a" | "b" | "m";
}

export interface OpenReviews {
  readonly as_of_ms: number;
  readonly next: string | null;
  readonly reviews: readonly (OpenReview)[];
}

export interface Opened {
  readonly epoch: string;
  readonly fork_position: number;
  readonly opened_ms: number;
  readonly parent: string | null;
  readonly signature: string;
}

export interface Orders {
  readonly as_of_ms: number;
  readonly contacts: Readonly<Record<string, number>>;
  readonly cursor: string;
  readonly next: string | null;
  readonly orders: readonly (Card)[];
}

export interface Outcomes {
  readonly durable_through: number;
  readonly epoch: string;
  readonly head?: Head;
  readonly new_instance?: boolean;
  readonly receipts: readonly (Receipt)[];
  readonly voucher?: string;
}

export interface OwnerLink {
  readonly path: string;
  readonly url: string;
}

export interface OwnerReason {
  readonly reason: string;
}

export interface OwnerReport {
  readonly id: string;
  readonly made_ms: number;
  readonly number: string | null;
  readonly stream: string;
  readonly words: string;
}

export interface OwnerReports {
  readonly reports: readonly (OwnerReport)[];
}

export interface Page {
  readonly complete: boolean;
  readonly cursor: string;
  readonly documents?: readonly (Document)[];
  readonly durable_through: number;
  readonly epoch: string;
  readonly gone?: readonly (Gone)[];
  readonly head?: Head;
  readonly reset?: string;
}

export interface PaginationMetadata {
  readonly first_page?: number;
  readonly last_page?: number;
  readonly next_page?: number;
  readonly page?: number;
  readonly previous_page?: number;
  readonly total?: number;
  readonly total_pages?: number;
}

export interface Password {
  readonly code: string;
  readonly password: string;
}

export interface People {
  readonly next: string | null;
  readonly people: readonly (Person)[];
}

export interface Person {
  readonly active: boolean;
  readonly email: string;
  readonly grants: readonly (Grant)[];
  readonly id: string;
  readonly name: string;
  readonly phone: string;
}

export interface PersonName {
  readonly person: string;
}

export interface Picture {
  readonly number: string;
  readonly order: string;
  readonly preview: string;
  readonly sha256: string;
  readonly side: "own" | "other";
}

export interface Policy {
  readonly name: string;
  readonly policy: Readonly<Record<string, unknown>>;
}

export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly status: number;
  readonly title: string;
  readonly type: string;
}

export interface Project {
  readonly active: boolean;
  readonly id: string;
  readonly name: string;
}

export interface Projects {
  readonly projects: readonly (Project)[];
}

export interface Push {
  readonly claim?: Claim;
  readonly facts: readonly (Offer)[];
  readonly signature?: string;
}

export interface PutCertificates {
  readonly certificates: readonly (Certificate)[];
  readonly contractor?: string;
}

export interface PutDuty {
  readonly lead: string;
  readonly technicians: readonly (string)[];
}

export interface PutRight {
  readonly building?: string;
  readonly channel?: string;
  readonly fault?: string;
  readonly owner?: string;
  readonly phone?: string;
  readonly priority?: "emergency" | "urgent" | "normal";
  readonly project?: string;
  readonly remark?: string;
  readonly room?: string;
  readonly sort?: "repair" | "complaint" | "enquiry" | "suggestion";
  readonly trade?: string;
  readonly unit?: string;
}

export interface Qualification {
  readonly certificate?: string;
  readonly person: string;
  readonly state: "valid" | "expired" | "not_yet";
  readonly valid_from?: string;
  readonly valid_until?: string;
  readonly what: string;
}

export interface Qualifications {
  readonly demanded: boolean;
  readonly qualifications: readonly (Qualification)[];
}

export interface Query {
  readonly query: string;
}

export interface Reason {
  readonly reason: string;
  readonly words?: string;
}

export interface ReasonFor {
  readonly code: string;
  readonly value: string | null;
  readonly words: string;
}

export interface Receipt {
  readonly id: string;
  readonly outcome: string;
  readonly position?: number;
  readonly reason?: string;
  readonly received_ms?: number;
  readonly reviews?: readonly (string)[];
}

export interface Records {
  readonly figure: Figure;
  readonly next: number | null;
  readonly records: readonly (CountedRecord)[];
}

export interface Reopen {
  readonly project?: string;
  readonly words: string;
}

export interface Resident {
  readonly name?: string;
  readonly phone?: string;
  readonly relation?: string;
  readonly since?: string;
}

export interface Resolve {
  readonly reason: string;
  readonly review: string;
  readonly words?: string;
}

export interface Returned {
  readonly epoch: string;
  readonly mac: string;
  readonly rev: number;
  readonly stream: string;
  readonly text: string;
}

export interface Review {
  readonly code: string;
  readonly facts: readonly (string)[];
  readonly id: string;
  readonly words: string;
}

export interface Revoke {
  readonly reason: "amount_wrong" | "made_twice" | "other" | "signed_by_other" | "work_wrong";
  readonly sheet: string;
  readonly words?: string;
}

export interface Roster {
  readonly roster: readonly (Duty)[];
}

export interface Rows {
  readonly mapping?: string;
  readonly rows: readonly (Readonly<Record<string, string>>)[];
  readonly source?: string;
}

export interface RowsBrought {
  readonly file: string;
  readonly rows: readonly (Became)[];
}

export interface Saved {
  readonly columns: Readonly<Record<string, string>>;
  readonly name: string;
}

export interface Secret {
  readonly secret: string;
}

export interface Section {
  readonly basis: string;
  readonly code: string;
  readonly figures: readonly (Figure)[];
  readonly label: string;
}

export interface SeenBy {
  readonly actor: string;
  readonly contact_ms: number | null;
  readonly moment: Span | null;
  readonly name: string;
  readonly opened: boolean;
  readonly seen: boolean;
}

export interface Session {
  readonly csrf: string;
  readonly expires_ms: number;
  readonly grants: readonly (Grant)[];
  readonly language: string;
  readonly name: string;
  readonly openid: boolean;
  readonly person: string;
}

export interface Sessions {
  readonly sessions: readonly (LoggedIn)[];
}

export interface SettleMany {
  readonly choice: "field" | "log" | "correct" | "waive";
  readonly differences: readonly (string)[];
  readonly reason: "evidence" | "owner_signed" | "no_evidence" | "log_gap" | "log_slip" | "field_gap" | "told_later" | "other_record" | "not_linked" | "to_complete" | "both_hold" | "too_small" | "unknowable" | "other";
  readonly words?: string;
}

export interface SettleOne {
  readonly changes?: PutRight;
  readonly choice: "field" | "log" | "correct" | "waive";
  readonly reason: "evidence" | "owner_signed" | "no_evidence" | "log_gap" | "log_slip" | "field_gap" | "told_later" | "other_record" | "not_linked" | "to_complete" | "both_hold" | "too_small" | "unknowable" | "other";
  readonly words?: string;
}

export interface Settled {
  readonly code: string;
  readonly fact: string;
  readonly facts: readonly (string)[];
  readonly reason: string;
  readonly review: string;
}

export interface SettledMany {
  readonly receipts: readonly (Receipt)[];
}

export interface Settlement {
  readonly at_ms: number | null;
  readonly choice: string;
  readonly choice_label: string;
  readonly fact: string;
  readonly field_words: string;
  readonly name: string;
  readonly reason_label: string;
  readonly register_words: string;
  readonly undone: boolean;
  readonly words: string;
}

export interface Side {
  readonly entries: readonly (string)[];
  readonly lines: readonly (Line)[];
  readonly side: "a" | "b";
}

export interface Span {
  readonly end_ms: number | null;
  readonly estimate_end_ms: number | null;
  readonly estimate_first_ms: number | null;
  readonly first_ms: number | null;
  readonly grade: "A" | "B" | "C" | "D";
}

export interface Statement {
  readonly acts: readonly (Act)[];
  readonly as_of_ms: number;
  readonly changes: readonly (Change)[];
  readonly digest: string;
  readonly end_ms: number;
  readonly findings: readonly (string)[];
  readonly first_ms: number;
  readonly head: Head;
  readonly key: string | null;
  readonly open: readonly (Item)[];
  readonly period: string;
  readonly project: string;
  readonly sections: readonly (Section)[];
  readonly signature: string | null;
  readonly state: "running" | "open" | "closed" | "reopened";
}

export interface StatementMonth {
  readonly days: readonly (DayState)[];
  readonly month: DayState;
}

export interface Storage {
  readonly free_bytes: number;
  readonly persisted: boolean;
}

export interface Story {
  readonly as_of_ms: number;
  readonly card: Card;
  readonly deadlines: readonly (Deadline)[];
  readonly devices: Readonly<Record<string, DeviceSeen>>;
  readonly entries: readonly (Entry)[];
  readonly id: string;
  readonly missing: readonly (Missing)[];
  readonly order: Readonly<Record<string, unknown>>;
  readonly owner_link_ms: number | null;
  readonly people: Readonly<Record<string, string>>;
  readonly private: Readonly<Record<string, string>>;
  readonly rev: number;
  readonly reviews: readonly (Review)[];
  readonly seen_by: readonly (SeenBy)[];
  readonly strengths: Readonly<Record<string, Strength>>;
  readonly traces?: number;
}

export interface Strength {
  readonly code: "asked" | "confirmed" | "tablet";
  readonly words: string;
}

export interface Suggestion {
  readonly choice: "field" | "log" | "correct" | "waive";
  readonly reason: string;
  readonly why: string;
}

export interface Take {
  readonly person?: string | null;
  readonly words?: string;
}

export interface Target {
  readonly address: string;
  readonly audiences: readonly (string)[];
  readonly id: string;
  readonly kind: string;
  readonly made_ms: number;
  readonly name: string;
  readonly project: string;
}

export interface Targets {
  readonly targets: readonly (Target)[];
}

export interface Trace {
  readonly action: string;
  readonly at_ms: number;
  readonly person: string;
  readonly what: string;
}

export interface Traces {
  readonly traces: readonly (Trace)[];
}

export interface Trip {
  readonly actor: string;
  readonly from_ms: number | null;
  readonly sure: boolean;
  readonly until_ms: number | null;
}

export interface Version {
  readonly brought_ms: number;
  readonly cells: readonly (string)[];
  readonly columns: readonly (string)[];
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

export interface View {
  readonly name: string;
  readonly query: string;
  readonly version: number;
}

export interface Views {
  readonly views: readonly (View)[];
}

export interface Warranty {
  readonly trade: string;
  readonly until_day: string;
}

export interface Way {
  readonly openid: boolean;
  readonly password: boolean;
}

export interface Webhook {
  readonly id: string;
  readonly kinds: readonly (string)[];
  readonly made_ms: number;
  readonly url: string;
}

export interface Webhooks {
  readonly webhooks: readonly (Webhook)[];
}

export interface Welcome {
  readonly durable_through: number;
  readonly epoch: string;
  readonly epochs?: readonly (Opened)[];
  readonly head?: Head;
  readonly incidents?: readonly (string)[];
  readonly limits?: Limits;
  readonly new_instance?: boolean;
  readonly policy: string;
  readonly poll_ms: number;
  readonly protocol?: number;
  readonly server_ms: number;
  readonly token: string;
  readonly uploads?: string;
  readonly voucher?: string;
}

export interface Where {
  readonly distance_m: number | null;
  readonly of: string | null;
}

export interface Why {
  readonly code: string;
  readonly column: string;
  readonly words: string;
}

export interface WhySo {
  readonly label: string;
  readonly reason: string;
}

export interface Window {
  readonly end_ms: number;
  readonly start_ms: number;
}

export interface Words {
  readonly words?: string;
}

/** What is asked at each door, and what it answers. */
export interface Doors {
  readonly "GET /healthz": {
    readonly answer: Health;
  };
  readonly "GET /v1/blobs/{sha256}": {
    readonly answer: unknown;
  };
  readonly "GET /v1/blobs/{sha256}/finding": {
    readonly answer: Finding;
  };
  readonly "GET /v1/blobs/{sha256}/preview": {
    readonly query: { readonly side?: 256 | 1024 | 2048 };
    readonly answer: unknown;
  };
  readonly "POST /v1/bundles": {
    readonly answer: Brought;
  };
  readonly "GET /v1/central/corrections": {
    readonly query: { readonly format?: "csv" | "xlsx"; readonly project?: string; readonly from_ms?: number; readonly until_ms?: number; readonly every?: boolean };
    readonly answer: unknown;
  };
  readonly "GET /v1/central/mappings": {
    readonly answer: Mappings;
  };
  readonly "PUT /v1/central/mappings/{name}": {
    readonly body: Headings;
    readonly answer: Saved;
  };
  readonly "POST /v1/central/rows": {
    readonly body: Rows;
    readonly answer: RowsBrought;
  };
  readonly "GET /v1/devices": {
    readonly answer: Devices;
  };
  readonly "POST /v1/devices": {
    readonly body: Enrol;
    readonly answer: Enrolled;
  };
  readonly "POST /v1/devices/codes": {
    readonly body: ForWhom;
    readonly answer: Link;
  };
  readonly "GET /v1/devices/{device}": {
    readonly answer: DeviceReport;
  };
  readonly "POST /v1/devices/{device}/revoke": {
    readonly body: Loss;
    readonly answer: unknown;
  };
  readonly "GET /v1/differences": {
    readonly query: { readonly state?: "open" | "decided" | "gone"; readonly project?: string; readonly code?: string; readonly severity?: "grave" | "serious" | "ordinary"; readonly settles?: string; readonly handler?: string; readonly number?: string; readonly cursor?: string; readonly limit?: number };
    readonly answer: Differences;
  };
  readonly "POST /v1/differences/settle": {
    readonly body: SettleMany;
    readonly answer: SettledMany;
  };
  readonly "GET /v1/differences/{difference}": {
    readonly answer: Detail;
  };
  readonly "POST /v1/differences/{difference}/settle": {
    readonly body: SettleOne;
    readonly answer: Receipt;
  };
  readonly "POST /v1/differences/{difference}/take": {
    readonly body: Handler;
    readonly answer: Receipt;
  };
  readonly "POST /v1/differences/{difference}/undo": {
    readonly body: Words;
    readonly answer: Receipt;
  };
  readonly "GET /v1/export/orders.csv": {
    readonly query: { readonly project?: string; readonly stage?: string; readonly technician?: string; readonly priority?: string; readonly trade?: string; readonly sort_of?: string; readonly review?: boolean; readonly late?: boolean; readonly open?: boolean; readonly q?: string; readonly order_by?: "worst" | "registered" | "number" };
    readonly answer: unknown;
  };
  readonly "GET /v1/export/orders.xlsx": {
    readonly query: { readonly project?: string; readonly stage?: string; readonly technician?: string; readonly priority?: string; readonly trade?: string; readonly sort_of?: string; readonly review?: boolean; readonly late?: boolean; readonly open?: boolean; readonly q?: string; readonly order_by?: "worst" | "registered" | "number" };
    readonly answer: unknown;
  };
  readonly "GET /v1/feed/facts": {
    readonly query: { readonly after?: number; readonly limit?: number };
    readonly answer: Facts;
  };
  readonly "GET /v1/homes": {
    readonly query: { readonly project?: string; readonly building?: string; readonly unit?: string; readonly room?: string };
    readonly answer: Home;
  };
  readonly "PUT /v1/homes": {
    readonly body: Home;
    readonly answer: Home;
  };
  readonly "GET /v1/intake/lookup": {
    readonly query: { readonly q?: string; readonly trade?: string };
    readonly answer: Found;
  };
  readonly "GET /v1/log/consistency": {
    readonly query: { readonly old?: number; readonly new?: number };
    readonly answer: LogPath;
  };
  readonly "GET /v1/log/entry": {
    readonly query: { readonly position?: number };
    readonly answer: LogEntry;
  };
  readonly "GET /v1/log/head": {
    readonly answer: Head;
  };
  readonly "GET /v1/log/keys": {
    readonly answer: Keys;
  };
  readonly "GET /v1/notices": {
    readonly query: { readonly state?: "waiting" | "failed" | "sent" | "dead"; readonly target?: string; readonly cursor?: string; readonly limit?: number };
    readonly answer: Notices;
  };
  readonly "POST /v1/notices/{notice}/replay": {
    readonly answer: Notice;
  };
  readonly "GET /v1/orders": {
    readonly query: { readonly project?: string; readonly stage?: string; readonly technician?: string; readonly priority?: string; readonly trade?: string; readonly sort_of?: string; readonly review?: boolean; readonly late?: boolean; readonly open?: boolean; readonly q?: string; readonly order_by?: "worst" | "registered" | "number"; readonly cursor?: string; readonly limit?: number };
    readonly answer: Orders;
  };
  readonly "POST /v1/orders": {
    readonly body: Asked;
    readonly answer: Entered;
  };
  readonly "GET /v1/orders/changes": {
    readonly query: { readonly cursor?: string };
    readonly answer: Changes;
  };
  readonly "GET /v1/orders/{order}": {
    readonly answer: Document;
  };
  readonly "POST /v1/orders/{order}/appoint": {
    readonly body: Appoint;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/approve": {
    readonly body: Approve;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/cancel": {
    readonly body: Reason;
    readonly answer: Receipt;
  };
  readonly "GET /v1/orders/{order}/candidates": {
    readonly answer: Candidates;
  };
  readonly "GET /v1/orders/{order}/certificate.pdf": {
    readonly query: { readonly copy?: "company" | "contractor" | "owner"; readonly round?: number | null };
    readonly answer: unknown;
  };
  readonly "POST /v1/orders/{order}/close": {
    readonly body: Reason;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/comment": {
    readonly body: Comment;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/correct": {
    readonly body: Correct;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/dispatch": {
    readonly body: Dispatch;
    readonly answer: Receipt;
  };
  readonly "GET /v1/orders/{order}/evidence.zip": {
    readonly query: { readonly disclose?: readonly ("all" | "building" | "fault" | "first_asked" | "name" | "owner" | "owner_remarks" | "phone" | "place" | "remark" | "room" | "signer" | "unit" | "what" | "where" | "witness" | "words")[] };
    readonly answer: unknown;
  };
  readonly "GET /v1/orders/{order}/facts": {
    readonly query: { readonly after?: number; readonly limit?: number };
    readonly answer: Facts;
  };
  readonly "POST /v1/orders/{order}/hold": {
    readonly body: Hold;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/merge": {
    readonly body: Merge;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/number": {
    readonly body: Number;
    readonly answer: Numbered;
  };
  readonly "POST /v1/orders/{order}/owner/ask": {
    readonly answer: Receipt;
  };
  readonly "DELETE /v1/orders/{order}/owner/link": {
    readonly body: OwnerReason;
    readonly answer: unknown;
  };
  readonly "POST /v1/orders/{order}/owner/link": {
    readonly answer: OwnerLink;
  };
  readonly "POST /v1/orders/{order}/owner/revoke": {
    readonly body: Revoke;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/reopen": {
    readonly body: Reason;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/resolve": {
    readonly body: Resolve;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/resume": {
    readonly body: Words;
    readonly answer: Receipt;
  };
  readonly "GET /v1/orders/{order}/story": {
    readonly answer: Story;
  };
  readonly "POST /v1/orders/{order}/take": {
    readonly body: Take;
    readonly answer: Receipt;
  };
  readonly "GET /v1/orders/{order}/traces": {
    readonly answer: Traces;
  };
  readonly "GET /v1/owner/reports": {
    readonly answer: OwnerReports;
  };
  readonly "POST /v1/password": {
    readonly body: Password;
    readonly answer: PersonName;
  };
  readonly "GET /v1/people": {
    readonly query: { readonly role?: string; readonly project?: string; readonly after?: string; readonly limit?: number };
    readonly answer: People;
  };
  readonly "POST /v1/people": {
    readonly body: NewPerson;
    readonly answer: Person;
  };
  readonly "GET /v1/people/{person}": {
    readonly answer: Person;
  };
  readonly "PATCH /v1/people/{person}": {
    readonly body: ChangedPerson;
    readonly answer: Person;
  };
  readonly "PUT /v1/people/{person}/grants": {
    readonly body: Grants;
    readonly answer: Person;
  };
  readonly "POST /v1/people/{person}/password-code": {
    readonly body: Nothing;
    readonly answer: Code;
  };
  readonly "GET /v1/policy": {
    readonly answer: Policy;
  };
  readonly "GET /v1/projects": {
    readonly answer: Projects;
  };
  readonly "POST /v1/projects": {
    readonly body: NewProject;
    readonly answer: Project;
  };
  readonly "GET /v1/projects/{project}": {
    readonly answer: Project;
  };
  readonly "PATCH /v1/projects/{project}": {
    readonly body: ChangedProject;
    readonly answer: Project;
  };
  readonly "GET /v1/qualifications": {
    readonly query: { readonly person?: string };
    readonly answer: Qualifications;
  };
  readonly "GET /v1/qualifications/{person}": {
    readonly answer: Certificates;
  };
  readonly "PUT /v1/qualifications/{person}": {
    readonly body: PutCertificates;
    readonly answer: Certificates;
  };
  readonly "GET /v1/reviews": {
    readonly query: { readonly project?: string; readonly code?: string; readonly cursor?: string; readonly limit?: number };
    readonly answer: OpenReviews;
  };
  readonly "GET /v1/roster": {
    readonly query: { readonly project?: string; readonly from?: string; readonly to?: string };
    readonly answer: Roster;
  };
  readonly "GET /v1/roster/{project}/{day}": {
    readonly answer: Duty;
  };
  readonly "PUT /v1/roster/{project}/{day}": {
    readonly body: PutDuty;
    readonly answer: Duty;
  };
  readonly "DELETE /v1/session": {
    readonly answer: unknown;
  };
  readonly "GET /v1/session": {
    readonly answer: Session;
  };
  readonly "PATCH /v1/session": {
    readonly body: Language;
    readonly answer: Session;
  };
  readonly "POST /v1/session": {
    readonly body: LogIn;
    readonly answer: Session;
  };
  readonly "GET /v1/session/openid": {
    readonly answer: null;
  };
  readonly "GET /v1/session/openid/answer": {
    readonly answer: null;
  };
  readonly "GET /v1/session/ways": {
    readonly answer: Way;
  };
  readonly "GET /v1/sessions": {
    readonly answer: Sessions;
  };
  readonly "DELETE /v1/sessions/{id_}": {
    readonly answer: unknown;
  };
  readonly "GET /v1/statements": {
    readonly query: { readonly project?: string; readonly month?: string };
    readonly answer: StatementMonth;
  };
  readonly "GET /v1/statements/{period}": {
    readonly query: { readonly project?: string };
    readonly answer: Statement;
  };
  readonly "POST /v1/statements/{period}/close": {
    readonly body: Close;
    readonly answer: Receipt;
  };
  readonly "GET /v1/statements/{period}/records": {
    readonly query: { readonly project?: string; readonly figure?: string; readonly skip?: number };
    readonly answer: Records;
  };
  readonly "POST /v1/statements/{period}/reopen": {
    readonly body: Reopen;
    readonly answer: Receipt;
  };
  readonly "GET /v1/statements/{period}/statement.csv": {
    readonly query: { readonly project?: string };
    readonly answer: unknown;
  };
  readonly "GET /v1/statements/{period}/statement.pdf": {
    readonly query: { readonly project?: string };
    readonly answer: unknown;
  };
  readonly "GET /v1/statements/{period}/statement.xlsx": {
    readonly query: { readonly project?: string };
    readonly answer: unknown;
  };
  readonly "POST /v1/sync/have": {
    readonly body: Have;
    readonly answer: Held;
  };
  readonly "POST /v1/sync/hello": {
    readonly body: Hello;
    readonly answer: Welcome;
  };
  readonly "GET /v1/sync/pull": {
    readonly query: { readonly cursor?: string; readonly limit?: number; readonly wait?: number };
    readonly answer: Page;
  };
  readonly "POST /v1/sync/push": {
    readonly body: Push;
    readonly answer: Outcomes;
  };
  readonly "GET /v1/targets": {
    readonly answer: Targets;
  };
  readonly "POST /v1/targets": {
    readonly body: NewTarget;
    readonly answer: Target;
  };
  readonly "DELETE /v1/targets/{target}": {
    readonly answer: unknown;
  };
  readonly "OPTIONS /v1/uploads": {
    readonly answer: unknown;
  };
  readonly "POST /v1/uploads": {
    readonly answer: unknown;
  };
  readonly "DELETE /v1/uploads/{name}": {
    readonly answer: unknown;
  };
  readonly "HEAD /v1/uploads/{name}": {
    readonly answer: unknown;
  };
  readonly "OPTIONS /v1/uploads/{name}": {
    readonly answer: unknown;
  };
  readonly "PATCH /v1/uploads/{name}": {
    readonly answer: unknown;
  };
  readonly "GET /v1/views": {
    readonly answer: Views;
  };
  readonly "DELETE /v1/views/{name}": {
    readonly answer: unknown;
  };
  readonly "PUT /v1/views/{name}": {
    readonly body: Query;
    readonly answer: View;
  };
  readonly "GET /v1/webhooks": {
    readonly answer: Webhooks;
  };
  readonly "POST /v1/webhooks": {
    readonly body: NewWebhook;
    readonly answer: NewSecret;
  };
  readonly "DELETE /v1/webhooks/{webhook}": {
    readonly answer: unknown;
  };
  readonly "POST /v1/webhooks/{webhook}/rotate": {
    readonly answer: Secret;
  };
}
