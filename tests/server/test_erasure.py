"""What was erased is gone from everything that lives, and stays gone (invariant 35)."""

import hashlib
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from server import audit
from server.backup.manifest import backups
from server.database import open_engine, reading, writing
from server.erasures import (
    Act,
    act_on,
    erase,
    erase_again,
    in_the_book,
    is_erased,
    not_erased,
    not_in_the_book,
    owners_orders,
    send,
    write_down,
    written_down,
)
from server.hold_notes import Hold, Note, Waiting
from server.hold_notes import written_down as written_holds
from server.holds import (
    done,
    hold,
    hold_again_here,
    holds_on,
    release,
    wait,
    waiting,
)
from server.holds import in_the_book as holds_in_the_book
from server.originals import Originals
from server.shelf import open_cellar
from server.tables import private
from sync.exchange import Outcome
from sync.facts.intake import Logged
from sync.facts.visit import TurnedAway
from sync.order import order_stream
from sync.plain import but
from tests.server.books import NOON, open_book, outcomes
from tests.server.vaults import Vault, make_vault, rows_in, rows_of, small, vault

__all__ = ["small", "vault"]

ZHAO = "赵敏的全名"
PHONE = "13800138000"
ASKED = "owner asked, no. 7"


def asked_for(vault: Vault, number: str = "7", owner: str = ZHAO) -> str:
    """Zhao asks for a repair; the stream of her order."""
    said = {"owner": owner, "phone": PHONE}
    vault.book.decide(Logged(number=number, registered_ms=NOON), number, private=said)
    return order_stream(number)


def erased(vault: Vault, stream: str, *roles: str) -> Act:
    """Chen erases what is held of an order, as the command does."""
    with reading(vault.book.engine) as connection:
        act = act_on(connection, stream, roles, ASKED, vault.book.later(1000))
    write_down(vault.config.data, act)
    send(vault.place(), [act], vault.config.data / "scratch")
    erase(vault.book.engine, vault.shelf, vault.book.keys, act)
    return act


def traces(folder: Path, words: str) -> list[str]:
    """Every file below this folder in which the words stand."""
    wanted = words.encode()
    return sorted(
        path.name
        for path in folder.rglob("*")
        if path.is_file() and wanted in path.read_bytes()
    )


def test_nothing_of_it_is_found_in_any_file_of_the_server(small: Vault, tmp_path: Path):
    """Database, its log, backups made afterwards, lists: grep finds nothing."""
    stream = asked_for(small)
    for number in range(100, 160):  # pages are split, cells are moved
        asked_for(small, str(number), owner="somebody else")
    assert traces(tmp_path, ZHAO)
    erased(small, stream)
    small.backed_up()
    assert traces(tmp_path, ZHAO) == []


def test_nothing_of_it_is_found_in_the_tables_of_postgresql(
    postgresql_url: str, tmp_path: Path
):
    vault = make_vault(postgresql_url, tmp_path / "data")
    erased(vault, asked_for(vault))
    assert ZHAO not in repr(rows_of(vault.book.engine))
    vault.backed_up()
    assert traces(tmp_path, ZHAO) == []
    vault.book.engine.dispose()


def test_the_chain_still_verifies(vault: Vault):
    erased(vault, asked_for(vault), "photo")
    assert list(audit.findings(vault.book.engine, vault.shelf)) == []
    assert vault.book.is_gapless()
    assert vault.drilled(vault.backed_up().name or "").findings == ()


def test_the_document_comes_again_without_it(vault: Vault):
    stream = asked_for(vault)
    cursor = vault.book.pull("chen", role="dispatcher").cursor
    erased(vault, stream)
    page = vault.book.pull("chen", cursor, role="dispatcher")
    assert [one.stream for one in page.documents] == [stream]
    assert dict(page.documents[0].private) == {}


def test_other_orders_keep_what_is_theirs(small: Vault):
    erased(small, asked_for(small, "7"))
    other = asked_for(small, "8", owner="孙丽")
    assert other in owners(small, "孙丽")
    assert len(small.book.document("8").private) == 2


def owners(vault: Vault, words: str) -> list[str]:
    with reading(vault.book.engine) as connection:
        return owners_orders(connection, words)


def test_an_owner_is_found_by_any_word_of_hers(small: Vault):
    stream = asked_for(small)
    assert owners(small, ZHAO) == owners(small, PHONE) == [stream]


def test_photos_stay_unless_they_are_named(small: Vault):
    stream = order_stream("1")
    erased(small, stream)
    assert len(list(small.shelf.names())) == 2
    act = erased(small, stream, "photo")
    assert (len(act.blobs), list(small.shelf.names())) == (2, [])


