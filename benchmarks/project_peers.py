"""Judges of a batch of project participants: this library, and others doing the same checks.

Each function makes a judge of batches, in which no two participants may have the same address or number.
A peer that models the values stops where these are wrong, and cannot say then what else is.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from project_records import DEFINITION, project_records
from survey_peers import found, known, pointer_of, strict
from verdicts import SOMEWHERE, Many, Verdict

from participant_rules import formats

OFFSET = r"^[+-]?(?:(?:0[0-9]|1[0-3]):[0-5][0-9]:[0-5][0-9]|14:00:00)$"
Status = Literal["pending", "declined", "cancelled", "approved", "notInvited"]
Gender = Literal["M", "F", "O"]


def participant_rules() -> Many:
    """This library: all rows as one batch, against a store."""
    from participant_rules.jsontext import glance

    return _ours(glance)


def participant_rules_fast() -> Many:
    """The same with the extra `fast`."""
    from participant_rules.adapters.msgspec import glance

    return _ours(glance)


def _ours(glance: Any) -> Many:
    from attrs import evolve

    from participant_rules import batch, project
    from participant_rules.memory import MemoryProjects

    store = MemoryProjects.from_json([DEFINITION | {"participants": project_records(0)[0]}])
    definition = project.Project.from_json(DEFINITION)
    task = batch.ProjectTask(definition, store, allow_update=True)

    def judge(payloads: Sequence[bytes]) -> list[Verdict | None]:
        if len(payloads) == 1:
            return [judge_one(payloads[0])]
        anew = evolve(task, project=evolve(definition))  # it remembers nothing yet
        return [found(each) for each in batch.check(payloads, anew, warnings=False, glance=glance)]

    def judge_one(payload: bytes) -> Verdict | None:
        violations = project.check(payload, definition, roster=store, warnings=False, glance=glance)
        return Verdict([str(each.pointer) for each in violations]) if violations else None

    return judge


def pydantic() -> Many:
    """Strict models with the e-mail and phone types of the library and its extras, then uniqueness."""
    return _pydantic(model())


def pydantic_keys() -> Many:
    """The same, given the e-mail and phone shortcuts of this library."""
    from pydantic import AfterValidator
    from roster import use

    email_key, phone_key = known(formats.email_key), known(formats.phone_key)
    use(email_key, phone_key)
    address, phone = Annotated[str, AfterValidator(email_key)], Annotated[str, AfterValidator(phone_key)]
    return _pydantic(_model(address, phone))


def model() -> Any:
    """The model of a row with the e-mail and phone types of the library and its extras."""
    from pydantic import EmailStr
    from pydantic_extra_types.phone_numbers import PhoneNumberValidator

    phone = Annotated[str, PhoneNumberValidator(default_region="US", number_format="E164")]
    return _model(EmailStr, phone)


def _model(address: Any, phone: Any) -> Any:
    from pydantic import BaseModel, ConfigDict, StringConstraints

    class Strict(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)

    class Demographics(Strict):
        email: address | None = None  # type: ignore[valid-type]  # it is handed in
        firstName: str | None = None
        middleName: str | None = None
        lastName: str | None = None
        dateOfBirth: dt.date | None = None
        preferredLanguage: str | None = None
        gender: Gender | None = None
        street1: str | None = None
        street2: str | None = None
        city: str | None = None
        state: str | None = None
        postalCode: str | None = None
        mobilePhone: phone | None = None  # type: ignore[valid-type]  # it is handed in
        utcOffset: Annotated[str, StringConstraints(pattern=OFFSET)] | None = None

    class CustomFields(Strict):
        Medication1: str | None = None
        Smoker: int | None = None

    class Participant(Strict):
        participantIdentifier: str
        invitationStatus: Status | None = None
        demographics: Demographics
        customFields: CustomFields | None = None
        excludeFromExport: bool | None = None
        institutionCode: str | None = None

    return Participant


def _pydantic(participant: Any) -> Many:
    from pydantic import ValidationError
    from roster import Roster

    read = participant.model_validate_json

    def judge(payload: bytes, roster: Roster) -> Verdict | None:
        try:
            row = read(payload)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            return Verdict(["/" + "/".join(map(str, each["loc"])) for each in faults], whole=False)
        person = row.demographics
        return roster.put(row.participantIdentifier, str(person.email).lower(), str(person.mobilePhone))

    return lambda payloads: _batch(judge, payloads)


def _batch(judge: Callable[[bytes, Any], Verdict | None], payloads: Sequence[bytes]) -> list[Verdict | None]:
    (roster,) = _ROSTERS
    return [judge(payload, roster) for payload in payloads]


_ROSTERS: list[Any] = []  # the one that is used next


def prepare() -> None:
    """Make the index of the stored participants, which is not measured."""
    from roster import Roster

    _ROSTERS[:] = [Roster()]


def msgspec() -> Many:
    """Structs, which stop at the first fault; address and number by their libraries; then uniqueness."""
    import msgspec
    from roster import Roster, email_key, phone_key

    class Strict(msgspec.Struct, forbid_unknown_fields=True):
        pass

    class Demographics(Strict, forbid_unknown_fields=True):
        email: str
        mobilePhone: str
        firstName: str | None = None
        middleName: str | None = None
        lastName: str | None = None
        dateOfBirth: dt.date | None = None
        preferredLanguage: str | None = None
        gender: Gender | None = None
        street1: str | None = None
        street2: str | None = None
        city: str | None = None
        state: str | None = None
        postalCode: str | None = None
        utcOffset: Annotated[str, msgspec.Meta(pattern=OFFSET)] | None = None

    class CustomFields(Strict, forbid_unknown_fields=True):
        Medication1: str | None = None
        Smoker: int | None = None

    class Participant(Strict, forbid_unknown_fields=True):
        participantIdentifier: str
        demographics: Demographics
        invitationStatus: Status | None = None
        customFields: CustomFields | None = None
        excludeFromExport: bool | None = None
        institutionCode: str | None = None

    decode = msgspec.json.Decoder(Participant).decode

    def judge(payload: bytes, roster: Roster) -> Verdict | None:
        try:
            row = decode(payload)
            keys = email_key(row.demographics.email), phone_key(row.demographics.mobilePhone)
        except ValueError:  # those of msgspec and of both libraries are
            return SOMEWHERE
        except Exception as error:  # a number that cannot be parsed
            if type(error).__name__ != "NumberParseException":
                raise
            return SOMEWHERE
        return roster.put(row.participantIdentifier, *keys)

    return lambda payloads: _batch(judge, payloads)


def cattrs() -> Many:
    """json.loads, then a converter that does not coerce, with hooks for the values; then uniqueness."""
    import attrs
    from cattrs import BaseValidationError, Converter, transform_error
    from roster import Roster, email_key, phone_key

    class Email(str):
        __slots__ = ()

    class Phone(str):
        __slots__ = ()

    class Offset(str):
        __slots__ = ()

    @attrs.define
    class Demographics:
        email: Email | None = None
        firstName: str | None = None
        middleName: str | None = None
        lastName: str | None = None
        dateOfBirth: dt.date | None = None
        preferredLanguage: str | None = None
        gender: Gender | None = None
        street1: str | None = None
        street2: str | None = None
        city: str | None = None
        state: str | None = None
        postalCode: str | None = None
        mobilePhone: Phone | None = None
        utcOffset: Offset | None = None

    @attrs.define
    class CustomFields:
        Medication1: str | None = None
        Smoker: int | None = None

    @attrs.define
    class Participant:
        participantIdentifier: str
        demographics: Demographics
        invitationStatus: Status | None = None
        customFields: CustomFields | None = None
        excludeFromExport: bool | None = None
        institutionCode: str | None = None

    def offset(value: Any) -> Any:
        if not re.fullmatch(OFFSET, value):
            raise ValueError("no offset")
        return value

    def made(make: Callable[[str], Any]) -> Callable[[Any, Any], Any]:
        return lambda value, _: make(strict(str)(value, str))

    converter = Converter(forbid_extra_keys=True)
    for kind in (str, bool, int):
        converter.register_structure_hook(kind, strict(kind))
    hooks = {Email: email_key, Phone: phone_key, Offset: offset, dt.date: dt.date.fromisoformat}
    for kind, make in hooks.items():
        converter.register_structure_hook(kind, made(make))
    structure = converter.structure

    def judge(payload: bytes, roster: Roster) -> Verdict | None:
        try:
            row = structure(json.loads(payload), Participant)
        except BaseValidationError as error:
            return Verdict([pointer_of(each) for each in transform_error(error)], whole=False)
        return roster.put(row.participantIdentifier, row.demographics.email, row.demographics.mobilePhone)

    return lambda payloads: _batch(judge, payloads)


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
