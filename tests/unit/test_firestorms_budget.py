"""The alert budget that is configured is the one that decides."""

from datetime import UTC, datetime, timedelta

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.firestorms.budget import USUAL_BUDGET
from soundings.services.firestorms.explain import until
from soundings.services.firestorms.report import run_all
from soundings.services.firestorms.watch import Watch
from soundings.services.settings import AlertSettings

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)


def department(budget: float | None = None) -> Department:
    account = Account(platform=Platform.X, handle="RiversAgency")
    return Department(
        key="rivers", name="Rivers Agency", timezone="Europe/London", accounts=(account,), alert_budget=budget
    )


def threshold(watch: Watch) -> float:
    watch.advance(AT)
    explanation = watch.explain()
    assert explanation is not None
    return explanation.verdict.threshold


def test_the_settings_default_is_the_detectors() -> None:
    """The figures of the measurements hold for who configures nothing."""
    assert AlertSettings().budget == USUAL_BUDGET


def test_a_departments_own_budget_goes_before_the_usual_one_and_a_named_one_before_both() -> None:
    usual = threshold(Watch(department()))
    assert threshold(Watch(department(budget=0.1))) > usual > threshold(Watch(department(budget=2.0)))
    assert threshold(Watch(department(budget=0.1), budget=USUAL_BUDGET)) == usual


def test_a_backtest_without_budgets_decides_as_the_live_service_would() -> None:
    """One test, told under the configured budget."""
    book = AccountBook(departments=(department(),))
    assert [test.budget for test in run_all([AT], book, (), usual=0.2)] == [0.2]
    assert [test.budget for test in run_all([AT], book, (0.5, 1.0), usual=0.2)] == [0.5, 1.0]


def test_why_explains_the_threshold_of_the_budget() -> None:
    few = until([AT + timedelta(minutes=1)], department(), AT, budget=0.1)
    many = until([AT + timedelta(minutes=1)], department(), AT, budget=2.0)
    assert few.verdict.threshold > many.verdict.threshold
