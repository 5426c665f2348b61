"""A socket that ends with its session: signed out, expired, the user removed. Nothing is sent or taken after that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kam.gate.answers import Message, Receive, Send

EVERY = 1.0  # seconds between two looks at a socket where nothing happens


class EndingSocket:
    """`receive` and `send` of a socket for as long as `holds()` says yes; then the socket is closed with 1008."""

    def __init__(self, holds: Callable[[], bool], receive: Receive, send: Send) -> None:
        self._holds = holds
        self._receive = receive
        self._send = send
        self._waiting: asyncio.Task[Message] | None = None
        self._is_over = False

    async def receive(self) -> Message:
        """The next message; once the session is over the app hears that the reader went away."""
        self._waiting = self._waiting or asyncio.ensure_future(self._next())
        while self._holds() and not self._is_over:
            done, _ = await asyncio.wait({self._waiting}, timeout=EVERY)
            if done and self._holds():
                message, self._waiting = self._waiting.result(), None
                return message
        await self._end()
        return {"type": "websocket.disconnect", "code": 1008}

    async def send(self, message: Message) -> None:
        """Sends while the session holds; what comes later goes nowhere."""
        if not self._is_over and not self._holds():
            await self._end()
        if not self._is_over:
            await self._send(message)

    async def _next(self) -> Message:
        return await self._receive()

    def release(self) -> None:
        """Waits for nothing any more."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    async def _end(self) -> None:
        self.release()
        if not self._is_over:
            self._is_over = True
            await self._send({"type": "websocket.close", "code": 1008})
