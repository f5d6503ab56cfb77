"""`check --fix`: a file written again with its repairs."""

import shutil
from pathlib import Path

from participant_rules.batch.copies.endings import target_of
from participant_rules.batch.copies.output import writing
from participant_rules.batch.files import FileSource
from participant_rules.batch.files.options import Options
from participant_rules.batch.fixing import Fixed, fixed
from participant_rules.cli.against import Against
from participant_rules.unusable import Unusable

__all__ = ["fix_file"]


def fix_file(
    source: FileSource, against: Against, options: Options, out: Path, *, likely: bool, jobs: int
) -> Fixed:
    """Write a file with its repairs, and return it; raises Unusable where it cannot be written."""
    if target_of(out, source.kind) != source.kind:
        raise Unusable(f"{out}: a workbook is repaired as a workbook")
    done = fixed(
        source, against.task, against.layout, name=str(out), options=options, likely=likely, jobs=jobs
    )
    with writing(out, source.name) as stream, done.source.open() as file:
        shutil.copyfileobj(file, stream)
    return done
