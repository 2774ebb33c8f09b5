"""A bad network between one tablet and the server: cuts, losses, delays, repeats.

A TCP proxy on loopback in a thread of its own. What goes wrong is either said in
advance, exchange by exchange, or drawn from a seed (`Weather`). It knows HTTP only as
far as where a message ends. May not enter: anything about Doorstep.
"""

import asyncio
import socket
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from random import Random
from threading import Event, Lock, Thread
from typing import Self

from infra.demo.exchanges import first_line, read_answer, read_request
from infra.demo.weather import CLEAR, ROUGH, STORMY, Fault, Weather

__all__ = ["CLEAR", "ROUGH", "STORMY", "BadNetwork", "Fault", "Weather"]

LONGEST_HEAD = 1 << 20
PORTAL_PAGE = "<!doctype html><title>免费无线网</title><p>请先登录</p>".encode()
PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s"
) % (len(PORTAL_PAGE), PORTAL_PAGE)


class BadNetwork:
    """A proxy to one server. Commands may come from any thread."""

    def __init__(
        self,
        target_host: str,
        target_port: int,
        seed: int = 0,
        weather: Weather = CLEAR,
    ) -> None:
        self.target = (target_host, target_port)
        self.weather = weather
        self.faults: Counter[str] = Counter()
        self.exchanges = 0
        self.seen: list[str] = []  # method and target of every request that came
        self._dice = Random(f"network/{seed}")
        self._said: deque[Fault] = deque()
        self._late: deque[bytes] = deque()
        self._lock = Lock()
        self.stalled = Event()  # a request hangs half-way
        self._stall_over = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="bad network")
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        # Bound and never listening: keeps the port ours while we are offline, and
        # lets the system itself refuse the connections.
        self._kept = _bound(0)
        self.port: int = self._kept.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def stop(self) -> None:
        self._do(self._fall_silent())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._kept.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- what goes wrong ------------------------------------------------------------

    def go_offline(self) -> None:
        """Refuse every connection from now on, and drop those there are."""
        self.faults["offline"] += 1
        self._do(self._hang_up())

    def go_online(self) -> None:
        self._do(self._listen())

    def next(self, *faults: Fault) -> None:
        """Say in advance what happens to the next exchanges, in this sequence."""
        with self._lock:
            self._said.extend(faults)

    def cut_next_request(self, after: int, on: str = "") -> None:
        """The server gets `after` bytes of the next request and no more (F2)."""
        self.next(Fault("cut_request", after, on=on))

    def cut_next_answer(self, after: int = 0, on: str = "") -> None:
        """The server does its work; `after` bytes of its answer arrive (F1)."""
        self.next(Fault("cut_answer", after, on=on))

    def lose_next_answer(self, on: str = "") -> None:
        """The server does its work; nothing of its answer arrives (F1)."""
        self.next(Fault("lose_answer", on=on))

    def send_next_twice(self, on: str = "") -> None:
        """The same bytes arrive twice, on two connections at once (F3)."""
        self.next(Fault("send_twice", on=on))

    def send_next_again_later(self, on: str = "") -> None:
        """The same bytes arrive once more, after the exchange that follows (F3)."""
        self.next(Fault("send_again_later", on=on))

    def answer_next_as_portal(self, on: str = "") -> None:
        """A captive portal says 200 and its own page; the server hears nothing."""
        self.next(Fault("portal", on=on))

    def stall_next_request(self, after: float, on: str | bytes = "") -> None:
        """So much of the next request arrives, then nothing more until `go_on`."""
        self.stalled.clear()
        self.next(Fault("stall", after, on=on))

    def go_on(self) -> None:
        """End the stall: the request that hung is lost."""
        self._loop.call_soon_threadsafe(self._stall_over.set)

    # --- the proxy ------------------------------------------------------------------

    def _do(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(
                self._converse, sock=_bound(self.port), limit=LONGEST_HEAD
            )

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for line in tuple(self._open):
            line.transport.abort()

    async def _fall_silent(self) -> None:
        await self._hang_up()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _converse(
        self, stream: asyncio.StreamReader, line: asyncio.StreamWriter
    ) -> None:
        """One connection of the tablet: exchange after exchange until one is cut."""
        self._open.add(line)
        try:
            while request := await read_request(stream):
                await self._exchange(request, line)
        except _Cut:
            if not line.is_closing():
                line.transport.abort()
        except (OSError, EOFError, asyncio.CancelledError):
            line.transport.abort()
        finally:
            self._open.discard(line)
            line.close()

    async def _exchange(self, request: bytes, line: asyncio.StreamWriter) -> None:
        fault = self._what_happens(request)
        late = [self._late.popleft() for _ in range(len(self._late))]
        await KINDS[fault.kind](self, fault, request, line)
        for again in late:
            with suppress(OSError, EOFError):
                await self._ask(again)

    def _what_happens(self, request: bytes) -> Fault:
        """The first fault said for such a request, else what the weather brings."""
        with self._lock:
            self.exchanges += 1
            self.seen.append(first_line(request))
            drawn = self.weather.draw(self._dice)
            meant = (fault for fault in self._said if fault.meant_for(request))
            said = next(meant, None)
            if said is not None:
                self._said.remove(said)
            fault = said or drawn
            self.faults[fault.kind] += 1
        return fault

    async def _ask(self, request: bytes) -> bytes:
        """The server's answer, on a connection of its own."""
        stream, line = await asyncio.open_connection(*self.target, limit=LONGEST_HEAD)
        try:
            line.write(request)
            await line.drain()
            return await read_answer(stream, request)
        finally:
            line.close()

    # --- the kinds of fault ---------------------------------------------------------

    async def _fair(self, _: Fault, request: bytes, line: asyncio.StreamWriter) -> None:
        line.write(await self._ask(request))
        await line.drain()

    async def _cut_request(
        self, fault: Fault, request: bytes, _: asyncio.StreamWriter
    ) -> None:
        __, server = await asyncio.open_connection(*self.target)
        server.write(request[: _place(fault.at, request)])
        await server.drain()
        server.close()
        raise _Cut

    async def _stall(
        self, fault: Fault, request: bytes, _: asyncio.StreamWriter
    ) -> None:
        __, server = await asyncio.open_connection(*self.target)
        server.write(request[: _place(fault.at, request)])
        await server.drain()
        self.stalled.set()
        await self._stall_over.wait()
        self._stall_over.clear()
        server.close()
        raise _Cut

    async def _cut_answer(
        self, fault: Fault, request: bytes, line: asyncio.StreamWriter
    ) -> None:
        answer = await self._ask(request)
        line.write(answer[: _place(fault.at, answer)])
        await line.drain()
        line.close()  # not aborted: the bytes before the cut do arrive
        raise _Cut

    async def _lose_answer(
        self, _: Fault, request: bytes, __: asyncio.StreamWriter
    ) -> None:
        await self._ask(request)
        raise _Cut

    async def _delay(
        self, fault: Fault, request: bytes, line: asyncio.StreamWriter
    ) -> None:
        answer = await self._ask(request)
        await asyncio.sleep(fault.ms / 1000)
        line.write(answer)
        await line.drain()

    async def _send_twice(
        self, _: Fault, request: bytes, line: asyncio.StreamWriter
    ) -> None:
        first, __ = await asyncio.gather(self._ask(request), self._ask(request))
        line.write(first)
        await line.drain()

    async def _send_again_later(
        self, fault: Fault, request: bytes, line: asyncio.StreamWriter
    ) -> None:
        await self._fair(fault, request, line)
        self._late.append(request)

    async def _flip_request(
        self, fault: Fault, request: bytes, line: asyncio.StreamWriter
    ) -> None:
        line.write(await self._ask(_flipped(request, fault.at)))
        await line.drain()

    async def _flip_answer(
        self, fault: Fault, request: bytes, line: asyncio.StreamWriter
    ) -> None:
        line.write(_flipped(await self._ask(request), fault.at))
        await line.drain()

    async def _portal(self, _: Fault, __: bytes, line: asyncio.StreamWriter) -> None:
        line.write(PORTAL)
        await line.drain()
        line.close()
        raise _Cut


class _Cut(Exception):
    """This connection ends here."""


Happening = Callable[
    [BadNetwork, Fault, bytes, asyncio.StreamWriter], Coroutine[None, None, None]
]
KINDS: Mapping[str, Happening] = {
    "cut_request": BadNetwork._cut_request,  # noqa: SLF001
    "cut_answer": BadNetwork._cut_answer,  # noqa: SLF001
    "lose_answer": BadNetwork._lose_answer,  # noqa: SLF001
    "delay": BadNetwork._delay,  # noqa: SLF001
    "send_twice": BadNetwork._send_twice,  # noqa: SLF001
    "send_again_later": BadNetwork._send_again_later,  # noqa: SLF001
    "flip_request": BadNetwork._flip_request,  # noqa: SLF001
    "flip_answer": BadNetwork._flip_answer,  # noqa: SLF001
    "portal": BadNetwork._portal,  # noqa: SLF001
    "stall": BadNetwork._stall,  # noqa: SLF001
    "fair": BadNetwork._fair,  # noqa: SLF001
}


def _place(at: float, message: bytes) -> int:
    """A byte of the message: as said, or a share of its length."""
    return int(at * len(message)) if isinstance(at, float) else at


def _flipped(message: bytes, at: float) -> bytes:
    """The message with one bit of its body turned over; its head stays whole."""
    head = message.index(b"\r\n\r\n") + 4
    if len(message) == head:
        return message
    place = head + _place(at, message[head:])
    return message[:place] + bytes([message[place] ^ 1]) + message[place + 1 :]


def _bound(port: int) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    line.bind(("127.0.0.1", port))
    return line
