"""What was recorded about one order, so that anybody can check it without the server.

A proof is one JSON object, attached to a certificate as `proof.json`:

    form      "doorstep proof 1"
    stream    the order; number: as people call it
    head      the server's signed word on its whole book (`sync/heads.py: LogHead`)
    keys      every key the server ever signed with, oldest first (`KeyWord`)
    epochs    restores that the server owned up to (`sync/epochs.py: Opened`)
    facts     each fact of the order, by position: {position, received_ms, b, x, path}
              b: its exact bytes; its id is their SHA-256 (base64url). x: private values
              as far as they are shown, name -> [salt, value]. position and received_ms
              are the receipt. path: RFC 6962 audit path (hex) of the leaf at index
              position - 1, in the tree under `head`
    bytes     receipts for photos, strokes and sheets: {sha256, stream, position,
              received_ms, path}; what is missing here has not arrived
    pushes    what devices signed when they handed facts in: {device, log, ids,
              signature}; a key of `devices` fits
    devices   public keys (JWK) by device
    signature the server's, over the list of all this (`list_text`): nothing was left
              out, added or moved since

What a check finds is a list, worst place first; an honest proof has none. May not
enter: files, PDF, databases.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sync.envelope import Head as FactHead
from sync.envelope import commitment, digest, fact_id, read, read_file
from sync.epochs import Opened, opened_text
from sync.heads import (
    KeyWord,
    LogHead,
    Trusted,
    event_leaf,
    fact_leaf,
    hashes_in,
    line_of_keys,
)
from sync.log import included, root_of
from sync.plain import Record, as_json, typed
from sync.problems import Refused
from sync.reviews import tag
from sync.sheet import MEDIA_TYPE as SHEET
from sync.signing import push_text, read_jwk, thumbprint, verifies
from sync.words import N_

FORM = "doorstep proof 1"
NAME = "proof.json"
MEDIA_TYPE = "application/vnd.doorstep.proof+json"
OWN_LOG = "server."  # what the desk decides is signed by no device


class ProvenFact(Record, frozen=True, kw_only=True):
    """A fact, its receipt and its place in the book."""

    position: int
    received_ms: int
    b: str
    x: Mapping[str, tuple[str, str]] = msgspec.field(default_factory=dict)
    path: tuple[str, ...] = ()


class ProvenBytes(Record, frozen=True, kw_only=True):
    """A receipt for bytes and its place in the book."""

    sha256: str
    stream: str | None = None
    position: int
    received_ms: int
    path: tuple[str, ...] = ()


class ProvenPush(Record, frozen=True, kw_only=True):
    """What a device signed: the root over the ids of what it handed in at once."""

    device: str
    log: str
    ids: tuple[str, ...]
    signature: str


class Proof(Record, frozen=True, kw_only=True):
    """Everything about one order, for anybody to check."""

    form: str  # always said: whoever reads it has to know by what rules
    stream: str
    number: str | None = None
    head: LogHead
    keys: tuple[KeyWord, ...]
    epochs: tuple[Opened, ...] = ()
    facts: tuple[ProvenFact, ...]
    bytes: tuple[ProvenBytes, ...] = ()
    pushes: tuple[ProvenPush, ...] = ()
    devices: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)
    signature: str = ""


FINDINGS: dict[str, str] = {
    "proof_unreadable": N_("证明文件读不出来：{why}"),
    "key_unknown": N_("签名的密钥 {key} 不是您核对的那台服务器的"),
    "head_unsigned": N_("账本的签名不成立：签名被换过，或账本指纹被改动"),
    "head_differs": N_("同一长度的账本有两个指纹：服务器给不同的人看了不同的账"),
    "list_unsigned": N_("清单的签名不成立：有内容被添加、删去、调换或改动"),
    "epoch_unsigned": N_("恢复记录 {name} 的签名不成立"),
    "fact_altered": N_("第 {position} 号记录与账本不符：内容、时间或位置被改动"),
    "fact_unreadable": N_("第 {position} 号记录读不出来"),
    "fact_foreign": N_("第 {position} 号记录不属于这张工单"),
    "fact_moved": N_("第 {position} 号记录的先后次序被调换，或出现了两次"),
    "chain_broken": N_("第 {position} 号记录接不上同一设备的前一条记录"),
    "fact_left_out": N_("业主签字的单子包含记录 {name}，这里却没有"),
    "private_altered": N_("第 {position} 号记录旁的“{name}”被改动"),
    "bytes_unplaced": N_("原件 {name} 的收据与账本不符（第 {position} 号）"),
    "bytes_altered": N_("原件 {name} 被换过或改动"),
    "bytes_foreign": N_("原件 {name} 没有任何记录提到"),
    "push_unsigned": N_("设备 {name} 对第 {position} 号记录的签名不成立"),
    # an evidence pack around it (`sync/pack.py`)
    "pack_altered": N_("证据包不是原来的文件：{at} 一处起被改动、添加或调换"),
    "index_unreadable": N_("证据包里没有目录，或读不出来"),
    "index_unsigned": N_("目录的签名不成立：目录被改过，或不是这台服务器发出的"),
    "file_missing": N_("文件 {name} 被拿走了"),
    "file_altered": N_("文件 {name} 被换过或改动"),
    "file_added": N_("文件 {name} 不在目录里，是后来添进去的"),
    "file_moved": N_("文件 {name} 的先后次序被调换，或出现了两次"),
    "proof_foreign": N_("证明文件是另一张工单或另一个时候的"),
    "times_unreadable": N_("时间依据读不出来"),
    "time_differs": N_("第 {position} 号记录的时间与它的依据不符"),
    "certificate_broken": N_("验收单 PDF 被改动过，或不是这台服务器发出的"),
    "certificate_foreign": N_("验收单 PDF 是另一张工单的"),
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that does not hold. `position`: where, if it is about one place."""

    code: str
    position: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In the source language, not yet filled (`said` fills it)."""
        return FINDINGS[self.code]

    @property
    def said(self) -> dict[str, Any]:
        """What the sentence is about."""
        return {"position": self.position, **self.facts}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check found. `unseen`: bytes that facts speak of and that were not at
    hand, so nobody looked; `missing`: those that the server had not received; `key`:
    thumbprint of the server's key, to be compared with one from elsewhere; `unsigned`:
    facts for which no device's signature is shown."""

    findings: tuple[Finding, ...] = ()
    proof: Proof | None = None
    key: str = ""
    unseen: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unsigned: tuple[int, ...] = ()

    @property
    def holds(self) -> bool:
        """Is everything as it was recorded?"""
        return not self.findings

    @property
    def first(self) -> int | None:
        """The first bad position; None if nothing is bad, or nothing has a place."""
        return min((one.position for one in self.findings if one.position),
                   default=None)  # fmt: skip


