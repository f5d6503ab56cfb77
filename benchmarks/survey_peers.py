"""Judges of survey participants: this library, and others doing the same checks in their usual way.

Each function makes a judge. A peer that models the types stops where these are wrong, and cannot say then
what else is.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from survey_records import DEFINITION, TAKEN
from verdicts import SOMEWHERE, Many, Verdict

from participant_rules.formats import email_key


def participant_rules() -> Many:
    """This library: all records as one batch, against a definition and the logins that a store has."""
    from participant_rules.jsontext import glance

    return _ours(glance)


def participant_rules_fast() -> Many:
    """The same with the extra `fast`."""
    from participant_rules.adapters.msgspec import glance

    return _ours(glance)


def _ours(glance: Any) -> Many:
    from attrs import evolve

    from participant_rules import batch, survey
    from participant_rules.memory import MemorySurveys

    stored = [{"loginSection": {"login": login}} for login in TAKEN]
    definition = survey.Survey.from_json(DEFINITION)
    store = MemorySurveys.from_json([DEFINITION | {"participants": stored}])
    task = batch.SurveyTask(definition, store, operation="add")

    known = survey.Known(definition, dict.fromkeys(TAKEN, survey.Stored(survey.Participant())))

    def judge(payloads: Sequence[bytes]) -> list[Verdict | None]:
        if len(payloads) == 1:
            return [judge_one(payloads[0])]
        anew = evolve(task, survey=evolve(definition))  # it remembers nothing yet
        return [found(each) for each in batch.check(payloads, anew, warnings=False, glance=glance)]

    def judge_one(payload: bytes) -> Verdict | None:
        violations = survey.check(payload, definition, operation="add", known=known, glance=glance)
        return Verdict([str(each.pointer) for each in violations]) if violations else None

    return judge


def found(outcome: Any) -> Verdict | None:
    """The faults of a record."""
    findings = outcome.findings
    return Verdict([each.violation.pointer for each in findings]) if findings else None


def pydantic() -> Many:
    """Strict models, then the rules."""
    return _pydantic(model())


def pydantic_keys() -> Many:
    """The same, given the e-mail shortcut of this library."""
    from pydantic import AfterValidator

    return _pydantic(_model(Annotated[str, AfterValidator(known(email_key))]))


def known(key: Callable[[str], str | None]) -> Callable[[str], str]:
    """A validator that gives the key of a text, or refuses it."""

    def validate(text: str) -> str:
        found = key(text)
        if found is None:
            raise ValueError("malformed")
        return found

    return validate


def model() -> Any:
    """The model of a participant with the e-mail type of the library."""
    from pydantic import EmailStr

    return _model(EmailStr)


def _model(address: Any) -> Any:
    from pydantic import BaseModel, ConfigDict

    class Strict(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)

    class Subject(Strict):
        subjectName: str | None = None
        questionnaireSeeding: dict[str, str | None] | None = None
        status: str | None = None

    class LoginSection(Strict):
        login: str | None = None
        password: str | None = None
        interviewer: str | None = None
        status: str | None = None
        subjects: list[Subject] | None = None

    class InvitationSection(Strict):
        optedOut: bool = False
        sendInvitations: bool = False
        emailAddress: address | None = None  # type: ignore[valid-type]  # it is handed in
        inviteSeeding: dict[str, str | None] | None = None

    class Participant(Strict):
        invitationSection: InvitationSection | None = None
        loginSection: LoginSection | None = None
        enabled: bool = True

    return Participant


def _pydantic(model: Any) -> Many:
    from pydantic import ValidationError
    from survey_rules import judge as judge_rules

    read = model.model_validate_json

    def judge(payload: bytes, logins: set[str]) -> Verdict | None:
        try:
            participant = read(payload)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            return Verdict(["/" + "/".join(map(str, each["loc"])) for each in faults], whole=False)
        return judge_rules(participant, logins, address_is_judged=True)

    return _batch(judge)


def msgspec() -> Many:
    """Structs, which stop at the first fault of a type, then the rules."""
    import msgspec
    from survey_rules import judge as judge_rules

    class Subject(msgspec.Struct, forbid_unknown_fields=True):
        subjectName: str | None = None
        questionnaireSeeding: dict[str, str | None] | None = None
        status: str | None = None

    class LoginSection(msgspec.Struct, forbid_unknown_fields=True):
        login: str | None = None
        password: str | None = None
        interviewer: str | None = None
        status: str | None = None
        subjects: list[Subject] | None = None

    class InvitationSection(msgspec.Struct, forbid_unknown_fields=True):
        optedOut: bool = False
        sendInvitations: bool = False
        emailAddress: str | None = None
        inviteSeeding: dict[str, str | None] | None = None

    class Participant(msgspec.Struct, forbid_unknown_fields=True):
        invitationSection: InvitationSection | None = None
        loginSection: LoginSection | None = None
        enabled: bool = True

    decode = msgspec.json.Decoder(Participant).decode

    def judge(payload: bytes, logins: set[str]) -> Verdict | None:
        try:
            participant = decode(payload)
        except msgspec.ValidationError:
            return SOMEWHERE
        return judge_rules(participant, logins)

    return _batch(judge)


def cattrs() -> Many:
    """json.loads, then a converter that does not coerce, then the rules."""
    import attrs
    from cattrs import BaseValidationError, Converter, transform_error
    from survey_rules import judge as judge_rules

    @attrs.define
    class Subject:
        subjectName: str | None = None
        questionnaireSeeding: dict[str, str | None] | None = None
        status: str | None = None

    @attrs.define
    class LoginSection:
        login: str | None = None
        password: str | None = None
        interviewer: str | None = None
        status: str | None = None
        subjects: list[Subject] | None = None

    @attrs.define
    class InvitationSection:
        optedOut: bool = False
        sendInvitations: bool = False
        emailAddress: str | None = None
        inviteSeeding: dict[str, str | None] | None = None

    @attrs.define
    class Participant:
        invitationSection: InvitationSection | None = None
        loginSection: LoginSection | None = None
        enabled: bool = True

    converter = Converter(forbid_extra_keys=True)
    for kind in (str, bool):
        converter.register_structure_hook(kind, strict(kind))
    structure = converter.structure

    def judge(payload: bytes, logins: set[str]) -> Verdict | None:
        try:
            participant = structure(json.loads(payload), Participant)
        except BaseValidationError as error:
            return Verdict([pointer_of(each) for each in transform_error(error)], whole=False)
        return judge_rules(participant, logins)

    return _batch(judge)


def strict(kind: type) -> Callable[[Any, Any], Any]:
    """A cattrs hook that takes values of a type, and no others."""

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"expected {kind.__name__}")
        return value

    return hook


def pointer_of(message: str) -> str:
    """The pointer in a message of cattrs: `… @ $.loginSection.subjects[0]`."""
    results, _, path = message.rpartition(" @ $")
    pointer = path.replace(".", "/").replace("['", "/").replace("']", "").replace("[", "/").replace("]", "")
    unknown = re.fullmatch(r"extra fields found \((.*)\)", results)
    return f"{pointer}/{unknown[1]}" if unknown else pointer


def _batch(judge: Callable[[bytes, set[str]], Verdict | None]) -> Many:
    """The judge of many records; a login that an earlier one got is taken."""

    def judge_all(payloads: Sequence[bytes]) -> list[Verdict | None]:
        logins = set(TAKEN) if len(payloads) > 1 else _LOGINS
        return [judge(payload, logins) for payload in payloads]

    return judge_all


class _Stored(set[str]):
    """The logins of a store, which one record alone does not change."""

    def add(self, login: str) -> None:
        pass


_LOGINS = _Stored(TAKEN)


def json_loads() -> Many:
    """Decoding alone."""

    def judge(payloads: Sequence[bytes]) -> list[Verdict | None]:
        for payload in payloads:
            json.loads(payload)
        return []

    return judge


PEERS: dict[str, Callable[[], Many]] = {
    "participant_rules": participant_rules,
    "participant_rules, fast": participant_rules_fast,
    "pydantic": pydantic,
    "pydantic, our keys": pydantic_keys,
    "msgspec": msgspec,
    "cattrs": cattrs,
    "json.loads": json_loads,
}
