"""The parameters of a Query call: filters, order and page.

Source: "Query Participants", query parameters. Their names compare without regard to case, and unknown ones
are ignored.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from participant_rules.due import a
from participant_rules.formats import is_guid
from participant_rules.project.model import DEMOGRAPHICS
from participant_rules.routes import boolean_parameter, integer_parameter, odd_parameter, parameter
from participant_rules.schema.members import camel_case
from participant_rules.spelling import hint
from participant_rules.violations import Violation

__all__ = [
    "DEFAULT_SORT",
    "FILTER_NAMES",
    "PAGE_SIZE",
    "Query",
    "Sort",
    "parameters",
    "read_query",
]

Parameters = Mapping[str, str | Sequence[str]]
Faults = tuple[Violation, ...]

PAGE_SIZE: Final = 20

_DEMOGRAPHICS: Final = {camel_case(each).lower(): each for each in DEMOGRAPHICS}
_SPELLINGS: Final = {
    "email": "Email",
    "first_name": "FirstName",
    "last_name": "LastName",
    "date_of_birth": "DOB",
    "mobile_phone": "MobilePhone",
}
FILTER_NAMES: Final = tuple(_SPELLINGS.values())
"""The demographics that a query can filter by, as the page spells them."""

_FILTERS: Final = {name.lower(): attribute for attribute, name in _SPELLINGS.items()} | {
    "dateofbirth": "date_of_birth"
}
_SORTS: Final = {
    "participantidentifier": "participant_identifier",
    "secondaryidentifier": "secondary_identifier",
    "invitationstatus": "invitation_status",
    "inserteddate": "inserted_date",
    "enrollmentdate": "enrollment_date",
}


@frozen
class Sort:
    """The sort key of participants: an attribute, a demographic, or a custom field."""

    kind: str
    name: str


DEFAULT_SORT: Final = Sort("participant", "inserted_date")
_PAIRS: Final = 'a tuple of names and values, such as (("email", "kim@example.com"),),'


@frozen
class Query:
    """The filters, the order and the page of a query. A participant has to meet all filters."""

    text: str = field(default="", repr=False)
    segment_id: str | None = None
    custom_fields: tuple[tuple[str, str], ...] = field(default=(), repr=False, validator=a(tuple, _PAIRS))
    demographics: tuple[tuple[str, str], ...] = field(default=(), repr=False, validator=a(tuple, _PAIRS))
    sort_by: Sort = field(default=DEFAULT_SORT, validator=a(Sort, "a Sort"))
    ascending: bool = True
    page_number: int = 0
    page_size: int = PAGE_SIZE

    @property
    def is_for_all(self) -> bool:
        """Whether the query has no filters."""
        return self.segment_id is None and not (self.text or self.custom_fields or self.demographics)

    @property
    def start(self) -> int:
        """How many participants stand on the pages before."""
        return self.page_number * self.page_size


def read_query(parameters: Parameters) -> tuple[Query, Faults]:
    """The query of a request, and a violation for every parameter that has no documented value."""
    number, faults = integer_parameter(parameters, "pageNumber", default=0)
    size, of_size = integer_parameter(parameters, "pageSize", default=PAGE_SIZE, least=1)
    ascending, of_ascending = boolean_parameter(parameters, "sortAscending", default=True)
    sort, of_sort = _sort(parameter(parameters, "sortBy"))
    segment = parameter(parameters, "segmentID")
    of_segment = () if segment is None or is_guid(segment) else (odd_parameter("segmentID", "a GUID"),)
    demographics, of_filters = _demographics(parameters)
    query = Query(
        text=(parameter(parameters, "query") or "").strip(),
        segment_id=segment,
        custom_fields=tuple(_filters(parameters, "customField.")),
        demographics=demographics,
        sort_by=sort,
        ascending=ascending,
        page_number=number,
        page_size=size,
    )
    return query, (*faults, *of_size, *of_ascending, *of_sort, *of_segment, *of_filters)


def parameters(query: Query) -> dict[str, str | list[str]]:
    """The parameters that ask for a query: `read_query` the other way round. Defaults are left out."""
    asked: dict[str, str | list[str]] = {}
    filters = [(f"customField.{name}", value) for name, value in query.custom_fields]
    filters += [(f"demographicField.{_filter_name(name)}", value) for name, value in query.demographics]
    for name, value in filters:
        asked[name] = [*asked.get(name, ()), value]
    given = {
        "query": query.text or None,
        "segmentID": query.segment_id,
        "sortBy": None if query.sort_by == DEFAULT_SORT else _sort_name(query.sort_by),
        "sortAscending": None if query.ascending else "false",
        "pageNumber": str(query.page_number) if query.page_number else None,
        "pageSize": None if query.page_size == PAGE_SIZE else str(query.page_size),
    }
    return asked | {name: value for name, value in given.items() if value is not None}


def _filter_name(attribute: str) -> str:
    """The documented spelling of a demographic to filter by; one that there is not is refused by its own."""
    return _SPELLINGS.get(attribute, _pascal_case(attribute))


def _sort_name(sort: Sort) -> str:
    """The documented spelling of a sort key."""
    if sort.kind == "custom":
        return f"CustomField.{sort.name}"
    name = _pascal_case(sort.name)
    return f"DemographicField.{name}" if sort.kind == "demographic" else name


def _pascal_case(attribute: str) -> str:
    return "".join(word.capitalize() for word in attribute.split("_"))


def _filters(parameters: Parameters, prefix: str) -> Iterator[tuple[str, str]]:
    """The field names and values of parameters named `customField.FIELDNAME`."""
    for name, value in parameters.items():
        if name.lower().startswith(prefix.lower()):
            for each in (value,) if isinstance(value, str) else value:
                yield name[len(prefix) :], each


def _demographics(parameters: Parameters) -> tuple[tuple[tuple[str, str], ...], Faults]:
    known, faults = [], []
    for name, value in _filters(parameters, "demographicField."):
        attribute = _FILTERS.get(name.lower())
        if attribute is None:
            expected = f"for {', '.join(FILTER_NAMES[:-1])} or {FILTER_NAMES[-1]}"
            faults.append(odd_parameter(f"demographicField.{name}", expected))
        else:
            known.append((attribute, value))
    return tuple(known), tuple(faults)


def _sort(text: str | None) -> tuple[Sort, Faults]:
    if text is None:
        return DEFAULT_SORT, ()
    kind, dot, name = text.partition(".")
    if kind.lower() == "customfield" and name:
        return Sort("custom", name), ()
    if kind.lower() == "demographicfield" and name.lower() in _DEMOGRAPHICS:
        return Sort("demographic", _DEMOGRAPHICS[name.lower()]), ()
    if not dot and kind.lower() in _SORTS:
        return Sort("participant", _SORTS[kind.lower()]), ()
    near = hint(text, [*map(_sort_name, _documented_sorts())], "; {} is the nearest")
    return DEFAULT_SORT, (odd_parameter("sortBy", f"one of the documented values{near}"),)


def _documented_sorts() -> Iterator[Sort]:
    """All documented sort keys but custom fields."""
    yield from (Sort("participant", each) for each in _SORTS.values())
    yield from (Sort("demographic", each) for each in _DEMOGRAPHICS.values())
