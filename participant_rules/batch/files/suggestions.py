"""Which documented field a column may be that is not read: told by usual names, and by what it holds."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from participant_rules.formats import email_key
from participant_rules.spelling import nearest, without_invisible

__all__ = ["PROJECT_NAMES", "SURVEY_NAMES", "suggested"]

_EMAIL: Final = (
    "mail email emails emailadress emailadresse mailadresse epost courriel mel adressemail "
    "adresseemail correo correoelectronico primaryemail contactemail workemail homeemail "
    "emailid"
)
_IDENTIFIER: Final = (
    "participant participantnumber participantno participantcode participantname subject "
    "subjectid subjectnumber patient patientid patientnumber studyid studynumber recordid "
    "record userid user username externalid externaldatareference externalreference mrn "
    "pseudonym code teilnehmer teilnehmerid teilnehmernummer teilnehmernr probandennummer "
    "probandenid proband probandin patientennummer patientenid kennung identifiant "
    "identifiantparticipant numeroparticipant codeparticipant identificador idparticipante "
    "participante numerodeparticipante codigo login token"
)
_LISTS: Final[Mapping[str, str]] = {
    "participantIdentifier": _IDENTIFIER,
    "email": _EMAIL,
    "mobilePhone": (
        "phone phones phonenumber phoneno mobile mobilenumber mobileno mobilephonenumber cell "
        "cellphone cellnumber tel telephone telephonenumber handy handynummer handynr mobil "
        "mobiltelefon mobilnummer telefon telefonnummer rufnummer telephoneportable portable "
        "numerodetelephone numeroportable gsm movil telefono telefonomovil celular "
        "numerodetelefono sms"
    ),
    "dateOfBirth": (
        "birthdate birthday birth bday dateofbirth geburtsdatum geburtstag gebdatum gebdat "
        "geboren naissance datedenaissance datenaissance nelle fechadenacimiento fechanacimiento "
        "nacimiento"
    ),
    "gender": "sex gendercode geschlecht sexe genre sexo genero",
    "firstName": "first givenname given forename vorname rufname prenom nombre primernombre",
    "middleName": "middle middlename secondname zweitername deuxiemeprenom segundonombre",
    "lastName": "last surname familyname family nachname familienname nom nomdefamille apellido apellidos",
    "city": "town ort stadt wohnort ville commune ciudad localidad",
    "postalCode": "zip zipcode postcode plz postleitzahl codepostal cp codigopostal",
    "street1": (
        "street address streetaddress streetaddress1 streetaddressline1 address1 addressline1 "
        "strasse anschrift adresse adresse1 rue calle direccion direccion1"
    ),
    "street2": "street2 streetaddress2 streetaddressline2 address2 addressline2 adresse2 direccion2",
    "state": "province region bundesland kanton departement provincia estado",
    "preferredLanguage": "language lang locale sprache langue idioma lengua",
    "utcOffset": "timezone tz zeitzone fuseauhoraire zonahoraria",
    "institutionCode": "institution site sitecode siteid zentrum centre etablissement institucion",
    "secondaryIdentifier": "secondaryid secondid",
}
_OF_SURVEY: Final[Mapping[str, str]] = {
    "login": _IDENTIFIER
    + " loginname userlogin loginid benutzername benutzer anmeldename nomdutilisateur usuario"
    " id participantid participantidentifier",
    "password": "pwd pass passwd passwort kennwort motdepasse mdp contrasena clave accesscode",
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

_aside = re.compile(r"\([^)]*\)|\[[^]]*\]|<[^>]*>|[*:?#.]")
_between_words = re.compile(r"[\W_]+")


def _plain(name: str) -> str:
    """A name in small letters, without accents, spaces, punctuation and what is said in brackets."""
    bare = _aside.sub(" ", without_invisible(name)).replace("ß", "ss")
    parted = unicodedata.normalize("NFKD", bare)
    letters = "".join([each for each in parted if not unicodedata.combining(each)])
    return _between_words.sub("", letters).casefold()


def suggested(
    name: str,
    values: Sequence[str],
    names: Mapping[str, str],
    documented: Iterable[str],
    taken: Callable[[str], bool],
) -> str | None:
    """The field that a column of this name, with these values, may be; None where nothing tells it.

    Args:
        name: The column's name in the file.
        values: Some of its cells.
        names: Fields by the usual names of their columns.
        documented: The names of all fields; one within two letters is suggested too.
        taken: Whether a column is read as a field already.
    """
    plain = _plain(name)
    plainly = {_plain(each): each for each in documented}
    found = names.get(plain) or plainly.get(nearest(plain, plainly) or "")
    if found is None:
        found = _by_content([each.strip() for each in values if each.strip()], names)
    return None if found is None or taken(found) else found


def _by_content(values: Sequence[str], names: Mapping[str, str]) -> str | None:
    """The address, where most of the values are one."""
    addresses = sum(email_key(each) is not None for each in values)
    return names["mail"] if addresses * 2 > len(values) else None
