// What a browser's two clocks are worth: never more than they can bear.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Clocks } from "../../field_client/web/src/tablet/clocks.ts";
import { slowed_ms } from "../../field_client/web/src/tablet/people.ts";

const NOON = 1_765_684_800_000;

/** Two clocks set by hand: what passes awake, asleep, and what somebody turns. */
class Hands {
  private wall = NOON;
  private ticks = 5_000;
  private pages = 0;

  wall_ms(): number { return this.wall; }
  ticks_ms(): number { return this.ticks; }
  name(): string { return `page-${++this.pages}`; }

  awake(ms: number): void { this.wall += ms; this.ticks += ms; }
  asleep(ms: number): void { this.wall += ms; }
  turned(ms: number): void { this.wall += ms; }
}

function begun(): { hands: Hands; clocks: Clocks } {
  const hands = new Hands();
  return { hands, clocks: new Clocks(hands) };
}

test("while nothing happens to it, a page's clock goes on in one run", () => {
  const { hands, clocks } = begun();
  const first = clocks.look();
  hands.awake(3_600_000);
  const later = clocks.look();
  assert.deepEqual([later.boot, later.boot_ms - first.boot_ms], [first.boot, 3_600_000]);
});

test("a sleep ends the run: the page's clock stood still meanwhile", () => {
  const { hands, clocks } = begun();
  const first = clocks.look();
  hands.asleep(8 * 3_600_000);
  assert.notEqual(clocks.look().boot, first.boot);
});

test("a clock set forward looks like a sleep, and no more is claimed", () => {
  const { hands, clocks } = begun();
  const first = clocks.look();
  hands.turned(15 * 60_000);
  assert.notEqual(clocks.look().boot, first.boot);
});

test("a clock set back leaves the run, which shows what really passed", () => {
  const { hands, clocks } = begun();
  const first = clocks.look();
  hands.awake(60_000);
  hands.turned(-3_600_000);
  const later = clocks.look();
  assert.deepEqual([later.boot, later.boot_ms - first.boot_ms], [first.boot, 60_000]);
});

test("a sleep after the clock was set back is noticed all the same", () => {
  const { hands, clocks } = begun();
  hands.turned(-3_600_000);
  const first = clocks.look();
  hands.asleep(600_000);
  assert.notEqual(clocks.look().boot, first.boot);
});

test("many short sleeps add up", () => {
  const { hands, clocks } = begun();
  const first = clocks.look();
  for (let i = 0; i < 10; i++) {
    hands.asleep(900);
    clocks.look();
  }
  assert.notEqual(clocks.look().boot, first.boot);
});

test("a clock that is brought round slowly is no sleep", () => {
  const { hands, clocks } = begun();
  const first = clocks.look();
  for (let i = 0; i < 24; i++) {
    hands.awake(3_600_000);
    hands.turned(1_000); // 278 parts in a million
    clocks.look();
  }
  assert.equal(clocks.look().boot, first.boot);
});

test("a contact of another run leaves its page clock out of the reading", () => {
  const { hands, clocks } = begun();
  const { wall_ms, boot_ms, boot } = clocks.look();
  const anchor = { server_ms: NOON, wall_ms, boot_ms, boot, rtt_ms: 80 };
  hands.asleep(600_000);
  const reading = clocks.reading(anchor, "token");
  assert.deepEqual([reading.token_wall_ms, reading.token_boot_ms], [wall_ms, null]);
});

test("wrong PINs are slowed, and not for ever", () => {
  assert.deepEqual([4, 5, 6, 100].map(slowed_ms), [0, 15_000, 30_000, 900_000]);
});
