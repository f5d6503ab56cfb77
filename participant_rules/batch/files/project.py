"""Tables of a project's participants: a row is a participant."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Final

from attrs import frozen

from participant_rules.batch.files.annotated import ADDED
from participant_rules.batch.files.columns import Column, attribute_names, prefixed
from participant_rules.batch.files.fields import Field, Form, documented_fields
from participant_rules.batch.files.plan import Plan, nameless
from participant_rules.batch.files.suggestions import PROJECT_NAMES, suggested
from participant_rules.project.model import READ_ONLY, Demographics, FieldType, Participant, Project
from participant_rules.spelling import loose

__all__ = ["PROJECT_FIELDS", "ProjectLayout"]

_DEMOGRAPHICS: Final = "demographics"
_CUSTOM: Final = "customFields"
_ALIASES: Final = {  # what the vendor's tables call them
    "participantid": "id",
    "emailaddress": "email",
    "dob": "dateofbirth",
}
_FORMS: Final[Mapping[FieldType, Form]] = {FieldType.INTEGER: "integer", FieldType.DECIMAL: "decimal"}


@frozen(slots=False)
class ProjectLayout:
    """The names of the columns of a project's tables.

    A documented member goes by its name, `demographics.` before it or not, and by the vendor's other names
    for it. A custom field goes by its declared name; behind `customFields.` by any name. `customFields` is a
    column of JSON objects.
    """

    project: Project

    def field(self, name: str) -> Field | None:
        """The field that a column of this name is; None for a stranger."""
        custom = prefixed(_CUSTOM, name)
        if custom is not None:
            return self._declared.get(loose(custom)) or Field((_CUSTOM, custom))
        inner = prefixed(_DEMOGRAPHICS, name)
        if inner is not None:
            return _INNER.get(_meant(inner))
        return (
            _OUTER.get(_meant(name))
            or _INNER.get(_meant(name))
            or self._declared.get(loose(name))
            or self._attribute(name)
        )

    def _attribute(self, name: str) -> Field | None:
        """The declared field that LimeSurvey's `attribute_1 <Site>` is: attribute_1, or Site."""
        found = [self._declared.get(loose(each)) for each in attribute_names(name)]
        return next((field for field in found if field is not None), None)

    def ignores(self, name: str) -> bool:
        """Whether it is a column that a copy of ours has added."""
        return name in ADDED

    def suggestion(self, name: str, values: Sequence[str], taken: Collection[str]) -> str | None:
        """The field that a stranger may be; None where it cannot be guessed."""
        documented = [each for each in self.names if each != _CUSTOM]
        return suggested(name, values, PROJECT_NAMES, documented, field=self.field, taken=taken)

    @property
    def names(self) -> Sequence[str]:
        """The names of all fields that a column can be."""
        return [*PROJECT_FIELDS, *(self.project.types or ())]

    def plan(self, columns: Sequence[Column], names: Sequence[str], *, clears: bool, spare: int = 0) -> Plan:
        """The plan for a table with these names in its header, and these columns to read."""
        return Plan((*columns, *nameless(names, ())), len(names), spare, clears, late=True)

    @cached_property
    def _declared(self) -> Mapping[str, Field]:
        """The declared custom fields by their loose names; of two that are alike the first."""
        types = self.project.types or {}
        found = [
            (loose(name), Field((_CUSTOM, name), _FORMS.get(kind, "trimmed"))) for name, kind in types.items()
        ]
        return dict(reversed(found))


def _meant(name: str) -> str:
    key = loose(name)
    return _ALIASES.get(key, key)


def _documented(entity: type, *path: str) -> dict[str, Field]:
    return {loose(member.name): field for member, field in documented_fields(entity, path)}


_INNER: Final = _documented(Demographics, _DEMOGRAPHICS)
_OUTER: Final = _documented(Participant) | {loose(_CUSTOM): Field((_CUSTOM,), "object")}

PROJECT_FIELDS: Final = tuple(
    name for field in (*_OUTER.values(), *_INNER.values()) if (name := str(field.path[-1])) not in READ_ONLY
)
"""The documented fields of a project's participants that a column can set."""
