"""A sandbox for writers of integrations: both documented APIs on one port (extra `server`).

`sandbox` makes the ASGI application, `serve` runs it. It is made for tests on one's own machine: what it
stores is invented, and its token endpoint believes everybody.
"""

from participant_rules.server.access import Access
from participant_rules.server.app import sandbox
from participant_rules.server.faults import Faults
from participant_rules.server.limits import Limits
from participant_rules.server.run import serve
from participant_rules.server.stores import MemoryStores, Stores

__all__ = ["Access", "Faults", "Limits", "MemoryStores", "Stores", "sandbox", "serve"]
