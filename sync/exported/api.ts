// Written by `python -m infra.export`; do not edit.

export interface Brought {
  readonly damaged: readonly (string)[];
  readonly device: string;
  readonly facts: Readonly<Record<string, number>>;
  readonly originals: number;
}

export interface Claim {
  readonly at?: Readonly<Record<string, unknown>>;
  readonly log: string;
  readonly n: number;
  readonly tip?: string | null;
  readonly unsent?: number;
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

export interface Fact {
  readonly b: string;
  readonly id: string;
  readonly position: number;
  readonly received_ms: number;
}

export interface Facts {
  readonly facts: readonly (Fact)[];
}

export interface Finding {
  readonly bytes: number;
  readonly claims?: Readonly<Record<string, unknown>> | null;
  readonly finding?: Readonly<Record<string, unknown>> | null;
  readonly type: string;
}

export interface Gone {
  readonly mac?: string;
  readonly purge_ms: number;
  readonly reason: string;
  readonly stream: string;
}

export interface Have {
  readonly blobs?: readonly (string)[];
  readonly documents?: readonly (Returned)[];
  readonly facts?: Readonly<Record<string, readonly (unknown)[]>>;
  readonly gone?: readonly (Left)[];
  readonly logs?: readonly (Log)[];
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

export interface Hello {
  readonly claims?: readonly (Claim)[];
  readonly client?: string;
  readonly epochs?: readonly (Opened)[];
  readonly knows?: Knows;
  readonly protocol?: number;
  readonly vouchers?: readonly (string)[];
}

export interface Knows {
  readonly cursor?: string;
  readonly voucher?: string;
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

export interface Log {
  readonly log: string;
  readonly n: number;
}

export interface Offer {
  readonly b: string;
  readonly x?: Readonly<Record<string, unknown>>;
}

export interface Opened {
  readonly epoch: string;
  readonly fork_position: number;
  readonly opened_ms: number;
  readonly parent: string | null;
  readonly signature: string;
}

export interface Outcomes {
  readonly durable_through: number;
  readonly epoch: string;
  readonly new_instance?: boolean;
  readonly receipts: readonly (Receipt)[];
  readonly voucher?: string;
}

export interface Page {
  readonly complete: boolean;
  readonly cursor: string;
  readonly documents?: readonly (Document)[];
  readonly durable_through: number;
  readonly epoch: string;
  readonly gone?: readonly (Gone)[];
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

export interface Push {
  readonly claim?: Claim;
  readonly facts: readonly (Offer)[];
  readonly signature?: string;
}

export interface Reason {
  readonly reason: string;
  readonly words?: string;
}

export interface Receipt {
  readonly id: string;
  readonly outcome: string;
  readonly position?: number;
  readonly reason?: string;
  readonly received_ms?: number;
  readonly reviews?: readonly (string)[];
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

export interface Welcome {
  readonly durable_through: number;
  readonly epoch: string;
  readonly epochs?: readonly (Opened)[];
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
  readonly "POST /v1/devices": {
    readonly body: Enrol;
    readonly answer: Enrolled;
  };
  readonly "GET /v1/feed/facts": {
    readonly query: { readonly after?: number; readonly limit?: number };
    readonly answer: Facts;
  };
  readonly "GET /v1/orders/{order}": {
    readonly answer: Document;
  };
  readonly "POST /v1/orders/{order}/cancel": {
    readonly body: Reason;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/close": {
    readonly body: Reason;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/dispatch": {
    readonly body: Dispatch;
    readonly answer: Receipt;
  };
  readonly "GET /v1/orders/{order}/facts": {
    readonly query: { readonly after?: number; readonly limit?: number };
    readonly answer: Facts;
  };
  readonly "POST /v1/orders/{order}/reopen": {
    readonly body: Reason;
    readonly answer: Receipt;
  };
  readonly "POST /v1/orders/{order}/resolve": {
    readonly body: Resolve;
    readonly answer: Receipt;
  };
  readonly "GET /v1/policy": {
    readonly answer: Policy;
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
}
