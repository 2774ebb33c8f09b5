"""How the outbox lies on disk: frozen for life.

Nothing in OUTBOX may ever change, be migrated or be added to: an outbox written by the
first release is read by the last one. What may change lives in the projection, which
may be dropped at any time. A test pins OUTBOX by its digest.

A fact waits while it has no receipt of the epoch in `server`; what a receipt of an
older epoch says is kept, and counts no more (F17). Blob bytes lie apart from what is
known of them, so that noting an upload does not write a photo again. A voucher is what
the server said of a chain tip when it first saw it, and the epoch in which it was given
or last handed in.
"""

VERSION = 1

OUTBOX = """
CREATE TABLE layout (version INTEGER NOT NULL) STRICT;
CREATE TABLE device (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    key TEXT NOT NULL,
    enrolment TEXT
) STRICT;
CREATE TABLE server (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT,
    durable_through INTEGER NOT NULL,
    voucher TEXT,
    epochs TEXT
) STRICT;
CREATE TABLE voucher (
    seq INTEGER PRIMARY KEY,
    log TEXT NOT NULL,
    n INTEGER NOT NULL,
    voucher TEXT NOT NULL,
    epoch TEXT NOT NULL,
    UNIQUE (log, n)
) STRICT;
CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    n INTEGER NOT NULL,
    tip TEXT
) STRICT;
CREATE TABLE fact (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    log TEXT NOT NULL,
    n INTEGER NOT NULL,
    stream TEXT NOT NULL,
    b TEXT NOT NULL,
    x TEXT NOT NULL,
    epoch TEXT,
    position INTEGER,
    receipt TEXT,
    UNIQUE (log, n)
) STRICT;
CREATE TABLE blob (
    seq INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    role TEXT NOT NULL,
    size INTEGER NOT NULL,
    upload TEXT,
    epoch TEXT,
    position INTEGER,
    receipt TEXT
) STRICT;
CREATE TABLE original (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
"""

# The projection's own version: another one on disk is thrown away and pulled again.
PROJECTION_VERSION = 2

PROJECTION = """
CREATE TABLE document (
    stream TEXT PRIMARY KEY,
    rev INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    round INTEGER NOT NULL,
    document TEXT NOT NULL,
    text TEXT NOT NULL,
    mac TEXT NOT NULL,
    gone TEXT
) STRICT;
CREATE TABLE former (
    stream TEXT NOT NULL,
    rev INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    text TEXT NOT NULL,
    mac TEXT NOT NULL,
    gone TEXT,
    shown_to TEXT,
    PRIMARY KEY (stream, epoch)
) STRICT;
CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE anchor (token TEXT PRIMARY KEY, anchor TEXT NOT NULL) STRICT;
CREATE TABLE shown (
    stream TEXT PRIMARY KEY,
    round INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    lamport INTEGER NOT NULL,
    sheet BLOB NOT NULL
) STRICT;
"""
