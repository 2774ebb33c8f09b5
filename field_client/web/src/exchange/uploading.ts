// Large originals travel with tus-js-client, over our own door: every answer is believed by
// its seal or not at all, and where an upload lies is kept in the outbox.
//
// Fetched when it is first needed, and tus-js-client with it. May not enter: what counts as
// a receipt, other ways of sending.

import {
  Upload, type HttpRequest, type HttpResponse, type HttpStack, type PreviousUpload,
  type UrlStorage,
} from "tus-js-client";

import type { Original } from "../store/owed.ts";
import type { Exchanging } from "./contact.ts";
import { grant_of, metadata_of, offset_of, UPLOADS } from "./sending.ts";
import { Answered, NoAnswer, NOTHING, type Reply } from "./transport.ts";

/** All that is left of one original; raises what kept it from getting there. */
export async function carry_up(
  exchange: Exchanging, original: Original, upload: string | null,
): Promise<void> {
  const bytes = await exchange.store.outbox.original(original.seq);
  if (bytes === null) return; // let go since: the server has them, and they are backed up
  const line = new Line(exchange);
  await new Promise<void>((resolve, reject) => {
    const way = new Upload(bytes, {
      endpoint: new URL(UPLOADS, exchange.door.who.server).href,
      metadata: metadata_of(original),
      fingerprint: async () => original.sha256,
      urlStorage: new Noted(exchange, original),
      httpStack: line,
      retryDelays: [], // the lane decides when to try again
      onProgress: (sent, of) => exchange.watch("bytes", sent, of),
      onSuccess: () => resolve(),
      onError: (error) => reject(line.lost ?? error),
    });
    if (upload !== null) way.resumeFromPreviousUpload(previous(original, upload));
    way.start();
  });
}

/** What tus-js-client notes of an upload lies beside its bytes, under their digest. */
class Noted implements UrlStorage {
  private readonly exchange: Exchanging;
  private readonly original: Original;

  constructor(exchange: Exchanging, original: Original) {
    this.exchange = exchange;
    this.original = original;
  }

  async findAllUploads(): Promise<PreviousUpload[]> {
    return [];
  }

  async findUploadsByFingerprint(): Promise<PreviousUpload[]> {
    return []; // `carry_up` is told where to go on
  }

  async addUpload(sha256: string, { uploadUrl }: PreviousUpload): Promise<string> {
    await this.note(uploadUrl === null ? null : path_of(uploadUrl));
    return sha256;
  }

  async removeUpload(): Promise<void> {
    await this.note(null);
  }

  private async note(upload: string | null): Promise<void> {
    await this.exchange.store.outbox.note_upload(this.original.sha256, upload);
  }
}

/** Our door, as tus-js-client wants to see it. `lost` is why the last request failed. */
class Line implements HttpStack {
  readonly exchange: Exchanging;
  lost: Answered | NoAnswer | null = null;

  constructor(exchange: Exchanging) {
    this.exchange = exchange;
  }

  getName(): string {
    return "door";
  }

  createRequest(method: string, url: string): HttpRequest {
    return new Asked(this, method, url);
  }
}

class Asked implements HttpRequest {
  private readonly line: Line;
  private readonly method: string;
  private readonly url: string;
  private readonly headers: Record<string, string> = {};
  private moved: ((bytes: number) => void) | undefined;

  constructor(line: Line, method: string, url: string) {
    this.line = line;
    this.method = method;
    this.url = url;
  }

  getMethod = (): string => this.method;
  getURL = (): string => this.url;
  getHeader = (name: string): string | undefined => this.headers[name];
  getUnderlyingObject = (): null => null;

  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  setProgressHandler(handler: (bytes: number) => void): void {
    this.moved = handler;
  }

  async abort(): Promise<void> {
    // The door calls requests off by itself.
  }

  /** A believed no goes on to tus-js-client, which knows what to do without an upload. */
  async send(body: Blob | null): Promise<HttpResponse> {
    const { exchange } = this.line;
    try {
      const reply = await exchange.door.carry(
        this.method, path_of(this.url), grant_of(exchange), this.headers, body ?? NOTHING,
        body === null ? undefined : this.moved,
      );
      if (this.method === "PATCH") this.need_progress(reply);
      this.line.lost = null;
      return response(reply.status, (name) => reply.headers.get(name.toLowerCase()));
    } catch (error) {
      if (!(error instanceof Answered || error instanceof NoAnswer)) throw error;
      this.line.lost = error;
      if (error instanceof NoAnswer) throw error;
      return response(error.status, () => undefined);
    }
  }

  /** A server that takes a piece and stands where it stood is not asked for ever. */
  private need_progress(reply: Reply): void {
    if (offset_of(reply) <= Number(this.headers["Upload-Offset"])) {
      throw new NoAnswer("no progress");
    }
  }
}

function response(
  status: number, header: (name: string) => string | undefined,
): HttpResponse {
  return {
    getStatus: () => status, getHeader: header, getBody: () => "",
    getUnderlyingObject: () => null,
  };
}

function previous(original: Original, upload: string): PreviousUpload {
  return {
    size: original.size, metadata: metadata_of(original), creationTime: "",
    urlStorageKey: original.sha256, uploadUrl: upload, parallelUploadUrls: null,
  };
}

function path_of(url: string): string {
  return new URL(url, location.href).pathname;
}