def list_text(proof: Proof) -> bytes:
    """What the server signs: under this head, this and nothing else is what it holds of
    the order, in this sequence."""
    said = [FORM, proof.stream, proof.number, proof.head.root, proof.head.size,
            [[one.position, one.received_ms, fact_id(one.b)] for one in proof.facts],
            [[one.position, one.received_ms, one.sha256, one.stream]
             for one in proof.bytes],
            [[one.device, one.log, one.ids, one.signature] for one in proof.pushes],
            [[name, thumbprint(dict(key))]
             for name, key in sorted(proof.devices.items())]]  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return f"doorstep proof\n{digest(text.encode())}".encode()


def write(proof: Proof) -> bytes:
    """The proof as it travels."""
    return as_json(proof).encode()


def check(
    text: bytes,
    blobs: Mapping[str, bytes] | None = None,
    known: str | None = None,
    heads: Sequence[LogHead] = (),
) -> Report:
    """Everything that does not hold in this proof.

    `blobs`: originals at hand by their SHA-256 (hex) as whoever hands them in says;
    `known`: thumbprint of a key of the server, from elsewhere (a tablet, a printed
    certificate): without one, a proof that somebody made up with a key of their own
    holds, and only `Report.key` tells; `heads`: heads remembered elsewhere.
    """
    try:
        proof = typed(Proof, read_file(text))
    except Refused as why:
        return _unreadable(why.code)
    if proof.form != FORM:
        return _unreadable(proof.form)
    looked = _Looking(proof, blobs or {}, known)
    found = [*looked.at_all(), *_beside(proof.head, heads, looked.trusted)]
    return Report(
        findings=tuple(sorted(found, key=_worst_first)), proof=proof,
        key=proof.head.key, unseen=looked.unseen, missing=looked.missing,
        unsigned=looked.unsigned,
    )  # fmt: skip


