// Today: who is expected where, and whether the tablet is ready to go out (S1).
//
// May not enter: what happens in a home.

import type { ScreenProps } from "../app.tsx";
import { Screen } from "../parts/frame.tsx";
import { to_order } from "../routes.ts";
import { sights } from "../state.ts";
import { _ } from "../words.ts";

export function Today(_props: ScreenProps) {
  return (
    <Screen title={_("今日")}>
      <ul>
        {[...sights.value].map(([stream, sight]) => (
          <li key={stream}><a href={to_order(stream)}>{sight.name}</a></li>
        ))}
      </ul>
    </Screen>
  );
}
