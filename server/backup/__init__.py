"""Copies of the book that were seen to be whole, and the way back from one.

A backup is one SQLite file, whichever database the server runs on, with a manifest
that is written last; blobs lie beside all backups of a place, each once. May not enter:
HTTP, writing facts.
"""