def _unreadable(why: str) -> Report:
    return Report(findings=(Finding(code="proof_unreadable", facts={"why": why}),))


def _worst_first(one: Finding) -> tuple[int, str]:
    return one.position or 0, one.code


def _beside(
    head: LogHead, heads: Sequence[LogHead], trusted: Trusted
) -> Iterator[Finding]:
    """Two roots for one size of one epoch: two histories (X8)."""
    for one in heads:
        same = (one.epoch, one.size) == (head.epoch, head.size)
        if same and one.root != head.root and trusted.head(one):
            yield Finding(code="head_differs", position=head.size)


class _Looking:
    """One proof under examination."""

    def __init__(
        self, proof: Proof, blobs: Mapping[str, bytes], known: str | None
    ) -> None:
        self.proof = proof
        self.blobs = blobs
        self.known = known
        self.trusted = line_of_keys(proof.keys, known or proof.head.key)
        self.root = (hashes_in([proof.head.root]) or [b""])[0]
        self.facts = [(one, _head_of(one.b)) for one in proof.facts]
        spoken = {ref.sha256: ref for _, said in self.facts if said
                  for ref in said.blobs}  # fmt: skip
        arrived = {one.sha256 for one in proof.bytes}
        self.spoken = spoken
        self.missing = tuple(sorted(spoken.keys() - arrived - blobs.keys()))
        self.unseen = tuple(sorted((spoken.keys() & arrived) - blobs.keys()))
        signed = {name for one in proof.pushes for name in one.ids}
        self.unsigned = tuple(
            one.position
            for one, said in self.facts
            if said
            and not said.log.startswith(OWN_LOG)
            and fact_id(one.b) not in signed
        )

    def at_all(self) -> Iterator[Finding]:
        """Everything, from the whole to the single."""
        yield from self._signatures()
        yield from self._places()
        yield from self._facts()
        yield from self._chains()
        yield from self._receipts()
        yield from self._originals()
        yield from self._sheets()
        yield from self._pushes()

    def _signatures(self) -> Iterator[Finding]:
        proof = self.proof
        if proof.head.key not in self.trusted.keys:
            yield Finding(code="key_unknown", facts={"key": proof.head.key})
        elif not self.trusted.head(proof.head):
            yield Finding(code="head_unsigned")
        if not self._says(list_text(proof), proof.signature):
            yield Finding(code="list_unsigned")
        for one in proof.epochs:
            if one.parent and not self._says(opened_text(one), one.signature):
                yield Finding(code="epoch_unsigned", facts={"name": one.epoch})

    def _says(self, text: bytes, signature: str) -> bool:
        return any(
            self.trusted.signed(key, text, signature) for key in self.trusted.keys
        )

    def _places(self) -> Iterator[Finding]:
        before = 0
        for one in self.proof.facts:
            if one.position <= before:
                yield Finding(code="fact_moved", position=one.position)
            before = max(before, one.position)

    def _facts(self) -> Iterator[Finding]:
        for one, said in self.facts:
            leaf = fact_leaf(fact_id(one.b), one.received_ms)
            if not self._lies(leaf, one.position, one.path):
                yield Finding(code="fact_altered", position=one.position)
            if said is None:
                yield Finding(code="fact_unreadable", position=one.position)
                continue
            if said.stream != self.proof.stream:
                yield Finding(code="fact_foreign", position=one.position)
            for name, (salt, value) in one.x.items():
                promised = said.private.get(name)
                if promised is None or promised != _commits(name, salt, value):
                    yield Finding(code="private_altered", position=one.position,
                                  facts={"name": name})  # fmt: skip

    def _lies(self, leaf: bytes, position: int, path: Sequence[str]) -> bool:
        steps, size = hashes_in(path), self.proof.head.size
        return included(leaf, position - 1, size, steps, self.root)

    def _chains(self) -> Iterator[Finding]:
        """Facts of one log that follow each other directly say so themselves."""
        names: dict[tuple[str, int], set[str]] = {}
        for one, said in self.facts:
            if said:
                names.setdefault((said.log, said.n), set()).add(fact_id(one.b))
        for one, said in self.facts:
            before = names.get((said.log, said.n - 1)) if said else None
            if said and before and said.prev not in before:
                yield Finding(code="chain_broken", position=one.position)

    def _receipts(self) -> Iterator[Finding]:
        for one in self.proof.bytes:
            leaf = event_leaf("blob", one.sha256, one.stream, one.received_ms)
            facts = {"name": one.sha256[:8]}
            if not self._lies(leaf, one.position, one.path):
                yield Finding(code="bytes_unplaced", position=one.position, facts=facts)

    def _originals(self) -> Iterator[Finding]:
        speaks = {ref: one.position for one, said in self.facts if said
                  for ref in (blob.sha256 for blob in said.blobs)}  # fmt: skip
        for name, held in self.blobs.items():
            facts = {"name": name[:8]}
            if name not in self.spoken:
                yield Finding(code="bytes_foreign", facts=facts)
            elif _sha256(held) != name:
                yield Finding(
                    code="bytes_altered", position=speaks[name], facts=facts
                )  # fmt: skip

    def _sheets(self) -> Iterator[Finding]:
        """Whatever a signed sheet covers must be here."""
        here = {tag(fact_id(one.b)) for one in self.proof.facts}
        for name, ref in self.spoken.items():
            held = self.blobs.get(name, b"")
            if ref.type != SHEET or _sha256(held) != name:
                continue
            for covered in _covers(held):
                if covered not in here:
                    yield Finding(code="fact_left_out", facts={"name": covered})

    def _pushes(self) -> Iterator[Finding]:
        places = {fact_id(one.b): one.position for one in self.proof.facts}
        for one in self.proof.pushes:
            at = min((places[name] for name in one.ids if name in places), default=None)
            jwk = self.proof.devices.get(one.device, {})
            text = push_text(one.log, root_of(one.ids))
            if not _fits(jwk, text, one.signature):
                yield Finding(code="push_unsigned", position=at,
                              facts={"name": one.device})  # fmt: skip


def _fits(jwk: Mapping[str, str], text: bytes, signature: str) -> bool:
    try:
        return verifies(read_jwk(jwk), text, signature)
    except Refused:
        return False


def _covers(sheet: bytes) -> tuple[str, ...]:
    """The facts that a sheet names; none, if it is not what a sheet should be."""
    try:
        said = read_file(sheet).get("covers")
    except Refused:
        return ()
    return tuple(map(str, said)) if isinstance(said, list) else ()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _head_of(body: str) -> FactHead | None:
    try:
        return read(body).head
    except Refused:
        return None


def _commits(name: str, salt: str, value: str) -> str | None:
    try:
        return commitment(name, salt, value)
    except (Refused, ValueError):
        return None
