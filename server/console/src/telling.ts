// Asking for one order's story, for the page, for reviews and for whoever prints.
//
// May not enter: how it looks.

import { get } from "./api.ts";
import { can } from "./session.ts";
import { read_story, type Story, type ToldStory } from "./story.ts";

/** Everything about one order, as far as whoever sits here may know it. */
export async function story_of(id: string): Promise<Story> {
  const told = await get<ToldStory>(`/v1/orders/${id}/story`);
  return read_story(told, !can("owner.read", told.card.project));
}
