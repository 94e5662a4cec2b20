"""The certification lifecycle: validity, yearly verification, verifier and mark."""

from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from landproof.criteria.certification import CERTIFIED_ON, first_days
from landproof.criteria.company import applications, years_later
from landproof.criteria.evidence import citation_problem, with_document
from landproof.criteria.ladder import digests, first_reason, outcome_of
from landproof.criteria.registry import rule
from landproof.criteria.rows import Row, results, row
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome

_SIGNS_OF_CERTIFICATION = ("board_confirmed_on", "certificate_on", "mark_first_used_on")


@rule(
    "DCF-LC-1",
    reasons={
        "not-certified": text("The application is on file and nothing shows a certification yet."),
        "certification-date-missing": text(
            "There are signs of a certification, but the day from which it counts is missing."
        ),
        "not-yet-certified": text("The certification counts from %(certified)s, after the evaluation date."),
        "expired": text("The certification of %(certified)s ran up to the day before %(expires)s."),
        "valid": text("The certification of %(certified)s is valid up to the day before %(expires)s."),
    },
)
def valid_for_five_years(
    application: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    certified_from: str,
    validity_years: int,
) -> pl.DataFrame:
    """Valid from the day of certification up to, not including, the same day five years later (AMB-01)."""
    rows: list[Row] = []
    for each in applications(application, documents):
        certified: date | None = each[CERTIFIED_ON[certified_from]]
        expires = None if certified is None else years_later(certified, validity_years)
        if certified is None or expires is None:
            outcome, reason = _without_date(each)
        elif each["cited"] is not None:
            outcome, reason = Outcome.INSUFFICIENT, each["cited"]
        elif as_of < certified:
            outcome, reason = Outcome.NOT_MET, "not-yet-certified"
        elif as_of >= expires:
            outcome, reason = Outcome.NOT_MET, "expired"
        else:
            outcome, reason = Outcome.MET, "valid"
        rows.append(
            row(outcome, reason, each["subject"], evidence=[each["digest"]], certified=certified, expires=expires)
        )
    return results(rows)


def _without_date(each: Row) -> tuple[Outcome, str]:
    if any(each[name] is not None for name in _SIGNS_OF_CERTIFICATION):
        return Outcome.INSUFFICIENT, "certification-date-missing"
    # That nothing is certified must itself be shown by the application form.
    if each["cited"] is not None:
        return Outcome.INSUFFICIENT, each["cited"]
    return Outcome.NOT_APPLICABLE, "not-certified"


@rule(
    "DCF-LC-2",
    reasons={
        "certification-date-missing": text("The day from which the certification counts is missing."),
        "no-period-complete": text("The first period, which ends before %(before)s, is still running."),
        "no-verifications": text("No verification is on file for the period from %(start)s to before %(before)s."),
        "verification-date-missing": text(
            "No verification is dated from %(start)s to before %(before)s, but one on file has no date."
        ),
        "period-covered-missing": text(
            "The verification from %(start)s to before %(before)s does not say which period it covers."
        ),
        "verified": text("A verification was completed from %(start)s to before %(before)s."),
        "not-verified": text("No verification was completed from %(start)s to before %(before)s."),
    },
)
def verified_every_year(
    application: pl.DataFrame,
    verifications: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    certified_from: str,
    validity_years: int,
    verification_interval_months: int,
    verification_years: str,
) -> pl.DataFrame:
    """Each period of the validity that is over by the evaluation date holds a completed verification (AMB-02)."""
    reports = with_document(verifications, documents).with_columns(cited=citation_problem(page=None)).to_dicts()
    rows: list[Row] = []
    for each in applications(application, documents):
        certified: date | None = each[CERTIFIED_ON[certified_from]]
        if certified is None:
            rows.append(row(Outcome.INSUFFICIENT, "certification-date-missing", each["subject"]))
            continue
        expires = years_later(certified, validity_years)
        days = first_days(certified, expires, verification_interval_months, verification_years)
        over = [(start, before) for start, before in pairwise(days) if before <= as_of]
        if not over:
            rows.append(row(Outcome.NOT_APPLICABLE, "no-period-complete", each["subject"], before=days[1]))
        for start, before in over:
            outcome, reason, evidence = _verified_in(reports, start, before)
            rows.append(
                row(outcome, reason, f"{start} / {before - timedelta(days=1)}", evidence=evidence,
                    start=start, before=before)
            )  # fmt: skip
    return results([{"start": None, "before": None, **each} for each in rows])


