"""Async twins are made of sync methods."""

import asyncio
import inspect
from collections.abc import Awaitable
from inspect import iscoroutinefunction

import pytest

from participant_rules import project, survey
from participant_rules.twins import as_coroutine


class Store:
    """A store that answers at once."""

    def look(self, name: str) -> str:
        """The name in capitals."""
        return name.upper()


class Shop:
    """Asks a store."""

    store = Store()

    def look(self, name: str, *, times: int = 1) -> str:
        """What the store answers, several times."""
        return self.store.look(name * times)


class Later:
    """The same store, with coroutines."""

    async def look(self, name: str) -> str:
        """The name in capitals."""
        return name.upper()


class AsyncShop:
    """Asks a store of coroutines."""

    store = Later()
    look = as_coroutine(Shop.look)


def test_the_twin_awaits_what_the_body_returns() -> None:
    """With the arguments as they are given."""

    async def looked() -> list[str]:
        return [await AsyncShop().look("ab"), await AsyncShop().look(name="ab", times=2)]

    assert (Shop().look("ab", times=2), asyncio.run(looked())) == ("ABAB", ["AB", "ABAB"])


def test_the_twin_is_a_coroutine_function_that_helps_like_the_method() -> None:
    """Parameters and docstring are those of the method; nothing is asked before it is awaited."""
    assert iscoroutinefunction(AsyncShop.look)
    assert inspect.signature(AsyncShop.look) == inspect.signature(Shop.look)
    assert AsyncShop.look.__doc__ == Shop.look.__doc__
    answer: Awaitable[str] = AsyncShop().look("ab")
    assert asyncio.run(_awaited(answer)) == "AB"


async def _awaited(answer: Awaitable[str]) -> str:
    return await answer


@pytest.mark.parametrize("family", [survey, project], ids=["survey", "project"])
def test_an_async_client_has_every_method_of_the_sync_one(family: object) -> None:
    """Each is a coroutine, but for the lists that are fetched a page at a time."""
    client, twin = family.Client, family.AsyncClient  # type: ignore[attr-defined]  # both families have them
    own = {name for name, each in vars(client).items() if inspect.isfunction(each) and name[0] != "_"}
    assert {name for name in own if iscoroutinefunction(getattr(twin, name))} == own - {"participants"}
    assert inspect.isasyncgenfunction(twin.participants)
