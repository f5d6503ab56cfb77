"""Copies of files, from bytes to bytes."""

import gzip
from pathlib import Path

import pytest

from participant_rules.batch.copies import annotate, split
from participant_rules.batch.records import Kind, Unusable
from tests.batch.copies.samples import REASON, Written, became, verdicts

CSV = Written(b"a\n1\n2\n")
JUDGED = verdicts(became("add", 1), became("add", 2), became("refused", 3))


@pytest.mark.parametrize(
    ("kind", "data", "copy"),
    [
        ("csv", b"a\n1\n", b"a,outcome,reasons\n1,would be added,\n"),
        ("jsonl", b"{}\n", b'{"outcome": "would be added", "reasons": ""}\n'),
        ("json", b"[{}]\n", b'[{"outcome": "would be added", "reasons": ""}]\n'),
    ],
)
def test_annotate(tmp_path: Path, kind: Kind, data: bytes, copy: bytes) -> None:
    """A copy has the format of its file."""
    annotate(Written(data, kind), JUDGED, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == copy


def test_split(tmp_path: Path) -> None:
    """Good and bad records have a file each; one may be compressed."""
    good, bad = tmp_path / "good.csv.gz", tmp_path / "bad.csv"
    split(CSV, JUDGED, good, bad)
    assert gzip.decompress(good.read_bytes()) == b"a\n1\n"
    assert bad.read_bytes() == f'a,row,reasons\n2,3,"{REASON}"\n'.encode()


def test_one_of_both(tmp_path: Path) -> None:
    """A copy without a name is not written."""
    split(CSV, JUDGED, tmp_path / "good.csv", None)
    split(CSV, JUDGED, None, tmp_path / "bad.csv")
    split(CSV, JUDGED, None, None)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad.csv", "good.csv"]


def test_both_or_none(tmp_path: Path) -> None:
    """When one file cannot be written the other one is not there either."""
    with pytest.raises(Unusable, match="No such file or directory"):
        split(CSV, JUDGED, tmp_path / "good.csv", tmp_path / "nowhere" / "bad.csv")
    assert list(tmp_path.iterdir()) == []


def test_one_file_for_both(tmp_path: Path) -> None:
    """Good and bad records do not go to one file."""
    out = tmp_path / "out.csv"
    with pytest.raises(Unusable) as refused:
        split(CSV, JUDGED, out, tmp_path / "." / "out.csv")
    assert str(refused.value) == f"{out}: good and bad records need a file each"


def test_a_broken_file_leaves_nothing(tmp_path: Path) -> None:
    """The old copy stays when the file cannot be copied."""
    (tmp_path / "out.csv").write_bytes(b"old")
    with pytest.raises(Unusable, match="not utf-8"):
        annotate(Written(b"a\n" * 100_000 + b"\xff"), JUDGED, tmp_path / "out.csv")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"out.csv": b"old"}
