// What a tablet takes with it if it never comes back: which records it wrote and never handed
// in, number by number, and which orders' data it held.
//
// Exact up to the last number that anybody heard of; what came after, nobody can know, and
// that is said too. May not enter: blame.

import { at } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import { to_order } from "../routes.ts";

type Stretch = readonly [first: number, last: number];

/** One log of the tablet: what is here, what is not. */
interface LogReport {
  readonly log: string;
  readonly here: readonly Stretch[];
  readonly aside: readonly Stretch[];
  readonly missing: readonly Stretch[];
  readonly known_through: number;
  readonly claimed_ms: number | null;
  readonly forks: readonly object[];
  readonly broken: readonly string[];
}

/** An order whose data lay on the tablet. */
interface HeldOrder {
  readonly id: string;
  readonly number: string | null;
  readonly home: string;
}

/** A tablet with everything that is known of it. */
export interface DeviceReport {
  readonly id: string;
  readonly name: string;
  readonly people: readonly string[];
  readonly enrolled_ms: number;
  readonly contact_ms: number | null;
  readonly client: string | null;
  readonly unsent: number | null;
  readonly drift_ms: number | null;
  readonly storage: { readonly persisted: boolean; readonly free_bytes: number } | null;
  readonly revoked_ms: number | null;
  readonly reason: string; // why it was shut out
  readonly logs: readonly LogReport[];
  readonly orders: readonly HeldOrder[];
  readonly others: number; // orders besides, that this reader may not see
}

export function Lost({ device }: { readonly device: DeviceReport }) {
  const { logs, orders, others } = device;
  const missing = logs.flatMap((one) => one.missing)
    .reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return (
    <>
      <section class={missing > 0 ? "panel warn" : "panel"}>
        <h2>{_("没有交到的记录")}</h2>
        <p>
          {missing === 0 ? `✓ ${_("听说过的都到了")}`
            : `! ${_("{n} 条写下了，没有交到", { n: missing })}`}
          {device.contact_ms !== null &&
            ` · ${_("{at} 以后写的，无从知道", { at: at(device.contact_ms) })}`}
        </p>
        <table>
          <thead>
            <tr>
              <th scope="col">{_("日志")}</th><th scope="col">{_("已收到")}</th>
              <th scope="col">{_("没有到")}</th><th scope="col">{_("隔离中")}</th>
              <th scope="col">{_("最后听说")}</th>
            </tr>
          </thead>
          <tbody>
            {logs.map((one) => (
              <tr key={one.log}>
                <td class="code">{one.log}</td>
                <td class="num">{numbers(one.here)}</td>
                <td class="num"><strong>{numbers(one.missing)}</strong></td>
                <td class="num">{numbers(one.aside)}</td>
                <td class="num">
                  {_("第 {n} 条", { n: one.known_through })}
                  {one.claimed_ms !== null && ` · ${at(one.claimed_ms)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {logs.some(({ forks }) => forks.length > 0) &&
          <p class="flag">◆ {_("同一编号有两条记录：数据可能被复制或恢复过")}</p>}
        {logs.some(({ broken }) => broken.length > 0) &&
          <p class="flag">◆ {_("有记录接不上前一条")}</p>}
      </section>
      <section class="panel">
        <h2>{_("上面有哪些工单的资料（{n}）", { n: orders.length + others })}</h2>
        <p>{_("含业主姓名、电话和地址；平板有锁，下次联系时清除。")}</p>
        <ul class="held-orders">
          {orders.map((one) => (
            <li key={one.id}>
              <a href={to_order(one.id)} class="num">{one.number ?? one.id.slice(0, 8)}</a>{" "}
              {one.home}
            </li>
          ))}
        </ul>
        {others > 0 && <p class="muted">{_("另有 {n} 张您无权查看", { n: others })}</p>}
      </section>
    </>
  );
}

/** Stretches of numbers as people write them: 1–40、42. */
export function numbers(stretches: readonly Stretch[]): string {
  return stretches.map(([first, last]) => first === last ? `${first}` : `${first}–${last}`)
    .join(_("、")) || "—";
}
