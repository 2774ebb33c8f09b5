// Reading orders: those that were taken home, and those that were found on site.
//
// The half of `client.py` that writes nothing. May not enter: screens, IndexedDB, the network.

import type { What } from "../../../../sync/facts.ts";
import { is_object, type Json, type JsonObject } from "../../../../sync/json.ts";
import { order_stream } from "../../../../sync/order.ts";
import { list_in_force, type PriceList } from "../../../../sync/prices.ts";
import { Refused } from "../../../../sync/problems.ts";
import type { Owned } from "../store/owed.ts";
import type { Held } from "../store/projection.ts";
import type { Store } from "../store/store.ts";
import type { Clocks } from "./clocks.ts";
import { read_policy, type Policy } from "./policy.ts";
import { look, type Sight } from "./sight.ts";

const FOUND = "intake.found_on_site";

/** The orders of whoever is in, own facts included. */
export class Orders {
  readonly store: Store;
  readonly clocks: Clocks;

  constructor(store: Store, clocks: Clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  /** The order as it stands, own facts included. */
  async order(stream: string): Promise<Sight> {
    const own = await this.store.outbox.facts(stream);
    const held = await this.held(stream, own.some(is_found));
    if (held === null) throw new Refused("order_unknown", { name: stream });
    return this.look(held, own);
  }

  /** The order's document; a blank one for what was found on site, where nobody else knows
   * of it yet. */
  private async held(stream: string, found: boolean): Promise<Held | null> {
    const document = await this.store.projection.document(stream);
    if (document !== null || !found) return document;
    const { epoch } = await this.store.outbox.server();
    return { stream, rev: 0, epoch: epoch ?? "none", document: blank(stream), gone: null };
  }

  /** Every order that was taken home or found on site, as `order` gives it; null for one
   * that only a newer version can read. */
  async sights(): Promise<ReadonlyMap<string, Sight | null>> {
    const [documents, facts] = await Promise.all([
      this.store.projection.documents(), this.store.outbox.facts(),
    ]);
    const own = new Map<string, Owned[]>(documents.map((held) => [held.stream, []]));
    const { person } = this.store.projection;
    const fresh = facts.filter((one) =>
      !own.has(one.stream) && !one.safe && is_found(one) && one.by === person);
    for (const one of fresh) own.set(one.stream, []);
    for (const one of facts) own.get(one.stream)?.push(one);
    const begun = await Promise.all(fresh.map((one) => this.held(one.stream, true)));
    const found = new Map<string, Sight | null>();
    for (const held of [...documents, ...begun.filter((one) => one !== null)]) {
      const sight = this.look(held, own.get(held.stream) ?? []);
      found.set(held.stream, await sight.catch(unreadable));
    }
    return found;
  }

  private async look(held: Held, own: readonly Owned[]): Promise<Sight> {
    const lineage = await this.store.vouchers.epochs();
    return look(held, own, (token) => this.store.projection.anchor(token), lineage);
  }

  /** Every order that was taken home. */
  async streams(): Promise<readonly string[]> {
    return (await this.store.projection.documents()).map((held) => held.stream);
  }

  /** The stream of the order with this unified number, or the only one whose number or id
   * ends in it. */
  async find(name: string): Promise<string> {
    const wanted = name.trim().toUpperCase();
    const stream = await order_stream(wanted);
    if (await this.store.projection.document(stream)) return stream;
    const found = (await this.store.projection.documents()).filter((held) =>
      names(held).some((known) => known.toUpperCase().endsWith(wanted)));
    if (found.length > 1) throw new Refused("order_ambiguous", { name, count: found.length });
    const [only] = found;
    if (only === undefined || wanted === "") throw new Refused("order_unknown", { name });
    return only.stream;
  }

  /** The policy that was taken home last, as far as a visit needs it; what ships before the
   * first contact. */
  async policy(): Promise<Policy> {
    return read_policy(await this.store.projection.note("policy"));
  }

  /** The list that this tablet holds and that is in force (L3). */
  async price_list(): Promise<PriceList> {
    const { price_lists } = await this.policy();
    const found = list_in_force(price_lists, this.clocks.wall_ms());
    if (found === null) throw new Refused("no_price_list");
    return found;
  }

  /** What is known of the order before this is told: of one found on site, nothing. */
  async before(stream: string, what: What): Promise<Sight> {
    if (what.kind !== FOUND) return this.order(stream);
    const held = await this.held(stream, true);
    return this.look(held as Held, await this.store.outbox.facts(stream)); // a blank at least
  }
}

function is_found(one: Owned): boolean {
  return one.kind === FOUND;
}

/** The document of an order that no server knows of. */
function blank(stream: string): JsonObject {
  return new Map<string, Json>([
    ["stream", stream], ["rev", 0], ["order", new Map([["stream", stream]])],
    ["private", new Map()],
  ]);
}

function names({ document, stream }: Held): readonly string[] {
  const order = document.get("order");
  const request = is_object(order) ? order.get("request") : undefined;
  const number = is_object(request) ? request.get("number") : undefined;
  return [typeof number === "string" ? number : "", stream];
}

function unreadable(why: unknown): null {
  if (why instanceof Refused && why.code === "document_unreadable") return null;
  throw why;
}
