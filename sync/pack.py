"""An evidence pack: everything about one order in one ZIP, for anybody to check.

    cover.html, cover.txt  what this is and what it does not prove, for people
    verifier.html          a page that checks packs and papers, without a line
    certificate.pdf        the acceptance form, if anybody accepted (`sync/sealed.py`)
    proof.json             every fact with receipt and audit path (`sync/proof.py`)
    times.json             when each happened, and what the server swears to about it
    originals/<sha256>.…   photos, strokes and sheets, each named by its digest
    index.json             what belongs to it, each with its SHA-256, in this sequence
    index.sig              the server's signature over index.json: key, blank, signature

What a check finds is a list, as for a proof; an honest pack has none. May not enter:
files on a disk, words on the cover.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import zip_longest

from sync.envelope import digest, read, read_file
from sync.heads import LogHead, line_of_keys
from sync.moment import Moment, Span
from sync.plain import Record, typed
from sync.problems import Refused
from sync.proof import NAME as PROOF
from sync.proof import OWN_LOG, Finding, Proof, ProvenFact, Report, check
from sync.reading import Reading, Witness
from sync.sealed import HOLDS, examined
from sync.stored_zip import unzipped
from sync.timing import assess

FORM = "doorstep evidence 1"
INDEX, SIGNATURE, TIMES = "index.json", "index.sig", "times.json"
CERTIFICATE, COVERS, VERIFIER = (
    "certificate.pdf", ("cover.html", "cover.txt"), "verifier.html",
)  # fmt: skip
ORIGINALS = "originals/"
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic",
    "image/heif": "heif", "application/json": "json",
    "application/vnd.doorstep.sheet+json": "json",
}  # fmt: skip


class PackedFile(Record, frozen=True, kw_only=True):
    """A file of the pack."""

    name: str
    sha256: str
    bytes: int


class PackIndex(Record, frozen=True, kw_only=True):
    """What belongs to a pack, and what does not lie in it and why: `missing` has not
    reached the server, `erased` went because its owner asked, `withheld` is the
    owner's and was not asked for. `disclosed`: names of the private values that are
    shown. `certificate`: why there is none."""

    form: str
    stream: str
    number: str | None
    epoch: str
    size: int
    root: str
    at_ms: int
    disclosed: tuple[str, ...]
    files: tuple[PackedFile, ...]
    certificate: str | None = None
    missing: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


class TimedFact(Record, frozen=True, kw_only=True):
    """When a fact happened, and what the server swears to about it; nothing about what
    the desk decided, for that is the server's own time."""

    position: int
    moment: Moment
    witness: Witness | None = None


class Times(Record, frozen=True, kw_only=True):
    """The time of every fact, by position."""

    facts: tuple[TimedFact, ...]


@dataclass(frozen=True, kw_only=True)
class PackReport:
    """What a check of a pack found: first what the pack is made of, then its proof."""

    findings: tuple[Finding, ...] = ()
    index: PackIndex | None = None
    proof: Report = field(default_factory=Report)
    signed_by: str = ""

    @property
    def holds(self) -> bool:
        """Is everything as it was handed out and as it was recorded?"""
        return not self.findings

    @property
    def first(self) -> int | None:
        """The first bad position of the book; None if nothing bad has one."""
        return min((one.position for one in self.findings if one.position),
                   default=None)  # fmt: skip


def index_text(index: bytes) -> bytes:
    """What the server signs: this index, to the letter."""
    return f"doorstep evidence\n{digest(index)}".encode()


def time_of(fact: ProvenFact, witness: Witness | None) -> Moment:
    """When a fact happened, as far as what is sworn to carries; the same for everybody
    who works it out."""
    said = read(fact.b).head
    if said.log.startswith(OWN_LOG):
        ms = fact.received_ms
        return Moment.known(Span(ms, ms + 1), "server")
    return assess(Reading.parse(said.at), witness)


def is_pack(data: bytes) -> bool:
    """Is it one, and not a paper?"""
    return data[:4] == b"PK\3\4"


def check_pack(
    data: bytes, known: str | None = None, heads: Sequence[LogHead] = ()
) -> PackReport:
    """Everything that does not hold in this ZIP; `known` and `heads` as for a proof."""
    try:
        files = unzipped(data)
    except Refused as why:
        return PackReport(findings=(Finding(code="pack_altered", facts=why.facts),))
    return check_files(files, known, heads)


