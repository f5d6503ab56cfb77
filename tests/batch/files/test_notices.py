"""Every notice on the reading of files is documented, with an example and a remedy."""

import inspect
import re
from pathlib import Path
from typing import Final

import pytest

from participant_rules.batch.files import notices
from participant_rules.batch.repeats import REPEATS
from participant_rules.rules import Rule

PAGE: Final = Path(inspect.getfile(notices)).parents[3] / "docs" / "batch.md"
RULES: Final = [each for each in vars(notices).values() if isinstance(each, Rule)]
CODES: Final = sorted({each.code for each in (*RULES, *REPEATS)} | {"quote-malformed"})


@pytest.mark.parametrize("code", CODES)
def test_a_notice_is_documented(code: str) -> None:
    """Its row has the occasion, an example, and the remedy."""
    (row,) = re.findall(rf"^\| `{code}` \|(.*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    cells = [each.strip() for each in re.sub(r"`[^`]*`", "x", row).split("|")]
    assert len(cells) == 3
    assert all(cells)


def test_all_notices_are_in_the_catalogue() -> None:
    """Reports know the law of each."""
    assert {each.code for each in notices.NOTICES} == {each.code for each in RULES}
    assert len(notices.NOTICES) == len({each.code for each in notices.NOTICES})
