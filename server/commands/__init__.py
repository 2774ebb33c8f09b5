"""What `doorstep` can do, one module for each group of commands; COMMANDS is the list.

A command reads its arguments, calls one thing, prints. May not enter: rules.
"""

import click

from server.commands import (
    backup,
    board,
    central,
    certificate,
    desk,
    differences,
    erasing,
    evidence,
    incidents,
    intake,
    lists,
    notices,
    owner,
    people,
    photos,
    quarantine,
    register,
    rescue,
    running,
    seed,
    statements,
    worker,
)

COMMANDS: tuple[click.Command, ...] = (
    running.init,
    running.serve,
    running.doctor,
    people.people,
    people.token,
    people.device,
    register.importing,
    register.reconciling,
    intake.intake,
    desk.dispatch,
    desk.cancel,
    desk.close,
    desk.reopen,
    desk.approve,
    desk.attach,
    desk.merge,
    desk.reviews,
    desk.resolve,
    board.orders,
    board.show,
    board.board,
    board.check,
    differences.differences,
    certificate.certificate,
    certificate.evidence,
    photos.photos,
    quarantine.quarantine,
    backup.backup,
    erasing.privacy,
    evidence.audit,
    evidence.keys,
    incidents.listing,
    seed.seeding,
    statements.statement,
    notices.notices,
    owner.owner,
    worker.worker,
)

register.importing.add_command(rescue.bundle)
register.importing.add_command(central.log)
for _list in (lists.homes, lists.roster, lists.qualifications):
    register.importing.add_command(_list)
