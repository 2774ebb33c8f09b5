"""What the technician holds: a store that loses nothing, a client, the `field` command.

It knows the server only through what `sync/` defines.
"""