def check_files(
    files: Sequence[tuple[str, bytes]],
    known: str | None = None,
    heads: Sequence[LogHead] = (),
) -> PackReport:
    """The same for what was unpacked already, in its sequence."""
    held = dict(files)
    try:
        index = typed(PackIndex, read_file(held.get(INDEX, b"")))
    except Refused:
        index = None
    if index is None or index.form != FORM:
        return PackReport(findings=(Finding(code="index_unreadable"),))
    looked = _Looking(files, held, index, known, heads)
    return PackReport(
        findings=(*looked.of_the_pack(), *looked.report.findings),
        index=index, proof=looked.report, signed_by=looked.signed_by,
    )  # fmt: skip


class _Looking:
    """One pack under examination."""

    def __init__(
        self, files: Sequence[tuple[str, bytes]], held: Mapping[str, bytes],
        index: PackIndex, known: str | None, heads: Sequence[LogHead],
    ) -> None:  # fmt: skip
        self.names = [name for name, _ in files]
        self.held = held
        self.index = index
        self.known = known
        blobs = {
            name.removeprefix(ORIGINALS).partition(".")[0]: data
            for name, data in files
            if name.startswith(ORIGINALS)
        }
        self.report = check(held.get(PROOF, b""), blobs, known, heads)
        self.signed_by = held.get(SIGNATURE, b"").decode("latin-1").partition(" ")[0]

    def of_the_pack(self) -> Iterator[Finding]:
        """What is wrong with it, whatever the proof says."""
        yield from self._signature()
        yield from self._files()
        if self.report.proof is not None:
            yield from self._same_order(self.report.proof)
            yield from self._times(self.report.proof)
        if CERTIFICATE in self.held:
            yield from self._certificate()

    def _signature(self) -> Iterator[Finding]:
        line = self.held.get(SIGNATURE, b"").decode("latin-1")
        key, _, signature = line.removesuffix("\n").partition(" ")
        proof = self.report.proof
        if proof is None or not line.endswith("\n"):
            yield Finding(code="index_unsigned")
            return
        trusted = line_of_keys(proof.keys, self.known or proof.head.key)
        if not trusted.signed(key, index_text(self.held[INDEX]), signature):
            yield Finding(code="index_unsigned")

    def _files(self) -> Iterator[Finding]:
        """Each file that is listed is here, as it was; no other; in this sequence."""
        listed = [one.name for one in self.index.files]
        for one in self.index.files:
            data = self.held.get(one.name)
            if data is None:
                yield Finding(code="file_missing", facts={"name": one.name})
            elif (sha256(data).hexdigest(), len(data)) != (one.sha256, one.bytes):
                yield Finding(code="file_altered", facts={"name": one.name})
        wanted = [*listed, INDEX, SIGNATURE]
        for name in sorted(set(self.names) - set(wanted)):
            yield Finding(code="file_added", facts={"name": name})
        here = [name for name in wanted if name in self.held]
        there = [name for name in self.names if name in set(wanted)]
        pairs = zip_longest(here, there)
        moved = next((two or one for one, two in pairs if one != two), None)
        if moved is not None:
            yield Finding(code="file_moved", facts={"name": moved})

    def _same_order(self, proof: Proof) -> Iterator[Finding]:
        said, head = self.index, proof.head
        named = (said.stream, said.epoch, said.size, said.root)
        if named != (proof.stream, head.epoch, head.size, head.root):
            yield Finding(code="proof_foreign")

    def _times(self, proof: Proof) -> Iterator[Finding]:
        """Each time is worked out anew from what is sworn to."""
        try:
            times = typed(Times, read_file(self.held.get(TIMES, b"")))
        except Refused:
            yield Finding(code="times_unreadable")
            return
        timed = {one.position: one for one in times.facts}
        for fact in proof.facts:
            if not _is_right(fact, timed.get(fact.position)):
                yield Finding(code="time_differs", position=fact.position)

    def _certificate(self) -> Iterator[Finding]:
        looked = examined(self.held[CERTIFICATE], self.known or self.report.key)
        if looked.seal != HOLDS or looked.report is None or not looked.report.holds:
            yield Finding(code="certificate_broken")
        elif (paper := looked.report.proof) and paper.stream != self.index.stream:
            yield Finding(code="certificate_foreign")


def _is_right(fact: ProvenFact, timed: TimedFact | None) -> bool:
    """Does this time follow from its evidence, and did the fact come in after it?"""
    if timed is None:
        return False
    after = timed.witness.not_after_ms if timed.witness else None
    if after is not None and after > fact.received_ms:
        return False
    try:
        return time_of(fact, timed.witness) == timed.moment
    except Refused:
        return False
