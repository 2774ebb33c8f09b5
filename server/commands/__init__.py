"""What `doorstep` can do, one module for each group of commands; COMMANDS is the list.

A command reads its arguments, calls one thing, prints. May not enter: rules.
"""

import click

from server.commands import (
    backup,
    board,
    desk,
    erasing,
    incidents,
    people,
    quarantine,
    register,
    rescue,
    running,
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
    quarantine.quarantine,
    backup.backup,
    erasing.erasing,
    incidents.listing,
)

register.importing.add_command(rescue.bundle)
