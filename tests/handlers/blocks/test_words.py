"""Every closed set has its words in both languages; every error its sentence (design.md, rules 5 and 10)."""

from typing import Any

import pytest

from bot.desk.reasons import Ended, Problem, Unclear, Why
from bot.domain import errors
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.customers import Blocking, Reason, ReasonKind, SoldBy
from bot.domain.eligibility_terms import HelpTopic, SubscriptionStatus
from bot.domain.facts import _COMPARED
from bot.domain.policy import SecondPersonReason
from bot.domain.roles import PartnerRole
from handlers.blocks import error_words, moves, names, pen, reason_words, steps
from handlers.blocks.errors import AT_FIELD, error_message, error_text, error_view, plain_problem
from handlers.blocks.reasons import reasons_text
from tests.handlers import samples
from tests.handlers.checking import check_message, check_view
from tests.handlers.samples import ASKER, AT, LANGUAGES


def every_error() -> list[errors.UpgradeDeskError]:
    """One of each class and of each reason."""
    made: list[errors.UpgradeDeskError] = [
        errors.UpgradeDeskError(),
        errors.NotThere(),
        errors.CustomerNotFound(query="<!channel> & Co"),
        errors.CustomerGone(query="c0000000-0000-4000-8000-000000000001"),
        errors.LinkedCustomerGone(query="c0000000-0000-4000-8000-000000000001"),
        errors.SubscriptionGone(),
        errors.HandleUnknown(),
        errors.HandleTooOld(),
        errors.ChangeUnknown(),
        errors.ChannelClosed(),
        errors.Clash(),
        errors.OpenChangeExists(change_id="c1", number="8F2K3M", by=ASKER),
        errors.AlreadyDecided(by=ASKER, at=AT, state="failed"),
        errors.FactsMoved(),
        errors.NotPossibleAnyMore(),
        errors.ServiceTrouble(),
        errors.ServiceUnreachable(),
        errors.ServiceTimeout(),
        errors.ServiceNonsense(),
        errors.ServiceDenied(status=401),
        errors.ServiceThrottled(retry_after=2.4),
        errors.FilesNotAllowed(),
        errors.ServiceRejected(status=400, fault_code="2002", fault_text="<b>no</b>"),
        errors.OutcomeUnknown(),
        errors.DatabaseDown(),
        errors.TooLate(),
        errors.Unexpected(reference="8F2K3M"),
    ]
    made += [errors.Refused(why, may=("sales_agent", "global_admin")) for why in [*Why, "never_heard_of"]]
    made += [errors.Undetermined(why) for why in [*Unclear, "never_heard_of"]]
    made += [errors.BadInput(field="note", problem=problem) for problem in [*Problem, "never_heard_of"]]
    return made


def subclasses(of: type[Any]) -> set[type[Any]]:
    return {of}.union(*(subclasses(each) for each in of.__subclasses__()))


def test_every_error_has_its_sentence() -> None:
    """Each class of the tree, each reason."""
    tree = {each for each in subclasses(errors.UpgradeDeskError) if each.__module__.startswith(f"{errors.__name__}.")}
    assert set(error_words.ERRORS) == tree
    assert {type(each) for each in every_error()} == tree
    assert set(error_words.REFUSALS) == set(Why)
    assert set(error_words.UNCLEAR) == set(Unclear)
    assert set(error_words.PROBLEMS) == set(Problem)
    assert set(error_words.ENDINGS) == set(Ended)
    assert all(error_words.ending_sentence(why) for why in [*Why, *Ended])
    assert error_words.ending_sentence("900278") is None


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize(
    "error", every_error(), ids=lambda each: f"{type(each).__name__}-{getattr(each, 'reason', '')}"
)
def test_every_error_can_be_told(error: errors.UpgradeDeskError, locale: str) -> None:
    """As a message, as a modal, and with its reference."""
    pen = samples.pen(locale)
    error.reference = "R5F2K3"
    message = error_message(pen, error, nonce="n", url="https://slack.example/x")
    check_message(message)
    check_view(error_view(pen, error, nonce="n"))
    assert "R5F2K3" in message.text
    assert "{" not in error_text(pen, error).replace("{date_short} {time}", "")
    if isinstance(error, AT_FIELD):
        assert "R5F2K3" in plain_problem(pen, error)


def test_what_is_undetermined_is_never_worded_as_a_refusal() -> None:
    """Design.md, "a press that decides", 2."""
    for reason in Unclear:
        assert "dürfen Sie nicht" not in error_text(samples.pen("de-DE"), errors.Undetermined(reason))
        assert "may not" not in error_text(samples.pen(), errors.Undetermined(reason))


def test_the_open_change_says_who_has_it() -> None:
    """With the person as a mention."""
    error = errors.OpenChangeExists(change_id="c1", number="8F2K3M", by=ASKER)
    assert error_text(samples.pen(), error).startswith("<@U0ASKER> already has an open change")


def test_no_name_is_missing() -> None:
    """Closed sets and their tables."""
    assert set(names.ROLES) == set(PartnerRole)
    assert set(names.STATUSES) == set(SubscriptionStatus)
    assert set(names.STATES) == set(ChangeState)
    assert set(names.SECOND_PERSON) == set(SecondPersonReason)
    assert set(reason_words.WHY) == set(reason_words.TO_DO) == set(ReasonKind)
    assert set(reason_words.SOLD_BY) == set(SoldBy)
    assert set(steps.STEPS) == set(AuditName)
    assert set(steps.VERDICTS) == set(AuditVerdict)
    assert set(pen.HELP_LABELS) == set(HelpTopic)
    assert set(moves.LABELS) == set(_COMPARED)


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("kind", ReasonKind)
def test_every_reason_says_why_and_what_to_do(kind: ReasonKind, locale: str) -> None:
    """Two sentences at least."""
    text = reasons_text(samples.pen(locale), (Reason(kind=kind, raw_code="x"),))
    assert text.count(".") >= 2


def test_what_stands_in_the_way_is_named_with_whose_it_is() -> None:
    """Conditions 3 and 4 of the article."""
    german = samples.pen("de-DE")
    held = Reason(
        kind=ReasonKind.TARGET_ALREADY_HELD,
        raw_code="3",
        blocking=Blocking(
            offer_name="Office 365 E3", friendly_name="Lager", subscription_id="x-7f3a", sold_by=SoldBy.PARTNER
        ),
    )
    text = reasons_text(german, (held,))
    assert text.startswith("der Kunde hat schon „Office 365 E3“ „Lager“ …7f3a (nicht über uns gekauft")
    assert "Der Kunde muss es zuerst kündigen." in text
    assert "multichannel" in text


def test_an_unknown_code_is_shown_as_it_came() -> None:
    """Literally."""
    unknown = Reason(kind=ReasonKind.OTHER, raw_code="4711", raw_text="Something <new>.")
    assert "“Something &lt;new&gt;” (code 4711)" in reasons_text(samples.pen(), (unknown,))


def test_missing_rights_say_how_to_ask_for_them() -> None:
    """A reseller relationship request that includes delegated administration."""
    rights = Reason(kind=ReasonKind.DELEGATED_RIGHTS_MISSING, raw_code="1", families=("exchange", "teams"))
    text = reasons_text(samples.pen(), (rights,))
    assert "Exchange, Teams" in text
    assert "reseller relationship" in text
