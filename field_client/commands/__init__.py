"""The commands of `field`, one module for each part of a visit.

To add one, write it in the module of its part and list it there in COMMANDS. May not
enter: how a fact is kept or sent.
"""
