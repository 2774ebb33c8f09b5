"""Statements of a day or a month (日结/月结): counted from the book, closed by people.

A closing is a fact; the records behind its figures are bytes in custody that it names,
so what was closed can be read and checked for ever, whatever comes in later. May not
enter: HTTP, how figures are counted (`sync/statements.py`).
"""
