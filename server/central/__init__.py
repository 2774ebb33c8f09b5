"""The company's central service log on our side: rows as they came, and what differs.

`rows` brings files in, `passes` compares what changed, `differences` says what waits.
May not enter: rules (`sync/reconcile/`), reading files (`server/register/`), decisions.
"""
