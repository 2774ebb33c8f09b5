"""Telling people and programs outside of what happened: an outbox in the database.

`occasions` says what is told to whom, `watching` notices that it happened, `outbox`
keeps it until it went out, `sending` takes it there, each way out has a module, and
`reach` is the only one that opens a connection. Nothing goes to what is not on the
administrators' list. May not enter: HTTP that comes in, facts being written.
"""
