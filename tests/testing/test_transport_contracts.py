"""The transports over HTTP keep the contract."""

from typing import Any

from participant_rules.adapters.httpx import AsyncHttpxTransport, HttpxTransport
from participant_rules.sending import Retry
from participant_rules.testing import TransportContract


class TestHttpxTransport(TransportContract):
    """Sync."""

    def connect(self, base_url: str) -> HttpxTransport:
        """A new transport."""
        return HttpxTransport(base_url, retry=Retry(attempts=1))

    def close(self, transport: HttpxTransport) -> None:
        """Close the connections."""
        transport.close()


class TestAsyncHttpxTransport(TransportContract):
    """Async."""

    def connect(self, base_url: str) -> Any:
        """A new transport."""
        return AsyncHttpxTransport(base_url, retry=Retry(attempts=1))

    async def close(self, transport: AsyncHttpxTransport) -> None:
        """Close the connections."""
        await transport.aclose()
