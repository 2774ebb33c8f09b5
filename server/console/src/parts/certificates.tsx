// What one person may do, on paper: certificates are added, renewed and withdrawn here, all
// of a person's at once (P2).
//
// A certificate that ran out stays on the list until somebody takes it off. May not enter:
// who may be assigned.

import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { _ } from "#shared/words.ts";
import { may } from "#sync/access.ts";
import { ask, put } from "../api.ts";
import { learn_choices, trades } from "../intake/choices.ts";
import { people } from "../state.ts";
import { Form, refused_into } from "./asked.tsx";
import { Field, Pick, TimeField } from "./field.tsx";

/** A certificate, whose it is, and how it stands on the company's day. */
export interface Qualification {
  readonly person: string;
  readonly what: string; // a trade, "safety", "agreement"
  readonly certificate: string;
  readonly valid_from: string;
  readonly valid_until: string; // "" has no end
  readonly state: "valid" | "expired" | "not_yet";
}

type Paper = Omit<Qualification, "person" | "state">;

interface Papers {
  readonly contractor: string;
  readonly certificates: readonly Qualification[];
}

const SPOKEN: Readonly<Record<string, () => string>> = {
  safety: () => _("三级安全教育"), agreement: () => _("施工单位安全协议"),
};

/** What a certificate is for. */
export function what_words(what: string): string {
  return SPOKEN[what]?.() ?? _(what);
}

interface CertificatesProps {
  readonly person: string; // "": to be chosen first
  readonly onPerson: (person: string) => void;
  readonly onClose: () => void;
}

/** Everything that one person holds, to be changed. */
export function Certificates({ person, onPerson, onClose }: CertificatesProps) {
  const held = useSignal<readonly Paper[] | null>(null);
  const contractor = useSignal("");
  const seen = useSignal<string | null>(null);
  const wrong = useSignal("");
  const path = `/v1/qualifications/${encodeURIComponent(person)}`;
  useEffect(() => {
    if (person === "") return;
    void learn_choices().catch(() => undefined);
    void refused_into(wrong, async () => {
      const { value, etag } = await ask<Papers>("GET", path);
      held.value = value.certificates.length === 0 ? [fresh()] : value.certificates.map(paper);
      contractor.value = value.contractor;
      seen.value = etag;
    });
  }, [person]);
  const send = async () => {
    await put(path, { certificates: held.value, contractor: contractor.value },
      { seen: seen.value ?? undefined });
  };
  const ready = held.value?.every(({ what, valid_from: from, valid_until: until }) =>
    what !== "" && (until === "" || from <= until)) ?? false;
  return (
    <Form title={_("资质证书")} words={_("保存")} ready={ready} onSend={send} onClose={onClose}>
      <Pick label={_("姓名")} value={person} onPick={onPerson}
        choices={[["", _("请选择")], ...able()]} />
      {wrong.value !== "" && <p role="alert" class="flag">! {wrong.value}</p>}
      {held.value !== null && (
        <>
          <List held={held as Signal<readonly Paper[]>} />
          <p class="small muted">{_("到期日当天仍有效；不填就是长期。收回证书就去掉那一行。")}</p>
          <Button onPress={() => { held.value = [...held.value ?? [], fresh()]; }}>
            {_("再加一张")}
          </Button>
        </>
      )}
    </Form>
  );
}

function fresh(): Paper {
  return { what: "", certificate: "", valid_from: "", valid_until: "" };
}

function paper({ what, certificate, valid_from, valid_until }: Qualification): Paper {
  return { what, certificate, valid_from, valid_until };
}

/** Everybody who may be given orders, by name. */
function able(): readonly (readonly [string, string])[] {
  return [...people.value.values()]
    .filter((one) => one.active && may(one.grants, "order.work"))
    .map(({ id, name }) => [id, name] as const);
}

function List({ held }: { readonly held: Signal<readonly Paper[]> }) {
  return (
    <ul class="papers">
      {held.value.map((one, at) => (
        <Row key={at} one={one}
          onChange={(changed) => { held.value = held.value.map((old, n) => n === at ? changed : old); }}
          onDrop={() => { held.value = held.value.filter((_one, n) => n !== at); }} />
      ))}
    </ul>
  );
}

function Row({ one, onChange, onDrop }: {
  readonly one: Paper;
  readonly onChange: (one: Paper) => void;
  readonly onDrop: () => void;
}) {
  const named = [...trades(), ...Object.keys(SPOKEN)];
  const all = one.what === "" || named.includes(one.what) ? named : [...named, one.what];
  return (
    <li class="paper">
      <Pick label={_("专业或要求")} value={one.what}
        choices={[["", _("请选择")], ...all.map((what) => [what, what_words(what)] as const)]}
        onPick={(what) => onChange({ ...one, what })} />
      <Field label={_("证号")} value={one.certificate}
        onType={(certificate) => onChange({ ...one, certificate })} />
      <TimeField label={_("从")} type="date" value={one.valid_from}
        onType={(valid_from) => onChange({ ...one, valid_from })} />
      <TimeField label={_("到")} type="date" value={one.valid_until}
        onType={(valid_until) => onChange({ ...one, valid_until })} />
      <Button onPress={onDrop}>
        {_("去掉")}<span class="unseen"> {what_words(one.what)} {one.certificate}</span>
      </Button>
    </li>
  );
}