def test_erased_photos_leave_the_places_and_nobody_misses_them(small: Vault):
    name = small.backed_up().name or ""
    erased(small, order_stream("1"), "photo")
    assert list(small.place().names()) == []
    assert small.looked_over(name) == set()
    assert small.backed_up().findings == ()


def test_a_photo_that_another_order_shows_too_stays(small: Vault):
    small.book.given("li", "2")
    shared = small.photo("one picture of two jobs")
    small.photo("one picture of two jobs", "2")
    act = erased(small, order_stream("1"), "photo")
    assert shared not in act.blobs and small.shelf.has(shared)


def test_a_restore_from_before_erases_it_again(vault: Vault, tmp_path: Path):
    """On another machine: the list lies in the place beside the backups."""
    stream = asked_for(vault)
    before = vault.backed_up().name or ""
    erased(vault, stream, "photo")
    new = vault.elsewhere(tmp_path / "new")
    assert vault.restored(before, new).erased == 1
    assert traces(tmp_path / "new", ZHAO) == []
    assert stream in {act.stream for act in written_down(tmp_path / "new")}


def test_a_restore_in_place_erases_again_what_only_the_data_folder_knows(
    small: Vault, tmp_path: Path
):
    """The place could not be reached when it was erased."""
    stream = asked_for(small)
    other = open_cellar(f"file://{tmp_path}/other")
    before = small.backed_up(other).name or ""
    erased(small, stream)
    small.book.engine.dispose()
    small.restored(before, small.here, place=other, force=True)
    assert ZHAO not in repr(rows_in(small.here.file or Path()))


def test_a_place_hears_of_an_erasure_before_its_next_backup(
    small: Vault, tmp_path: Path
):
    stream = asked_for(small)
    other = open_cellar(f"file://{tmp_path}/other")
    before = small.backed_up(other).name or ""
    erased(small, stream)
    small.backed_up(other)
    new = small.elsewhere(tmp_path / "new")
    assert small.restored(before, new, place=other).erased == 1
    assert before in backups(other)


def test_an_act_names_nothing_personal(small: Vault):
    act = erased(small, asked_for(small))
    assert ZHAO not in act.text and PHONE not in act.text
    assert ASKED in act.text


def test_erasing_again_changes_nothing(small: Vault):
    act = erased(small, asked_for(small))
    before = rows_of(small.book.engine, "event", "head", "stream", "log_leaf")
    erase(small.book.engine, small.shelf, small.book.keys, act)
    assert rows_of(small.book.engine, "event", "head", "stream", "log_leaf") == before


def test_the_book_knows_what_was_erased(vault: Vault):
    act = erased(vault, asked_for(vault), "photo")
    with reading(vault.book.engine) as connection:
        assert in_the_book(connection) == [act]


def test_erased_bytes_are_known_as_such(small: Vault):
    act = erased(small, order_stream("1"), "photo")
    with reading(small.book.engine) as connection:
        assert is_erased(connection, act.blobs[0])
        assert not is_erased(connection, "0" * 64)


def test_what_was_erased_is_not_kept_again(vault: Vault):
    stream = asked_for(vault)
    held = [dict(row._mapping) for row in _private(vault) if row.stream == stream]
    erased(vault, stream)
    other = {**held[0], "stream": order_stream("8")}
    with writing(vault.book.engine) as connection:
        assert not_erased(connection, [*held, other]) == [other]


def _private(vault: Vault):
    with reading(vault.book.engine) as connection:
        return connection.execute(private.select()).all()


def test_what_lies_in_quarantine_of_the_order_is_erased_too(vault: Vault):
    stream = asked_for(vault)
    with writing(vault.book.engine) as connection:
        connection.execute(text(
            "INSERT INTO quarantine (id, device, body, private, reason, seq,"
            " received_ms) VALUES ('q', 't', :body, :private, 'stranger', 99, 1)"
        ), {"body": f'{{"st":"{stream}"}}', "private": ZHAO})  # fmt: skip
    erased(vault, stream)
    assert ZHAO not in repr(rows_of(vault.book.engine)["quarantine"])


def test_an_act_that_the_book_knows_is_not_repeated_at_every_start(small: Vault):
    """Two acts may have named the same values; the second found nothing new."""
    stream = asked_for(small)
    first = erased(small, stream)
    write_down(small.config.data, but(first, reason="asked once more"))
    engine, keys = small.book.engine, small.book.keys
    assert erase_again(engine, small.shelf, keys, small.config.data) == 0


def test_a_book_that_was_put_back_by_hand_forgets_again(small: Vault):
    stream = asked_for(small)
    first = erased(small, stream)
    with writing(small.book.engine) as connection:
        connection.execute(text("DELETE FROM erasure"))
    asked_again = (small.book.engine, small.shelf, small.book.keys, small.config.data)
    assert erase_again(*asked_again) == 1
    with reading(small.book.engine) as connection:
        assert not_in_the_book(connection, [first]) == []


