"""What judges survey participants: this library, and others doing the same checks in their usual way.

Each function makes a judge. A peer that models the types stops where these are wrong, and cannot say then
what else is.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from survey_records import DEFINITION, TAKEN
from verdicts import SOMEWHERE, Many, Verdict, each


def participant_rules() -> Many:
    """This library: the payload against a definition, and the logins that a store has."""
    from participant_rules import survey

    definition = survey.Survey.from_json(DEFINITION)
    stored = survey.Stored(survey.Participant())
    known = survey.Known(definition, dict.fromkeys(TAKEN, stored))
    check = survey.check

    def judge(payload: bytes) -> Verdict | None:
        violations = check(payload, definition, operation="add", known=known)
        return Verdict([str(each.pointer) for each in violations]) if violations else None

    return each(judge)


def pydantic() -> Many:
    """Strict models, then the rules."""
    from pydantic import BaseModel, ConfigDict, EmailStr, ValidationError
    from survey_rules import judge as judge_rules

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
        emailAddress: EmailStr | None = None
        inviteSeeding: dict[str, str | None] | None = None

    class Participant(Strict):
        invitationSection: InvitationSection | None = None
        loginSection: LoginSection | None = None
        enabled: bool = True

    read = Participant.model_validate_json

    def judge(payload: bytes) -> Verdict | None:
        try:
            participant = read(payload)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            return Verdict(["/" + "/".join(map(str, each["loc"])) for each in faults], whole=False)
        return judge_rules(participant, address_is_judged=True)

    return each(judge)


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

    def judge(payload: bytes) -> Verdict | None:
        try:
            participant = decode(payload)
        except msgspec.ValidationError:
            return SOMEWHERE
        return judge_rules(participant)

    return each(judge)


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

    def judge(payload: bytes) -> Verdict | None:
        try:
            participant = structure(json.loads(payload), Participant)
        except BaseValidationError as error:
            return Verdict([pointer_of(each) for each in transform_error(error)], whole=False)
        return judge_rules(participant)

    return each(judge)


def strict(kind: type) -> Callable[[Any, Any], Any]:
    """A cattrs hook that takes values of a type, and no others."""

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"expected {kind.__name__}")
        return value

    return hook


def pointer_of(message: str) -> str:
    """The pointer in a message of cattrs: `… @ $.loginSection.subjects[0]`."""
    said, _, path = message.rpartition(" @ $")
    pointer = path.replace(".", "/").replace("['", "/").replace("']", "").replace("[", "/").replace("]", "")
    unknown = re.fullmatch(r"extra fields found \((.*)\)", said)
    return f"{pointer}/{unknown[1]}" if unknown else pointer


def json_loads() -> Many:
    """Decoding alone."""

    def judge(payload: bytes) -> None:
        json.loads(payload)

    return each(judge)


PEERS: dict[str, Callable[[], Many]] = {
    "participant_rules": participant_rules,
    "pydantic": pydantic,
    "msgspec": msgspec,
    "cattrs": cattrs,
    "json.loads": json_loads,
}
