"""The documented field that an unread column may be: by usual names, and by its values.

Usual are the names in English, German, French and Spanish, and those in the tables of REDCap, Qualtrics,
SurveyMonkey, LimeSurvey and OpenClinica.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from participant_rules.batch.files.fields import Field
from participant_rules.formats import email_key
from participant_rules.spelling import nearest, without_invisible

__all__ = ["PROJECT_NAMES", "SURVEY_NAMES", "concept", "suggested"]

_EMAIL: Final = (
    "mail email emails emailadress emailadresse mailadresse epost courriel mel adressemail "
    "adresseemail correo correoelectronico primaryemail contactemail workemail homeemail "
    "emailid recipientemail email1 emailadresse1 contactemailaddress participantemail mailaddress "
    "correoe direcciondecorreo direcciondecorreoelectronico"
)
_IDENTIFIER: Final = (
    "participant participantnumber participantno participantcode participantname subject "
    "subjectid subjectnumber patient patientid patientnumber studyid studynumber recordid "
    "record userid user username externalid externaldatareference externalreference mrn "
    "pseudonym code teilnehmer teilnehmerid teilnehmernummer teilnehmernr probandennummer "
    "probandenid proband probandin patientennummer patientenid kennung identifiant "
    "identifiantparticipant numeroparticipant codeparticipant identificador idparticipante "
    "participante numerodeparticipante codigo login loginname token redcapsurveyidentifier "
    "surveyidentifier respondentid externaldataref externalref contactid studysubjectid ssid "
    "subjectidentifier patientidentifier pid ppid studyparticipantid personid numerodepatient "
    "patientennr probandennr versuchsperson vpn numeropaciente idpaciente"
)
_LISTS: Final[Mapping[str, str]] = {
    "participantIdentifier": _IDENTIFIER,
    "email": _EMAIL,
    "mobilePhone": (
        "phone phones phonenumber phoneno mobile mobilenumber mobileno mobilephonenumber cell "
        "cellphone cellnumber tel telephone telephonenumber handy handynummer handynr mobil "
        "mobiltelefon mobilnummer telefon telefonnummer rufnummer telephoneportable portable "
        "numerodetelephone numeroportable gsm movil telefono telefonomovil celular "
        "numerodetelefono sms mobilephone1 primaryphone recipientphone phone1 mobilphone cellularphone "
        "handytelefon mobilfunk mobilfunknummer telephonemobile mobiletelephone numerodemovil"
    ),
    "dateOfBirth": (
        "birthdate birthday birth bday dateofbirth geburtsdatum geburtstag gebdatum gebdat "
        "geboren naissance datedenaissance datenaissance nelle fechadenacimiento fechanacimiento "
        "nacimiento birthdate1 subjectdateofbirth datedenaissancedupatient"
    ),
    "gender": "sex gendercode sexcode sexatbirth geschlecht sexe genre sexo genero",
    "firstName": (
        "first givenname givennames given forename fname recipientfirstname vorname rufname prenom nombre "
        "nombres primernombre"
    ),
    "middleName": "middle middlename secondname zweitername deuxiemeprenom segundonombre",
    "lastName": (
        "last surname familyname family lname recipientlastname nachname familienname zuname nom "
        "nomdefamille apellido apellidos primerapellido"
    ),
    "city": "town ort stadt wohnort ville commune ciudad localidad",
    "postalCode": "zip zipcode postcode plz postleitzahl codepostal cp codigopostal",
    "street1": (
        "street address streetaddress streetaddress1 streetaddressline1 address1 addressline1 "
        "strasse anschrift adresse adresse1 rue calle direccion direccion1"
    ),
    "street2": "street2 streetaddress2 streetaddressline2 address2 addressline2 adresse2 direccion2",
    "state": "province region bundesland kanton departement provincia estado",
    "preferredLanguage": "language languagecode lang locale userlanguage sprache langue idioma lengua",
    "utcOffset": "timezone tz zeitzone fuseauhoraire zonahoraria",
    "institutionCode": (
        "institution site sitecode siteid center studysite redcapdataaccessgroup dataaccessgroup zentrum "
        "zentrumsnummer centre etablissement institucion centro"
    ),
    "secondaryIdentifier": "secondaryid secondid",
}
_OF_SURVEY: Final[Mapping[str, str]] = {
    "login": _IDENTIFIER
    + " userlogin loginid participantlogin benutzername benutzer anmeldename nomdutilisateur usuario"
    " nombredeusuario identifiantdeconnexion id participantid participantidentifier",
    "password": (
        "pwd pass passwd loginpassword participantpassword userpassword passwort kennwort motdepasse mdp "
        "contrasena clave accesscode"
    ),
    "emailAddress": _EMAIL,
    "interviewer": "intervieweremail interviewername befrager enqueteur encuestador",
    "optedOut": "optout unsubscribed unsubscribe abgemeldet desinscrit",
    "sendInvitations": "sendinvitation invite sendinvite einladen inviter invitar",
}


def _by_name(lists: Mapping[str, str]) -> Mapping[str, str]:
    return {name: field for field, names in reversed([*lists.items()]) for name in names.split()}


PROJECT_NAMES: Final = _by_name(_LISTS)
"""Fields of a project's participants by usual names in English, German, French and Spanish."""