def _verified_in(reports: list[Row], start: date, before: date) -> tuple[Outcome, str, list[str | None]]:
    """What the verification reports say of the period from ``start`` to before ``before``."""
    inside = [
        each for each in reports if each["completed_on"] is not None and start <= each["completed_on"] < before
    ]
    problems = [
        each["cited"] or ("period-covered-missing" if None in (each["period_start"], each["period_end"]) else None)
        for each in inside
    ]
    if None in problems:
        good = [each["digest"] for each, problem in zip(inside, problems, strict=True) if problem is None]
        return Outcome.MET, "verified", good
    if problems:
        return Outcome.INSUFFICIENT, min(str(problem) for problem in problems), []
    if not reports:
        return Outcome.INSUFFICIENT, "no-verifications", []
    if any(each["completed_on"] is None for each in reports):
        return Outcome.INSUFFICIENT, "verification-date-missing", []
    return Outcome.NOT_MET, "not-verified", []


# Who may authorise a verifier, under each reading of AMB-03.
_AUTHORITIES = {"board": ["board"], "board or initiative": ["board", "initiative"]}


@rule(
    "DCF-LC-3",
    reasons={
        "authorised": text("The verifier of %(subject)s was authorised for entities on %(completed)s."),
        "completion-date-missing": text("Verification %(subject)s does not say when it was completed."),
        "authority-missing": text("It is not stated who authorised the verifier of %(subject)s."),
        "not-by-authority": text(
            "The verifier of %(subject)s was authorised by the %(by)s, which does not count."
        ),
        "scope-missing": text("It is not stated what the verifier of %(subject)s is authorised for."),
        "other-scope": text("The verifier of %(subject)s is not authorised for entities."),
        "start-missing": text("It is not stated from when the verifier of %(subject)s is authorised."),
        "not-authorised-then": text("The verifier of %(subject)s was not authorised on %(completed)s."),
        "authorisation-not-in-case": text("The authorisation of the verifier of %(subject)s is not in the case."),
        "independence-not-in-case": text("The independence statement for %(subject)s is not in the case."),
    },
)
def verifier_authorised(
    verifications: pl.DataFrame, documents: pl.DataFrame, *, verifier_authorised_by: str
) -> pl.DataFrame:
    """The verifier was authorised for entities on the day of verification, and is independent (AMB-03)."""
    day, start, end = pl.col("completed_on"), pl.col("authorised_from"), pl.col("authorised_to")
    rows = with_document(
        with_document(verifications, documents, "authorisation_document").rename({"digest": "authorisation"}),
        documents,
        "independence_document",
    ).rename({"digest": "independence"})
    reason = first_reason(
        (~pl.col("authorised_by").is_in(_AUTHORITIES[verifier_authorised_by]), "not-by-authority"),
        (pl.col("authorised_scope") != "entity", "other-scope"),
        ((day < start) | (day > end), "not-authorised-then"),
        (pl.col("authorised_by").is_null(), "authority-missing"),
        (pl.col("authorised_scope").is_null(), "scope-missing"),
        (day.is_null(), "completion-date-missing"),
        (start.is_null(), "start-missing"),
        (pl.col("authorisation").is_null(), "authorisation-not-in-case"),
        (pl.col("independence").is_null(), "independence-not-in-case"),
        otherwise="authorised",
    )
    return rows.with_columns(reason=reason).select(
        "reason",
        subject="verification",
        completed="completed_on",
        by="authorised_by",
        outcome=outcome_of("authorised", not_met=("not-by-authority", "other-scope", "not-authorised-then")),
        evidence=digests("authorisation", "independence"),
    )


@rule(
    "DCF-LC-4",
    reasons={
        "mark-not-used": text("The application is on file and the mark has not been used."),
        "confirmation-missing": text(
            "The mark is in use since %(used)s, but no confirmation by the Board is on file."
        ),
        "used-before": text("The mark was first used on %(used)s, before the Board confirmed on %(confirmed)s."),
        "used-after": text("The mark was first used on %(used)s; the Board confirmed on %(confirmed)s."),
    },
)
def mark_after_confirmation(application: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The mark is first used on the day of the Board's confirmation or later."""
    rows: list[Row] = []
    for each in applications(application, documents):
        used, confirmed = each["mark_first_used_on"], each["board_confirmed_on"]
        if used is not None and confirmed is not None and used < confirmed:
            outcome, reason = Outcome.NOT_MET, "used-before"
        elif each["cited"] is not None:
            outcome, reason = Outcome.INSUFFICIENT, each["cited"]
        elif used is None:
            outcome, reason = Outcome.NOT_APPLICABLE, "mark-not-used"
        elif confirmed is None:
            outcome, reason = Outcome.INSUFFICIENT, "confirmation-missing"
        else:
            outcome, reason = Outcome.MET, "used-after"
        rows.append(
            row(outcome, reason, each["subject"], evidence=[each["digest"]], used=used, confirmed=confirmed)
        )
    return results(rows)
