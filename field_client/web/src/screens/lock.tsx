// Who takes the tablet up: pick yourself, enter the PIN. Works without a network.
//
// May not enter: orders; whoever stands here may not be in yet.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Refused } from "../../../../sync/problems.ts";
import type { ScreenProps } from "../app.tsx";
import { let_in } from "../locking.ts";
import { runner } from "../opening.ts";
import { recall } from "../owner/lock.ts";
import { PinPad } from "../parts/pin_pad.tsx";
import { renew } from "../renewing.ts";
import { go_instead } from "../routes.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { explain } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { tablet } from "../state.ts";
import type { Person } from "../store/persons.ts";
import "./people.css";

/** The locked tablet. */
export function LockScreen(_props: ScreenProps) {
  const all = useSignal<readonly Person[]>([]);
  const chosen = useSignal<string | null>(null);
  const wrong = useSignal<string | null>(null);
  useEffect(() => { document.title = _("已锁定"); }, []);
  useEffect(() => {
    const look = async () => {
      const { people } = tablet();
      all.value = await people.all();
      const last = await people.present() ?? all.value[0];
      chosen.value = last?.enrolment.actor ?? null;
    };
    void look();
  }, []);
  const person = all.value.find((one) => one.enrolment.actor === chosen.value);
  const enter = async (pin: string) => {
    if (person === undefined) return;
    const { actor } = person.enrolment;
    const before = (await tablet().people.present())?.enrolment.actor;
    await tablet().people.switch_to(actor, pin);
    if (before !== actor) go_instead("#/"); // what the other one had open is not this one's
    await renew();
    if (before !== actor) void runner().upload_now();
    let_in();
    await recall();
  };
  const enter_freely = async () => {
    try {
      await enter("");
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      wrong.value = explain(why);
    }
  };
  return (
    <div class="screen locked" data-testid="lock">
      <h1 tabIndex={-1}>{_("上门")}</h1>
      <Card>
        {all.value.length > 1 && (
          <Chips legend={_("谁在用？")} chosen={chosen.value === null ? [] : [chosen.value]}
            choices={all.value.map(({ enrolment: { actor } }) => ({ value: actor, words: actor }))}
            onChoose={(actor) => { chosen.value = actor; wrong.value = null; }} />
        )}
        {person !== undefined && person.lock !== null &&
          <PinPad key={person.enrolment.actor} onEntered={enter}
            label={_("{person} 的密码", { person: person.enrolment.actor })} />}
        {person !== undefined && person.lock === null && (
          <Button kind="primary" onPress={enter_freely}>
            {_("{person} 进入", { person: person.enrolment.actor })}
          </Button>
        )}
        {wrong.value !== null && <p class="wrong" role="alert">{wrong.value}</p>}
      </Card>
      <p><a class="button quiet" href="#/enrol">{_("登记另一位师傅")}</a></p>
      <p class="muted">{_("锁着也照常上传；已记录的都在。")}</p>
    </div>
  );
}
