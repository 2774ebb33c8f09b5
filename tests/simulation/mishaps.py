"""What goes wrong with networks, tablets and servers.

May not enter: what must come of it.
"""

import shutil

from field_client.client import Client
from field_client.transport import NoAnswer
from sync.problems import Refused
from tests.simulation.machines import TabletDied
from tests.simulation.people import photograph, tell
from tests.simulation.steps import Step
from tests.simulation.town import Clocks, Tablet, Town
from tests.weather import FAIR, ROUGH, Air
from tests.world import drawn


def push_again(town: Town, step: Step) -> None:
    """Something on the way sends an old request once more."""
    one, luck = town.choose(step), step.luck()
    if one.requests and not one.air.offline:
        old = luck.choice(one.requests)
        known = town.audit.custody()
        try:
            town._asked_by(one, old.method, old.target, old.headers, old.body)
        except NoAnswer:
            return
        town.audit.pushed_again(old, known)


def odd_cursor(town: Town, step: Step) -> None:
    """A tablet comes with a cursor that nobody gave it."""
    town.audit.walks(town.choose(step), step.luck())


def bad_facts(town: Town, step: Step) -> None:
    """A tablet hands in things that are no facts, among good ones."""
    town.audit.hands_in_bad_facts(town.choose(step), step.luck())


def newer_kind(town: Town, step: Step) -> None:
    """The server is older than the tablets, or is brought up to date again."""
    if town.older:
        town.upgrades()
    elif not town.audit.any_of_kind("visit.nobody_home"):
        town.older = frozenset({"visit.nobody_home"})
        town.fired["older_server"] += 1


def strange_order(town: Town, step: Step) -> None:
    """A tablet speaks of an order that its person was never given."""
    town.audit.speaks_of_strange_order(town.choose(step), step.luck())


def false_claim(town: Town, step: Step) -> None:
    """A tablet claims to know how far another one's log has got."""
    town.audit.claims_falsely(town.choose(step), step.luck())


def first_sync(town: Town, step: Step) -> None:
    """Everything is taken home from nothing, in pages of every size."""
    town.audit.takes_everything_home(town.choose(step), step.luck())


def tablet_dies(town: Town, step: Step) -> None:
    """A tablet dies in the middle of an exchange."""
    one, luck = town.choose(step), step.luck()
    disk = luck.choice(one.disks)
    disk.left, disk.after = luck.randint(0, 40), luck.random() < 0.5
    town.exchange(one, luck, ROUGH)


def tablet_dies_writing(town: Town, step: Step) -> None:
    """A tablet dies while a fact is written: it is there or it is not."""
    one, luck = town.choose(step), step.luck()
    if town.held_order(step, one) is None:
        return
    disk = one.disks[0]
    disk.left, disk.after = luck.randint(0, 8), luck.random() < 0.5
    try:
        photograph(town, step) if luck.random() < 0.5 else tell(town, step)
    except TabletDied:
        one.close()
        one.open()
        town.audit.died_writing(one)
        town.fired["died_writing"] += 1
    disk.left = None


def tablet_disk_full(town: Town, step: Step) -> None:
    """A tablet has no room left, for some acts or for an exchange."""
    one, luck = town.choose(step), step.luck()
    for disk in one.disks:
        pages = disk.execute("PRAGMA page_count").fetchone()[0]
        disk.execute(f"PRAGMA max_page_count={pages}")
    if luck.random() < 0.5:
        for n in range(4):
            tell(town, Step("tell", step.who, step.which + n, step.dice + n))
            photograph(town, Step("p", step.who, step.which + n, step.dice + n))
    else:
        town.exchange(one, luck)
    for disk in one.disks:
        disk.execute("PRAGMA max_page_count=1073741823")


def drop_projection(town: Town, step: Step) -> None:
    """What a tablet took home is lost, and is taken home again."""
    one = town.choose(step)
    one.close()
    (one.folder / "projection.db").unlink()
    one.open()
    town.audit.forgot(one)


def server_dies(town: Town, step: Step) -> None:
    """The server dies between any two of its statements."""
    _server_fault(town, step, "server_dies")


def server_locked(town: Town, step: Step) -> None:
    """Somebody else holds the database."""
    _server_fault(town, step, "server_locked")


def server_disk_full(town: Town, step: Step) -> None:
    """The server's disk is full for a moment."""
    _server_fault(town, step, "server_disk_full")


def _server_fault(town: Town, step: Step, fault: str) -> None:
    one, luck = town.choose(step), step.luck()
    began = len(town.mains.fired)
    town.mains.arm(fault, luck.randint(0, 60))
    town.exchange(one, luck, FAIR)
    if len(town.mains.fired) > began:
        town.fired[fault + "_in_work"] += 1


def server_restarts(town: Town, step: Step) -> None:
    """The server is stopped and started."""
    town.restart()


def wipe(town: Town, step: Step) -> None:
    """A tablet is wiped; its person gets a new one."""
    one = town.choose(step)
    town.audit.wiped(one)
    one.close()
    shutil.rmtree(one.folder)
    town.aside.append(one)
    del town.tablets[one.name]
    town.tablet(one.who, device=f"-n{len(town.aside)}")


def clone(town: Town, step: Step) -> None:
    """A tablet is copied with everything on it; both go on."""
    one, luck = town.choose(step), step.luck()
    if sum(".twin" in name for name in town.tablets) >= 2:
        return
    name = f"{one.name}.twin{step.dice % 100}"
    if name in town.tablets:
        return
    one.close()
    shutil.copytree(one.folder, town.folder / name)
    one.open()
    assert one.clocks is not None
    twin = Tablet(
        town, one.who, one.client, Air(town.serve, luck), name=name,
        folder=town.folder / name, clocks=Clocks(town, one.clocks.has_boot),
    )  # fmt: skip
    twin.clocks.honest = False  # its boot clock is another one's
    town._wire(twin)
    twin.client = Client(one.client.store, one.client.clocks, drawn(luck), twin.air)
    twin.open()
    town.tablets[name] = twin
    town.audit.cloned(one, twin)


def revoke(town: Town, step: Step) -> None:
    """A tablet is reported stolen."""
    one = town.choose(step)
    try:
        town.parts.door.revoke(one.client.who.device, town.ms)
    except Refused as why:
        if why.code != "not_found":
            raise
        return
    town.audit.revoked(one)
