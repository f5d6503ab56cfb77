"""What is said of a row, told by its signs: the rules are asked once for all rows with the same ones."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from participant_rules.project.case import Change, Known, Operation
from participant_rules.project.claim import MALFORMED_PHONE, NOBODY, NONE, STRANGER, Claim, Signs
from participant_rules.project.decision import Rows
from participant_rules.project.ledger import Entry, Ledger
from participant_rules.project.model import Project
from participant_rules.project.policy import Policy
from participant_rules.project.rules import BULK, related
from participant_rules.project.screen import screen_of
from participant_rules.project.skim import skimmer_of
from participant_rules.project.wire import read_value
from participant_rules.rules import RuleSet, at
from participant_rules.unset import UNSET
from participant_rules.violations import Severity, Violation

__all__ = ["Teller", "teller_of"]

Said = tuple[Violation, ...]

_EMAIL_TAKEN, _PHONE_TAKEN = (
    BULK["email-taken"],
    BULK["mobile-phone-taken"],
)  # a screen tells for no other laws
_ENOUGH: Final = 4096  # ways to be odd or faulty; a file has a few
_EMAIL_IMMUTABLE: Final = BULK["email-immutable"].violation()
_PHONE_IMMUTABLE: Final = BULK["mobile-phone-immutable"].violation()


class Teller:
    """Tells what the laws of adding and updating say of the rows that a screen can tell.

    Its `screen` tells nothing where the laws are not ours. Without `warnings` it says violations only.
    """

    def __init__(
        self, project: Project, policy: Policy, laws: RuleSet = BULK, *, warnings: bool = True
    ) -> None:
        self.screen = screen_of(project, policy) if laws is BULK else _tells_nothing
        self.skimmer = skimmer_of(project, policy, self.screen)
        self._project, self._warns = project, warnings
        self._nobody = Rows(Known(project, ()), allow_update=True, policy=policy, laws=laws)
        self._ranks = laws.ranks
        self._said: dict[tuple[Signs, Signs], Said] = {((), ()): ()}

    def of_new(self, claim: Claim, body: Callable[[], Any], ledger: Ledger) -> tuple[bool, Said]:
        """Whether a row stands that adds somebody, and all that is said of it; `body` gives its value."""
        said = self._by_signs(claim, body)
        _, _, _, email, phone, faults, _ = claim
        if email not in ledger.emails.first and phone not in ledger.phones.first:
            return not faults, said
        nobody = claim.has_fault(NOBODY) or claim.has_fault(STRANGER)
        taken = () if nobody else self._taken(claim, ledger)
        if not taken:
            return not claim.faults, said
        errors = len([each for each in said if each.severity is Severity.ERROR])
        return False, (*said[:errors], *taken, *said[errors:])

    def of_update(
        self, claim: Claim, body: Callable[[], Any], entry: Entry, ledger: Ledger
    ) -> tuple[bool, Said] | None:
        """Whether a row stands that updates that one, and all that is said of it; None where it is not sure.

        What is stored already is not judged, so rows with faults, and with odd custom fields, are not sure.
        """
        if claim.id is not None or claim.faults or any(map(_is_of_field, claim.odd)):
            return None
        broken = tuple(_broken(claim, entry, ledger))
        if not claim.odd or not self._warns:
            return not broken, broken
        warnings = self._by_signs(claim, body)
        if claim.phone == entry.phone_key:
            warnings = tuple([each for each in warnings if each.code != "mobile-phone-not-ten-digits"])
        return not broken, (*broken, *warnings)

    def _by_signs(self, claim: Claim, body: Callable[[], Any]) -> Said:
        """What was said of the first row with the same signs, or of rows with one of them each."""
        signs = (claim.faults, claim.odd if self._warns else ())
        said = self._said.get(signs)
        if said is None:
            said = self._together(*signs)
            if said is None:
                said = self._judged(body())
            if len(self._said) < _ENOUGH:
                self._said[signs] = said
        return said

    def _together(self, faults: Signs, odd: Signs) -> Said | None:
        """What is said of rows with one of these faults each, in the order of the laws.

        None where one of them was not met yet, or is a wrong type: these are said in the order of members.
        """
        said, ranks = list[Violation](), self._ranks
        for signs in (*[((fault,), NONE) for fault in faults], (NONE, odd)):
            part = self._said.get(signs)
            if part is None or not all(each.code in ranks for each in part):
                return None
            said += part
        return tuple(sorted(said, key=lambda each: ranks[each.code]))

    def _judged(self, body: Any) -> Said:
        """What the laws say."""
        asked, faults = read_value(body)
        decision = self._nobody.decide(Change(Operation.BULK, self._project.id, asked=asked, faults=faults))
        return (*decision.violations, *decision.warnings) if self._warns else decision.violations

    def _taken(self, claim: Claim, ledger: Ledger) -> Said:
        """What another participant has already; these two laws are the last ones of those that refuse."""
        email = ledger.emails.first.get(claim.email or "")
        number = "" if claim.has_fault(MALFORMED_PHONE) else claim.phone or ""
        phone = ledger.phones.first.get(number)
        found: list[Violation] = []
        if email is not None:
            pointer = related(email.email_row, "/demographics/email")
            found.append(_EMAIL_TAKEN.violation(at(related=pointer)))
        if phone is not None:
            pointer = related(phone.phone_row, "/demographics/mobilePhone")
            found.append(_PHONE_TAKEN.violation(at(related=pointer)))
        return tuple(found)


def _is_of_field(sign: str) -> bool:
    return sign.startswith("customFields")


def _broken(claim: Claim, entry: Entry, ledger: Ledger) -> Iterator[Violation]:
    """What a participant cannot become: who has enrolled keeps both, and nobody gets what another one has."""
    email = claim.email if claim.email != entry.email_key else UNSET
    phone = claim.phone if claim.phone != entry.phone_key else UNSET
    if entry.enrolled and email is not UNSET:
        yield _EMAIL_IMMUTABLE
    if entry.enrolled and phone is not UNSET:
        yield _PHONE_IMMUTABLE
    holder = ledger.emails.first.get(email or "")
    if holder is not None:
        yield _EMAIL_TAKEN.violation(at(related=related(holder.email_row, "/demographics/email")))
    holder = ledger.phones.first.get(phone or "")
    if holder is not None:
        yield _PHONE_TAKEN.violation(at(related=related(holder.phone_row, "/demographics/mobilePhone")))


def teller_of(project: Project, policy: Policy, *, warnings: bool) -> Teller:
    """The teller of a project, which remembers what it was asked."""
    teller: Teller | None = project.made.get((policy, warnings))
    if teller is None:
        teller = project.made[policy, warnings] = Teller(project, policy, warnings=warnings)
    return teller


def _tells_nothing(_body: object) -> None:
    """The screen for laws that it does not know."""
