// The way to a home: addresses of map apps, and places as mainland maps draw them (U19).

import assert from "node:assert/strict";
import { test } from "node:test";

import { MAP_APPS, shifted, way_to, type Spot } from "../../field_client/web/src/maps.ts";

// Known pairs of points, published by several projects that agree with each other.
const PAIRS: ReadonlyArray<readonly [Spot, Spot]> = [
  [at(31.1774276, 121.5272106), at(31.17530398364597, 121.531541859215)], // Shanghai
  [at(22.543847, 113.912316), at(22.540796131694766, 113.9171764808363)], // Shenzhen
  [at(39.911954, 116.377817), at(39.91334545536069, 116.38404722455657)], // Beijing
];

for (const [measured, drawn] of PAIRS) {
  test(`a place is drawn within two metres of where it is: ${measured.latitude}`, () => {
    assert.ok(metres_between(shifted(measured), drawn) < 2);
  });
}

test("a place abroad is drawn where it is", () => {
  assert.deepEqual(shifted(at(51.5, -0.12)), at(51.5, -0.12));
});

test("where no place is known the map app looks for the building", () => {
  const said = MAP_APPS.map((app) => way_to(app, { name: "湖畔 3栋", spot: null }));
  const name = encodeURIComponent("湖畔 3栋");
  assert.deepEqual(said, [
    `https://uri.amap.com/search?keyword=${name}&callnative=1&src=doorstep`,
    `https://apis.map.qq.com/uri/v1/search?keyword=${name}&referer=doorstep`,
    `https://api.map.baidu.com/geocoder?address=${name}&output=html&src=webapp.doorstep`,
    `https://maps.apple.com/?daddr=${name}&dirflg=d`,
    `geo:0,0?q=${name}`,
  ]);
});

test("only mainland map apps are given the shifted place", () => {
  const goal = { name: "3栋", spot: at(31.1774276, 121.5272106) };
  const drawn = decodeURIComponent(way_to("amap", goal));
  const measured = decodeURIComponent(way_to("geo", goal));
  assert.ok(drawn.includes("to=121.531542,31.175304"), drawn);
  assert.ok(measured.includes("geo:31.177428,121.527211"), measured);
});

function at(latitude: number, longitude: number): Spot {
  return { latitude, longitude };
}

function metres_between(one: Spot, other: Spot): number {
  const north = (one.latitude - other.latitude) * 111_320;
  const east = (one.longitude - other.longitude) * 111_320 *
    Math.cos((one.latitude * Math.PI) / 180);
  return Math.hypot(north, east);
}
