"""Tables of a survey's participants: a row is a participant, or one of the subjects of a participant."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from participant_rules.batch.files.columns import Column, Field, Form, Path, loose, prefixed
from participant_rules.batch.files.plan import Plan, nameless
from participant_rules.schema.shapes import Boolean, Shape, Text
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject, Survey

__all__ = ["SurveyLayout"]

_INVITATION: Final[Path] = ("invitationSection",)
_LOGIN: Final[Path] = ("loginSection",)
_SUBJECT: Final[Path] = ("loginSection", "subjects", 0)
_SUBJECT_NAME: Final[Path] = (*_SUBJECT, "subjectName")
_IDENTITIES: Final[Sequence[Path]] = ((*_LOGIN, "login"), (*_INVITATION, "emailAddress"))
_ALIASES: Final = {"email": "emailaddress", "subject": "subjectname"}
_is_variable = re.compile("[vV][0-9]+").fullmatch


@frozen
class SurveyLayout:
    """What the columns of a survey's tables are called.

    A documented member goes by its name, its section's name before it or not. `invite.KEY` is the invite
    seeding's KEY; a variable's name is a column of the questionnaire seeding. `status` is left out.
    """

    survey: Survey

    def field(self, name: str) -> Field | None:
        """The field that a column of this name is; None for a stranger."""
        key = prefixed("invite", name)
        if key is not None:
            return Field((*_INVITATION, "inviteSeeding", key), folded=True)
        for section, fields in _SECTIONS.items():
            inner = prefixed(section, name)
            if inner is not None:
                return self._named(fields.get(_meant(inner)))
        found = next((fields[_meant(name)] for fields in _ALL if _meant(name) in fields), None)
        return self._named(found) or self._variable(name.strip())

    def ignores(self, name: str) -> bool:
        """Whether it is a status, which nobody can set."""
        return loose(name.rpartition(".")[2]) == "status"

    def plan(self, columns: Sequence[Column], names: Sequence[str], *, clears: bool) -> Plan:
        """The plan for a table whose header has these names, of which these columns are read.

        Rows are subjects where the table has a login section.
        """
        paths = [each.field.path for each in columns]
        has_login = any(path[:1] == _LOGIN for path in paths)
        beyond = _SUBJECT if has_login else ()
        named = self.survey.group or not has_login or _SUBJECT_NAME in paths
        return Plan(
            (*columns, *nameless(names, beyond)),
            len(names),
            clears,
            constants=() if named else ((_SUBJECT_NAME, ""),),
            keeps=True,
            beyond=beyond,
            identity=next((path for path in _IDENTITIES if has_login and path in paths), None),
        )

    def _named(self, field: Field | None) -> Field | None:
        """The field; the name of the only subject is never left out."""
        if field is None or field.path != _SUBJECT_NAME or self.survey.group:
            return field
        return evolve(field, blank="")

    def _variable(self, name: str) -> Field | None:
        known = self.survey.variables_by_key or {}
        if name.lower() in known or _is_variable(name):
            return Field((*_SUBJECT, "questionnaireSeeding", name), folded=True)
        return None


def _meant(name: str) -> str:
    key = loose(name)
    return _ALIASES.get(key, key)


def _documented(entity: type, path: Path) -> Iterator[tuple[str, Field]]:
    for each in Shape.of(entity).members:
        if isinstance(each.kind, Text | Boolean) and not each.read_only:
            form: Form = "boolean" if isinstance(each.kind, Boolean) else "text"
            yield loose(each.name), Field((*path, each.name), form, clearable=each.nullable)


_OF_SUBJECT: Final = dict(_documented(Subject, _SUBJECT))
_SECTIONS: Final[Mapping[str, Mapping[str, Field]]] = {
    "invitationSection": dict(_documented(InvitationSection, _INVITATION)),
    "loginSection": dict(_documented(LoginSection, _LOGIN)) | _OF_SUBJECT,
}
_ALL: Final = (dict(_documented(Participant, ())), *_SECTIONS.values())