SURVEY_NAMES: Final = _by_name(_OF_SURVEY)
"""The same of a survey's participants."""

_in_brackets = re.compile(r"\([^)]*\)|\[[^]]*\]|<[^>]*>")
_aside = re.compile(rf"{_in_brackets.pattern}|[*:?#.]")
_in_path = re.compile("[./]")
_between_words = re.compile(r"[\W_]+")


def _plain(name: str) -> str:
    """A name in small letters, without accents, spaces, punctuation and words in brackets."""
    bare = _aside.sub(" ", without_invisible(name)).replace("ß", "ss")
    parted = unicodedata.normalize("NFKD", bare)
    letters = "".join([each for each in parted if not unicodedata.combining(each)])
    return _between_words.sub("", letters).casefold()


_plain_known: Final = lru_cache(maxsize=4096)(_plain)  # of known names alone: others may be anybody's


def concept(name: str) -> str | None:
    """The field of a project's participants of which a column's name is a usual one; None for none."""
    plain = _plain(name)
    return PROJECT_NAMES.get(plain) or _DOCUMENTED.get(plain)


_DOCUMENTED: Final = {field.casefold(): field for field in _LISTS}


def suggested(
    name: str,
    values: Sequence[str],
    names: Mapping[str, str],
    documented: Iterable[str],
    *,
    field: Callable[[str], Field | None],
    taken: Collection[str],
) -> str | None:
    """The field that a column of this name, with these values, may be; None where it cannot be guessed.

    Args:
        name: The column's name in the file.
        values: Some of its cells.
        names: Fields by the usual names of their columns.
        documented: The names of all fields; one within two letters is suggested too.
        field: Finds the field of a name; None where there is no such field.
        taken: The keys of the fields that columns are read as already.
    """
    plain = _plain(name)
    by_name = {_plain_known(each): each for each in documented}
    near = nearest(plain, by_name)
    found = names.get(plain) or (None if near is None else by_name[near]) or _by_part(name, names, field)
    if found is None:
        filled = [each.strip() for each in values if each.strip()]
        found = next((names.get(usual, usual) for usual in _by_content(filled)), None)
    meant = None if found is None else field(found)
    return None if meant is None or meant.key in taken else found


def _by_part(name: str, names: Mapping[str, str], field: Callable[[str], Field | None]) -> str | None:
    """The field of a name without what stands in brackets, or of one word of a path, the last one first."""
    bare = _in_brackets.sub("", name)
    for part in [each for each in (bare, *reversed(_in_path.split(bare))) if each != name]:
        known = field(part)
        if known is not None:
            return str(known.path[-1])
        if usual := names.get(_plain(part)):
            return usual
    return None


def _by_content(values: Sequence[str]) -> Iterator[str]:
    """A usual name for the look of most of the values."""
    for usual, looks in _LOOKS.items():
        if sum(map(bool, map(looks, values))) * 2 > len(values):
            yield usual


_LOOKS: Final[Mapping[str, Callable[[str], object]]] = {
    "mail": email_key,
    "phone": re.compile(
        r"\+[0-9][0-9 ()./-]{6,18}[0-9]|\(?[0-9]{3}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}"
    ).fullmatch,
    "birth": re.compile("(?:19[0-9]{2}|200[0-5])-[0-9]{2}-[0-9]{2}").fullmatch,
    "sex": re.compile("[MFO]").fullmatch,
}
"""The tests of values by a usual name of their column."""
