// The way to a home in the map app that the technician uses: an address to be opened by a tap.
//
// Places are kept as they were measured (WGS-84); mainland map apps draw shifted (GCJ-02), so
// a place is shifted in the address alone. A flat's number never goes to a map. May not
// enter: requests.

export const MAP_APPS = ["amap", "tencent", "baidu", "apple", "geo"] as const;
export type MapApp = (typeof MAP_APPS)[number];

/** Degrees, as measured (WGS-84). */
export interface Spot {
  readonly latitude: number;
  readonly longitude: number;
}

/** Where to: what people call it, and its place where it is known. */
export interface Goal {
  readonly name: string;
  readonly spot: Spot | null;
}

type Way = readonly [search: (name: string) => string, navigate: (name: string, at: Spot) => string];

const SOURCE = "doorstep";

const WAYS: Readonly<Record<MapApp, Way>> = {
  amap: [
    (name) => uri("https://uri.amap.com/search", { keyword: name, callnative: "1", src: SOURCE }),
    (name, at) => uri("https://uri.amap.com/navigation", {
      to: `${pair(at.longitude, at.latitude)},${name}`, mode: "car", coordinate: "gaode",
      callnative: "1", src: SOURCE,
    }),
  ],
  tencent: [
    (name) => uri("https://apis.map.qq.com/uri/v1/search", { keyword: name, referer: SOURCE }),
    (name, at) => uri("https://apis.map.qq.com/uri/v1/routeplan", {
      type: "drive", to: name, tocoord: pair(at.latitude, at.longitude), referer: SOURCE,
    }),
  ],
  baidu: [
    (name) => uri("https://api.map.baidu.com/geocoder", {
      address: name, output: "html", src: `webapp.${SOURCE}`,
    }),
    (name, at) => uri("https://api.map.baidu.com/marker", {
      location: pair(at.latitude, at.longitude), title: name, content: name,
      coord_type: "gcj02", output: "html", src: `webapp.${SOURCE}`,
    }),
  ],
  apple: [
    (name) => uri("https://maps.apple.com/", { daddr: name, dirflg: "d" }),
    (_name, at) => uri("https://maps.apple.com/", {
      daddr: pair(at.latitude, at.longitude), dirflg: "d",
    }),
  ],
  geo: [
    (name) => `geo:0,0?q=${encodeURIComponent(name)}`,
    (name, at) => `geo:${pair(at.latitude, at.longitude)}?q=` +
      encodeURIComponent(`${pair(at.latitude, at.longitude)}(${name})`),
  ],
};

/** The address that opens this map app on the way there. */
export function way_to(app: MapApp, { name, spot }: Goal): string {
  const [search, navigate] = WAYS[app];
  if (spot === null) return search(name);
  return navigate(name, app === "geo" ? spot : shifted(spot)); // geo: is WGS-84 by RFC 5870
}

function uri(base: string, said: Readonly<Record<string, string>>): string {
  const query = Object.entries(said)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `${base}?${query}`;
}

function pair(one: number, other: number): string {
  return `${one.toFixed(6)},${other.toFixed(6)}`;
}

// The ellipsoid of Krasovsky, on which the shift is defined.
const AXIS_M = 6_378_245;
const ECCENTRICITY_2 = 0.00669342162296594323;
const SHIFTED = { south: 0.8293, north: 55.8271, west: 72.004, east: 137.8347 };

/** The same place as mainland maps draw it (GCJ-02); elsewhere as it is. */
export function shifted(spot: Spot): Spot {
  const { latitude, longitude } = spot;
  const inside = latitude > SHIFTED.south && latitude < SHIFTED.north &&
    longitude > SHIFTED.west && longitude < SHIFTED.east;
  if (!inside) return spot;
  const [x, y] = [longitude - 105, latitude - 35];
  const phi = radians(latitude);
  const bent = 1 - ECCENTRICITY_2 * Math.sin(phi) ** 2;
  const meridian = (AXIS_M * (1 - ECCENTRICITY_2)) / (bent * Math.sqrt(bent));
  const parallel = (AXIS_M / Math.sqrt(bent)) * Math.cos(phi);
  return {
    latitude: latitude + degrees(northwards_m(x, y) / meridian),
    longitude: longitude + degrees(eastwards_m(x, y) / parallel),
  };
}

function northwards_m(x: number, y: number): number {
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) +
    ripples(x, [[20, 6], [20, 2]]) +
    ripples(y, [[20, 1], [40, 1 / 3]]) + ripples(y, [[160, 1 / 12], [320, 1 / 30]]);
}

function eastwards_m(x: number, y: number): number {
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) +
    ripples(x, [[20, 6], [20, 2]]) +
    ripples(x, [[20, 1], [40, 1 / 3]]) + ripples(x, [[150, 1 / 12], [300, 1 / 30]]);
}

function ripples(at: number, waves: ReadonlyArray<readonly [number, number]>): number {
  const sum = waves.reduce(
    (total, [height, pace]) => total + height * Math.sin(at * pace * Math.PI), 0);
  return (sum * 2) / 3;
}

function radians(angle: number): number {
  return (angle * Math.PI) / 180;
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}
