// The only module that knows a network. The twin of `transport.py`.
//
// `Call` is all that the rest needs of it. Nothing here is kept by the browser, follows a
// redirect (a portal's is not the server's) or waits without end. May not enter: what is
// said, who says it, whether an answer is to be believed.

export type Bytes = Uint8Array<ArrayBuffer>;
export type Headers_ = Readonly<Record<string, string>>;

export const SILENCE_MS = 40_000; // without a byte either way: longer than the longest poll
export const MOST_BYTES = 64 * 1024 * 1024; // of one answer, unpacked
export const NOTHING: Bytes = new Uint8Array();

/** What came back, believed or not. Header names in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Bytes;
}

/** Nothing that could be believed came back; nobody knows what was done. */
export class NoAnswer extends Error {
  readonly status: number | null; // of an answer that nobody has sealed

  constructor(why: string, status: number | null = null) {
    super(why);
    this.name = "NoAnswer";
    this.status = status;
  }
}

/** The server itself said no. */
export class Answered extends Error {
  readonly status: number;
  readonly problem: Readonly<Record<string, unknown>>;
  readonly retry_after_ms: number | null;

  constructor(
    status: number, problem: Readonly<Record<string, unknown>>, retry_after_ms: number | null,
  ) {
    super(`${status} ${String(problem["code"] ?? "")}`);
    this.name = "Answered";
    this.status = status;
    this.problem = problem;
    this.retry_after_ms = retry_after_ms;
  }

  /** The problem's stable code; empty if there was none. */
  get code(): string {
    return String(this.problem["code"] ?? "");
  }
}

/** What somebody wants besides the answer: to hear how much of the body has gone out, to
 * call the request off, or to wait no longer than so in silence. */
export interface Along {
  readonly moved?: ((bytes: number) => void) | undefined;
  readonly stop?: AbortSignal | undefined;
  readonly patience_ms?: number | undefined;
}

/** Send a request to the server and bring back what came; `NoAnswer` if nothing. */
export type Call = (
  method: string, target: string, headers: Headers_, body: Bytes | Blob, along?: Along,
) => Promise<Reply>;

/** A `Call` over HTTP. Only XMLHttpRequest says how much of a body has gone out. */
export function http_call(server: string, silence_ms: number = SILENCE_MS): Call {
  const base = server.replace(/\/+$/, "");
  return async (method, target, headers, body, along = {}) => {
    const patience = new Patience(along.patience_ms ?? silence_ms, along.stop);
    try {
      return along.moved
        ? await carried(method, base + target, headers, body, patience, along.moved)
        : await fetched(method, base + target, headers, body, patience);
    } catch (error) {
      throw error instanceof NoAnswer ? error : new NoAnswer(patience.why ?? named(error));
    } finally {
      patience.over();
    }
  };
}

/** Calls a request off when nothing has moved for too long, or when somebody says so. */
class Patience {
  private readonly control = new AbortController();
  private readonly silence_ms: number;
  private readonly stop: AbortSignal | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  why: string | null = null;

  constructor(silence_ms: number, stop: AbortSignal | undefined) {
    this.silence_ms = silence_ms;
    this.stop = stop;
    if (stop?.aborted) this.stopped();
    stop?.addEventListener("abort", this.stopped);
    this.renew();
  }

  get signal(): AbortSignal {
    return this.control.signal;
  }

  readonly renew = (): void => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end("silence"), this.silence_ms);
  };

  over(): void {
    clearTimeout(this.timer);
    this.stop?.removeEventListener("abort", this.stopped);
  }

  private readonly stopped = (): void => this.end("stopped");

  private end(why: string): void {
    this.why ??= why;
    this.control.abort();
  }
}

async function fetched(
  method: string, url: string, headers: Headers_, body: Bytes | Blob, patience: Patience,
): Promise<Reply> {
  const answer = await fetch(url, {
    method, headers, signal: patience.signal,
    body: method === "GET" || method === "HEAD" ? null : body,
    cache: "no-store", credentials: "omit", mode: "same-origin", redirect: "manual",
    referrerPolicy: "no-referrer",
  });
  if (answer.type === "opaqueredirect") throw new NoAnswer("redirected");
  const named_ = [...answer.headers].map(([name, held]) => [name.toLowerCase(), held] as const);
  return {
    status: answer.status, headers: new Map(named_),
    body: await bounded(answer.body, patience.renew),
  };
}

/** The plain body. Whoever sits in between may send anything, packed a thousand to one, and
 * is not listened to without end (X10). */
async function bounded(
  body: ReadableStream<Bytes> | null, heard: () => void,
): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) {
    heard();
    pieces.push(step.value);
    length += step.value.length;
    if (length > MOST_BYTES) {
      await reader?.cancel();
      throw new NoAnswer("too long");
    }
  }
  return put_together(pieces, length);
}

function put_together(pieces: readonly Bytes[], length: number): Bytes {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function carried(
  method: string, url: string, headers: Headers_, body: Bytes | Blob, patience: Patience,
  moved: (bytes: number) => void,
): Promise<Reply> {
  const way = new XMLHttpRequest();
  way.open(method, url);
  way.responseType = "arraybuffer";
  for (const [name, held] of Object.entries(headers)) way.setRequestHeader(name, held);
  return new Promise((resolve, reject) => {
    const lost = (why: string) => (): void => reject(new NoAnswer(patience.why ?? why));
    way.upload.onprogress = (event) => {
      patience.renew();
      moved(event.loaded);
    };
    way.onprogress = (event) => {
      patience.renew();
      if (event.loaded > MOST_BYTES) way.abort();
    };
    way.onload = () => resolve(reply_of(way));
    way.onerror = lost("network");
    way.onabort = lost("too long");
    patience.signal.addEventListener("abort", () => way.abort());
    way.send(body instanceof Blob || body.length ? body : null);
    if (patience.signal.aborted) way.abort();
  });
}

function reply_of(way: XMLHttpRequest): Reply {
  const lines = way.getAllResponseHeaders().trim().split(/\r?\n/).filter(Boolean);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body = way.response instanceof ArrayBuffer ? new Uint8Array(way.response) : NOTHING;
  return { status: way.status, headers: new Map(headers), body };
}

function named(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
