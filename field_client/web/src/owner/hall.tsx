// What is shown while the tablet is in an owner's hands: one screen for each purpose, and
// nothing else in the app.
//
// May not enter: how a screen looks.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

import { in_hand, type Handed, type Purpose } from "./lock.ts";

export type OwnersScreen = ComponentType<{ readonly stream: string }>;

// One row for each purpose. A screen here frames itself in `OwnerFrame`, which holds the way
// back; whoever needs the owner's yes adds a row and calls `hand_over(stream, purpose)`.
const SCREENS: Readonly<Partial<Record<Purpose, () => Promise<OwnersScreen>>>> = {
  accept: () => import("../screens/owner.tsx").then((one) => one.Owner),
  agree: () => import("../screens/agree.tsx").then((one) => one.Agree),
  countersign: () => import("../screens/cosign.tsx").then((one) => one.Cosign),
};

/** The owner's screen. Only to be shown while `in_hand` says so. */
export function OwnersHall() {
  const handed = in_hand.value;
  return handed === null ? null : <Chosen key={handed.purpose} handed={handed} />;
}

function Chosen({ handed: { stream, purpose } }: { readonly handed: Handed }) {
  const [Shown, show] = useState<OwnersScreen | null>(null);
  useEffect(() => {
    void SCREENS[purpose]?.().then((found) => { show(() => found); });
  }, [purpose]);
  return Shown === null ? null : <Shown stream={stream} />;
}
