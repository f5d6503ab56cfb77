"""Tables of a survey's participants: a row is a participant, or one of the subjects of a participant."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final

from attrs import evolve, frozen
from attrs import field as attribute

from participant_rules.batch.files.annotated import ADDED
from participant_rules.batch.files.columns import Column, attribute_names, prefixed
from participant_rules.batch.files.fields import Field, Path, documented_fields
from participant_rules.batch.files.plan import Identity, Plan, nameless
from participant_rules.batch.files.suggestions import SURVEY_NAMES, concept, suggested
from participant_rules.formats import fold
from participant_rules.spelling import loose
from participant_rules.survey.model import InvitationSection, LoginSection, Participant, Subject, Survey

__all__ = ["SURVEY_FIELDS", "SurveyLayout", "variable_names"]

_INVITATION: Final[Path] = ("invitationSection",)
_LOGIN: Final[Path] = ("loginSection",)
_SUBJECT: Final[Path] = ("loginSection", "subjects", 0)
_SUBJECT_NAME: Final[Path] = (*_SUBJECT, "subjectName")
_IDENTITIES: Final[Sequence[Path]] = ((*_LOGIN, "login"), (*_INVITATION, "emailAddress"))
_ALIASES: Final = {"email": "emailaddress", "loginname": "login", "subject": "subjectname"}
_is_variable = re.compile("[vV][0-9]+").fullmatch


@frozen
class SurveyLayout:
    """The names of the columns of a survey's tables.

    A documented member goes by its name, its section's name before it or not. `invite.KEY` is the invite
    seeding's KEY, and so is a declared KEY by its bare name; a variable's id is a column of the questionnaire
    seeding, and so is its name where `variables` gives the id of it. `status` is left out.
    """

    survey: Survey
    variables: Mapping[str, str] = attribute(factory=dict)

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
        return (
            self._named(found)
            or self._seeded(name)
            or next((field for each in attribute_names(name) if (field := self._seeded(each))), None)
        )

    def _seeded(self, name: str) -> Field | None:
        """The variable or the key of the invite seeding that goes by this name."""
        return self._variable(name.strip()) or self._seeding(name)

    def ignores(self, name: str) -> bool:
        """Whether it is a status, which nobody can set, or a column that a copy of ours has added."""
        return name in ADDED or loose(name.rpartition(".")[2]) == "status"

    def suggestion(self, name: str, values: Sequence[str], taken: Collection[str]) -> str | None:
        """The field that a stranger may be; None where it cannot be guessed."""
        seeding = self._seeding_like(name)
        return seeding or suggested(name, values, SURVEY_NAMES, self.names, field=self.field, taken=taken)

    def _seeding_like(self, name: str) -> str | None:
        """The declared key of the invite seeding that means the same: surname, for a column Nachname."""
        keys, meant = self.survey.invite_seeding, concept(name)
        matching = [key for key in keys if concept(key) == meant] if isinstance(keys, tuple) and meant else []
        return f"invite.{matching[0]}" if len(matching) == 1 else None

    @property
    def names(self) -> Sequence[str]:
        """The names of all fields that a column can be."""
        seeding = self.survey.invite_seeding
        invited = [f"invite.{key}" for key in seeding] if isinstance(seeding, tuple) else ["invite.KEY"]
        known = self.survey.variables_by_key or {}
        return [*SURVEY_FIELDS, *invited, *[each.variable_id for each in known.values()], *self.variables]

    def plan(self, columns: Sequence[Column], names: Sequence[str], *, clears: bool, spare: int = 0) -> Plan:
        """The plan for a table with these names in its header, and these columns to read.

        Rows are subjects where the table has a login section.
        """
        paths = [each.field.path for each in columns]
        has_login = any(path[:1] == _LOGIN for path in paths)
        beyond = _SUBJECT if has_login else ()
        named = self.survey.group or not has_login or _SUBJECT_NAME in paths
        return Plan(
            (*columns, *nameless(names, beyond)),
            len(names),
            spare,
            clears,
            constants=() if named else ((_SUBJECT_NAME, ""),),
            keeps=True,
            beyond=beyond,
            identity=self._identity(paths) if self.survey.group and has_login else None,
        )

    def _identity(self, paths: Sequence[Path]) -> Identity | None:
        """The column of the identity that several rows of one participant share; None where there is none."""
        found = next((path for path in _IDENTITIES if path in paths), None)
        return None if found is None else Identity(found, partial(self._key, found))

    def _key(self, path: Path, text: str) -> str:
        """The comparison key of an identity; of a malformed one its folded text."""
        return self.survey.schema.node(".".join(map(str, path))).key_of_value(text) or fold(text)

    def _named(self, field: Field | None) -> Field | None:
        """The field; the name of the only subject is never left out."""
        if field is None or field.path != _SUBJECT_NAME or self.survey.group:
            return field
        return evolve(field, blank="")

    def _variable(self, name: str) -> Field | None:
        known = self.survey.variables_by_key or {}
        meant = name if name.lower() in known else self._ids.get(loose(name), name)
        if meant.lower() in known or _is_variable(meant):
            return Field((*_SUBJECT, "questionnaireSeeding", meant), folded=True)
        return None

    def _seeding(self, name: str) -> Field | None:
        """The declared key of the invite seeding that goes by this name."""
        keys = self.survey.invite_seeding
        found = [key for key in keys if loose(key) == loose(name)] if isinstance(keys, tuple) else []
        return Field((*_INVITATION, "inviteSeeding", found[0]), folded=True) if found else None

    @property
    def _ids(self) -> Mapping[str, str]:
        return {loose(name): key for name, key in self.variables.items()}


def variable_names(definition: Mapping[str, Any]) -> Mapping[str, str]:
    """The ids of a definition's variables by their documented names (Q1), as far as it has them."""
    variables = definition.get("variables")
    listed = [each for each in variables if isinstance(each, dict)] if isinstance(variables, list) else []
    pairs = [(each.get("name"), each.get("variableId")) for each in listed]
    return {name: key for name, key in pairs if isinstance(name, str) and isinstance(key, str)}


def _meant(name: str) -> str:
    key = loose(name)
    return _ALIASES.get(key, key)


def _settable(entity: type, path: Path) -> dict[str, Field]:
    fields = documented_fields(entity, path)
    return {loose(member.name): field for member, field in fields if not member.read_only}


_SECTIONS: Final[Mapping[str, Mapping[str, Field]]] = {
    "invitationSection": _settable(InvitationSection, _INVITATION),
    "loginSection": _settable(LoginSection, _LOGIN) | _settable(Subject, _SUBJECT),
}
_ALL: Final = (_settable(Participant, ()), *_SECTIONS.values())

SURVEY_FIELDS: Final = tuple(str(field.path[-1]) for fields in _ALL for field in fields.values())
"""The documented fields of a survey's participants that a column can set."""