# what tablets hand in again


def test_private_values_that_come_late_are_not_attached_again(vault: Vault):
    """Li's tablet lost the answer and hands the same fact in once more."""
    li = vault.pads["li"]
    written = li.write(TurnedAway(reason="changed_mind"), private={"words": ZHAO})
    li.hand_in(written)
    erased(vault, order_stream("1"))
    assert outcomes(li.hand_in(written)) == [Outcome.DUPLICATE]
    assert not vault.book.document("1").private


def test_a_restored_book_takes_the_fact_again_without_its_private_values(
    small: Vault, tmp_path: Path
):
    """The backup is older than the fact; the erasure is newer than both."""
    before = small.backed_up().name or ""
    li = small.pads["li"]
    written = li.write(TurnedAway(reason="changed_mind"), private={"words": ZHAO})
    li.hand_in(written)
    erased(small, order_stream("1"))
    new = small.elsewhere(tmp_path / "new")
    small.restored(before, new)
    book = open_book(new.database, small.book.keys)
    answer = replace(li, book=book).hand_in(written)
    assert answer.receipts[0].in_custody
    assert not book.document("1").private
    book.engine.dispose()


def test_erased_bytes_are_not_taken_again_and_their_receipt_stands(
    small: Vault, tmp_path: Path
):
    (photo,) = erased(small, order_stream("1"), "photo").blobs[:1]
    file = tmp_path / "again"
    file.write_bytes(b"before the repair")
    originals = Originals(small.book.engine, small.shelf, small.book.ledger)
    name = hashlib.sha256(file.read_bytes()).hexdigest()
    originals.take_in(file, name, 17, "image/jpeg", NOON)
    assert list(small.shelf.names()) == []
    assert originals.is_kept(photo)
    originals.darkroom.close()


# holds


def held(vault: Vault, stream: str) -> Hold:
    """Sun asks that nothing of this order goes; Zhao that all of it does."""
    now_ms = vault.book.later(1000)
    one = Hold(stream=stream, by="sun", reason="case 12", held_ms=now_ms)
    hold(vault.book.engine, vault.config.data, one)
    asks = Waiting(stream=stream, by="chen", reason=ASKED, roles=(), asked_ms=now_ms)
    wait(vault.book.engine, vault.config.data, [asks])
    return one


def noted_in(file: Path | None) -> list[Note]:
    """What a restored book knows of holds."""
    engine = open_engine(f"sqlite:///{file}")
    try:
        with reading(engine) as connection:
            return holds_in_the_book(connection)
    finally:
        engine.dispose()


def test_a_restore_from_before_a_hold_holds_again(vault: Vault, tmp_path: Path):
    """On another machine; what was asked for meanwhile waits again too (X21)."""
    stream = asked_for(vault)
    before = vault.backed_up().name or ""
    one = held(vault, stream)
    vault.backed_up()
    new = vault.elsewhere(tmp_path / "new")
    vault.restored(before, new)
    found = noted_in(new.file)
    assert one in [note.hold for note in found]
    assert stream in [note.asked.stream for note in found if note.asked]


def test_what_was_let_go_is_not_held_again(vault: Vault, tmp_path: Path):
    stream = asked_for(vault)
    one = held(vault, stream)
    before = vault.backed_up().name or ""
    now_ms = vault.book.later(1000)
    release(vault.book.engine, vault.config.data, stream, "sun", "over", now_ms)
    vault.backed_up()
    new = vault.elsewhere(tmp_path / "new")
    vault.restored(before, new)
    let_go = [note for note in noted_in(new.file) if note.release]
    assert [note.hold for note in let_go] == [one]


def test_what_was_erased_since_waits_no_more(vault: Vault, tmp_path: Path):
    stream = asked_for(vault)
    held(vault, stream)
    before = vault.backed_up().name or ""
    erased(vault, stream)
    done(vault.book.engine, vault.config.data, [stream])
    new = vault.elsewhere(tmp_path / "new")
    vault.restored(before, new)
    notes = written_holds(tmp_path / "new")
    assert [note for note in notes if note.asked] == []


def test_a_book_that_was_put_back_by_hand_holds_again(small: Vault):
    """Nobody told the server: it looks at what lies beside the data when it starts."""
    stream = asked_for(small)
    one = held(small, stream)
    engine = small.book.engine
    with writing(engine) as connection:
        for table in ("legal_hold", "erasure_waiting"):
            connection.execute(text(f"DELETE FROM {table}"))
    hold_again_here(engine, small.config.data, small.book.now_ms)
    hold_again_here(engine, small.config.data, small.book.now_ms)
    with reading(engine) as connection:
        assert holds_on(connection, [stream], small.book.now_ms) == [one]
        assert [asked.stream for asked in waiting(connection)] == [stream]
