"""Backups, and the ways in which a server goes back in time; what is to be forgotten.

May not enter: what must come of it.
"""

import shutil
import sqlite3

from server.backup.restoring import Target
from server.backup.restoring import restore as bring_back
from server.backup.rounds import Keeping
from server.backup.rounds import back_up as back_up_round
from server.database import reading
from server.erasures import act_on, erase, write_down
from tests.simulation.steps import Step
from tests.simulation.town import Copy, Town


def back_up(town: Town, step: Step) -> None:
    """The server is backed up, and the backup seen to be whole; or somebody copies its
    files."""
    if step.luck().random() < 0.5:
        town.copies.append(_copied(town))
        return
    parts, known = town.parts, town.audit.server_state()
    keeping = Keeping(
        config=town.config, engine=parts.engine, shelf=parts.shelf,
        chance=parts.chance, reserve=0,
    )  # fmt: skip
    (made,) = back_up_round(keeping, [town.place], town.ms)
    town.audit.backed_up(made)
    if made.name and not made.findings:
        town.copies.append(Copy(known, name=made.name))
        town.fired["verified_backup"] += 1


def _copied(town: Town) -> Copy:
    """The server's files as they are now."""
    db = sqlite3.connect(town.config.data / "doorstep.db")
    try:
        data = db.serialize()
    finally:
        db.close()
    shelf = town.folder / f"copy-{len(town.copies)}"
    shutil.copytree(town.config.data / "blobs", shelf)
    return Copy(town.audit.server_state(), database=data, shelf=shelf)


def restore(town: Town, step: Step) -> None:
    """The server goes back in time: by its own command, or because somebody puts an old
    copy of its files in the place of the new ones and says nothing."""
    if not town.copies:
        return
    luck = step.luck()
    old = luck.choice(town.copies)
    town.stop()
    if old.name:
        _restored(town, old)
    else:
        _replaced(town, old, with_shelf=luck.random() < 0.5)
    town.app = town._start()
    town.mains.watch(town.parts.engine)
    town.audit.went_back(old.known, said=bool(old.name))


def _restored(town: Town, old: Copy) -> None:
    parts = town.parts
    target = Target(
        data=town.config.data, database=town.config.database, shelf=parts.shelf
    )
    bring_back(
        town.place, old.name, target, parts.keys, town.ms, parts.chance, force=True
    )
    town.fired["restore_backup"] += 1


def _replaced(town: Town, old: Copy, *, with_shelf: bool) -> None:
    base = town.config.data / "doorstep.db"
    for ending in ("-wal", "-shm"):
        base.with_name(base.name + ending).unlink(missing_ok=True)
    base.write_bytes(old.database)
    if with_shelf:
        shutil.rmtree(town.config.data / "blobs")
        shutil.copytree(old.shelf, town.config.data / "blobs")
    town.fired["restore_with_shelf" if with_shelf else "restore_database"] += 1


def erase_order(town: Town, step: Step) -> None:
    """An owner wants to be forgotten: the words about one order go."""
    stream = town.an_order(step)
    if stream is None:
        return
    parts = town.parts
    with reading(parts.engine) as connection:
        act = act_on(connection, stream, (), "asked", town.ms)
    write_down(town.config.data, act)
    erase(parts.engine, parts.shelf, parts.keys, act)
    town.audit.erased(stream)
