"""Files that appear whole or not at all."""

import gzip
import os
from pathlib import Path

import pytest

from participant_rules.batch.copies.output import descriptor_of, same_file, writing
from participant_rules.batch.records import Unusable


def files(folder: Path) -> dict[str, bytes]:
    """All that is in a folder."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    """Until all is written the old file is there."""
    out = tmp_path / "out.csv"
    out.write_bytes(b"old")
    with writing(out, "in.csv") as stream:
        stream.write(b"new")
        assert out.read_bytes() == b"old"
    assert files(tmp_path) == {"out.csv": b"new"}


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
def test_a_failure_leaves_nothing(tmp_path: Path, name: str) -> None:
    """When a copy fails in the middle, the old file stays and nothing is beside it."""
    (tmp_path / name).write_bytes(b"old")

    def fail() -> None:
        with writing(tmp_path / name, "in.csv") as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert files(tmp_path) == {name: b"old"}


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """It is one clear line, and nothing is left."""
    out = tmp_path / "out.csv"
    with pytest.raises(Unusable) as refused, writing(out, "in.csv"):
        raise OSError(28, "No space left on device")
    assert str(refused.value) == f"{out}: No space left on device"
    assert files(tmp_path) == {}


def test_a_file_that_ends_too_early(tmp_path: Path) -> None:
    """A compressed file that was cut while it was copied is one clear line, and nothing is left."""
    out = tmp_path / "out.csv"
    with pytest.raises(Unusable) as refused, writing(out, "in.csv"):
        raise EOFError
    assert str(refused.value) == f"{out}: the copy could not be made"
    assert files(tmp_path) == {}


@pytest.mark.parametrize("name", ["out.csv.gz", "OUT.GZ"])
def test_gzip(tmp_path: Path, name: str) -> None:
    """A name that ends with .gz makes a compressed file, the same one each time."""
    for _ in range(2):
        with writing(tmp_path / name, "in.csv") as stream:
            stream.write(b"a,b\n" * 1000)
    packed = (tmp_path / name).read_bytes()
    assert gzip.decompress(packed) == b"a,b\n" * 1000
    assert packed[4:8] == bytes(4)
    assert len(packed) < 100


def test_the_file_that_is_read(tmp_path: Path) -> None:
    """It is not written over, by whatever name or link it is called."""
    source, link, twin = tmp_path / "in.csv", tmp_path / "link.csv", tmp_path / "twin.csv"
    source.write_bytes(b"a")
    link.symlink_to(source)
    twin.hardlink_to(source)
    for out in (source, tmp_path / "." / "in.csv", link, twin):
        with pytest.raises(Unusable) as refused, writing(out, str(source)):
            pytest.fail("it was opened")
        assert str(refused.value) == f"{out}: is the file that is read; the copy needs another name"
    assert source.read_bytes() == b"a"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that it leads to is replaced."""
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "out.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    with writing(link, "in.csv") as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert files(tmp_path / "folder") == {"out.csv": b"new"}


def test_what_is_no_file(tmp_path: Path) -> None:
    """A folder or a device is not replaced."""
    for out in (tmp_path, Path(os.devnull)):
        with pytest.raises(Unusable) as refused, writing(out, "in.csv"):
            pytest.fail("it was opened")
        assert str(refused.value) == f"{out}: is no file that could be replaced"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """It is one clear line."""
    out = tmp_path / "nowhere" / "out.csv"
    with pytest.raises(Unusable) as refused, writing(out, "in.csv"):
        pytest.fail("it was opened")
    assert str(refused.value) == f"{out}: No such file or directory"


def test_links_in_a_circle(tmp_path: Path) -> None:
    """They are one clear line too."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(Unusable) as refused, writing(one / "out.csv", "in.csv"):
        pytest.fail("it was opened")
    assert str(refused.value) == f"{one / 'out.csv'}: Too many levels of symbolic links"


def test_same_file(tmp_path: Path) -> None:
    """Two paths may be one file before it exists."""
    assert same_file(tmp_path / "a", tmp_path / "." / "a")
    assert not same_file(tmp_path / "a", tmp_path / "b")


def test_the_mode_of_a_new_file(tmp_path: Path) -> None:
    """It is that of every new file of this person."""
    (tmp_path / "other").touch()
    with writing(tmp_path / "out", "in.csv"):
        pass
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/dev/stdout", 1),
        ("/dev/stderr", 2),
        ("/dev/fd/63", 63),
        ("/proc/self/fd/4", 4),
        ("/dev/fd/x", None),
        ("out.csv", None),
    ],
)
def test_the_number_of_a_stream(path: str, number: int | None) -> None:
    """Streams have their number, files none."""
    assert descriptor_of(Path(path)) == number


@pytest.mark.parametrize("name", ["n" * 251 + ".csv", "ü" * 125 + ".csv"])
def test_a_name_that_is_as_long_as_can_be(tmp_path: Path, name: str) -> None:
    """The draft beside it is no longer."""
    with writing(tmp_path / name) as stream:
        stream.write(b"new")
    assert files(tmp_path) == {name: b"new"}
