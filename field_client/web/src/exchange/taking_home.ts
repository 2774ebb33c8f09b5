// Take home policy and documents, page by page, until the server has no more. The twin of
// `taking_home.py`.
//
// A page and its cursor are kept in one transaction (K3). Downloads never wait for uploads.
// May not enter: facts of this tablet, except to spare them.

import { is_object } from "../../../../sync/json.ts";
import { read_page } from "./answers.ts";
import type { Exchanging } from "./contact.ts";
import { text_of } from "./door.ts";
import { forget } from "./purging.ts";

const PAGE = 500; // of a first walk; who looks for news leaves it to the server
const MOST_PAGES = 10_000; // a server that never ends is not obeyed for ever

/** The policy in force, if the tablet holds another one. */
export async function take_policy(exchange: Exchanging): Promise<void> {
  const { projection, welcome, door } = exchange;
  const held = await projection.note("policy");
  const name = is_object(held) ? held.get("name") : null;
  if (welcome === null || name === welcome.policy) return;
  const policy = await door.ask_json("GET", "/v1/policy");
  if (is_object(policy) && policy.has("policy")) await projection.keep_note("policy", policy);
}

/** Pull until complete. */
export async function take_home(exchange: Exchanging): Promise<void> {
  for (let page = 0; page < MOST_PAGES; page++) {
    const cursor = await exchange.projection.cursor();
    const asked = new URLSearchParams(cursor ? { cursor } : { limit: String(PAGE) });
    if (await take_page(exchange, asked)) {
      exchange.report.complete = true;
      return;
    }
  }
}

/** Wait at the server's door until there is news; true if there is. Nothing is kept of what
 * it says: the news is taken home by an exchange. The server answers at once if it has no
 * seat, and after `seconds` if nothing happens. */
export async function wait_for_news(exchange: Exchanging, seconds: number): Promise<boolean> {
  const cursor = await exchange.projection.cursor();
  if (!cursor) return false;
  const asked = new URLSearchParams({ cursor, wait: String(seconds), limit: "1" });
  const page = read_page(text_of(await exchange.door.ask("GET", `/v1/sync/pull?${asked}`)));
  return page.documents.length > 0 || page.gone.length > 0 || page.reset !== null;
}

async function take_page(exchange: Exchanging, asked: URLSearchParams): Promise<boolean> {
  const { store, projection, report } = exchange;
  const page = read_page(text_of(await exchange.door.ask("GET", `/v1/sync/pull?${asked}`)));
  await store.outbox.meet(page.epoch, page.durable_through);
  await projection.take_home(page, await unsafe(exchange));
  await forget(exchange, page.documents);
  exchange.saw(page.head);
  report.documents += page.documents.length;
  report.gone += page.gone.length;
  exchange.watch("documents", report.documents, 0);
  return page.complete;
}

/** Orders about which this tablet holds something that the server may not have. */
async function unsafe({ store }: Exchanging): Promise<ReadonlySet<string>> {
  const facts = await store.outbox.facts();
  return new Set(facts.filter((one) => !one.safe).map((one) => one.stream));
}
