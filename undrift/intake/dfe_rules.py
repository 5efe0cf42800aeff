"""DfE's rules of the children in need census about plans, reviews, section 47 enquiries and conferences.

Each with its code, what it asks, how grave it is to us and what we do: what is said of a file comes from this table.
The codes are DfE's, in the validation rules that it publishes with each year's guide. A rule is asked of every format
in which its facts can stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from undrift.intake.findings import Finding, Place, Severity

CENSUS, DATASET, ANNEX_A, OWN = "cin-census", "ssd", "annex-a", "children"
EVERY = (CENSUS, DATASET, ANNEX_A, OWN)
IN_WORDS = {CENSUS: "census", DATASET: "dataset", ANNEX_A: "Annex A", OWN: "our CSV"}

LOOK = "Imported; check it."
NOT_OURS = "Nothing to import; check it."
WITHOUT = "Imported without it."
NOT_COUNTED = "Imported; review not counted for this plan."


@dataclass(frozen=True)
class DfeRule:
    """What a rule asks, in our words; what is done where it is not so, and in which formats it is asked."""

    code: str
    asks: str
    did: str = LOOK
    formats: Sequence[str] = (CENSUS,)
    severity: Severity = Severity.WARN


def broken(code: str, place: Place, found: str, *, wanted: str = "", did: str = "") -> Finding:
    """What is said where the rule of that code is not kept. `did` where this case is not as the table says."""
    rule = RULES[code]
    return Finding(severity=rule.severity, place=place, found=found, wanted=wanted, did=did or rule.did, code=rule.code)


RULES: Mapping[str, DfeRule] = {
    rule.code: rule
    for rule in (
        # Plans
        DfeRule("1105", "A plan starts on or after the day of the referral."),
        DfeRule("2883", "No more plans start in the year than initial conferences are held."),
        DfeRule(
            "2885",
            "A plan that starts in the year starts on the day of an initial conference. Asked of a census of every"
            " plan, of other files where an initial conference of the child is within four weeks of it.",
            formats=EVERY,
        ),
        DfeRule("8565", "After a referral was closed there is no enquiry, no initial conference and no end of a plan."),
        DfeRule(
            "8720",
            "A plan has a start, on or before the file's own day.",
            "Row not imported.",
            EVERY,
            Severity.REJECT,
        ),
        DfeRule("8730", "A plan says how many there were before it.", WITHOUT, (CENSUS, ANNEX_A)),
        DfeRule("8832", "A referral without further action has no plan."),
        DfeRule("8840", "A plan does not start and end on one day.", formats=EVERY),
        DfeRule(
            "8841", "A review comes after the day on which its plan starts.", NOT_COUNTED, (CENSUS, DATASET, ANNEX_A)
        ),
        DfeRule("8905", "A plan has a first category, one of the five.", WITHOUT, EVERY),
        DfeRule("8910", "A plan has a latest category, one of the five.", WITHOUT, EVERY),
        DfeRule("8915", "A plan does not start after the child's death.", formats=(CENSUS, DATASET, OWN)),
        DfeRule("8920", "A plan does not run on after the child's death.", formats=(CENSUS, DATASET, OWN)),
        DfeRule(
            "8925",
            "A plan does not end before it starts.",
            "Row not imported.",
            EVERY,
            Severity.REJECT,
        ),
        DfeRule(
            "8930",
            "A plan's end lies in the census year; in every file on or before the file's own day.",
            "Imported; check it. With an end still to come: imported as a plan that runs.",
            EVERY,
        ),
        DfeRule(
            "8935",
            "A child has one plan that runs.",
            "One is kept, or begins: the one on file, else the later. The other is asked about.",
            EVERY,
        ),
        DfeRule(
            "8940",
            "No plan of a child starts while another runs.",
            "Both imported; the child's page shows the later one.",
            EVERY,
        ),
        DfeRule("4001", "A child in need plan does not run beside a child protection plan."),
        DfeRule("4016", "A child in need plan does not start while a child protection plan runs."),
        DfeRule("4017", "A child protection plan does not start while a child in need plan runs."),
        # Reviews
        DfeRule("4003", "A review is not held while a child in need plan runs, but for the one that ended the plan."),
        DfeRule("8842Q", "A review has a date.", "Imported; review not counted."),
        # Section 47 enquiries and initial conferences
        DfeRule("1104", "An initial conference is held on or after the day of the referral."),
        DfeRule("2884", "An initial conference is recorded at the referral or at the enquiry.", "Imported once."),
        DfeRule("2889", "An enquiry starts on or after the day of the referral.", NOT_OURS),
        DfeRule("2991Q", "A referral with an enquiry has an assessment.", NOT_OURS),
        DfeRule(
            "8615",
            "An initial conference at an enquiry comes on or after the enquiry's start.",
            formats=(CENSUS, DATASET, ANNEX_A),
        ),
        DfeRule(
            "8675Q",
            "An enquiry comes to an initial conference within 15 working days, unless none is required.",
            NOT_OURS,
            (CENSUS, ANNEX_A),
        ),
        DfeRule(
            "8715",
            "An initial conference lies in the census year.",
            "Imported; check it. On a day still to come: imported as planned.",
        ),
        DfeRule("8740", "An enquiry that still needs an initial conference starts in the year.", NOT_OURS),
        DfeRule("8839", "A referral has one enquiry at the most that has come to nothing yet.", NOT_OURS),
        DfeRule(
            "8868",
            "Of a closed referral each enquiry has an initial conference, or needs none; never both.",
            NOT_OURS,
        ),
        DfeRule(
            "8870Q",
            "The target of an initial conference is no Saturday and no Sunday.",
            "Not imported: the target is worked out from the enquiry.",
        ),
        DfeRule("8875", "An initial conference is held on no Saturday and no Sunday.", formats=EVERY),
        DfeRule("8890", "An enquiry does not start while another of the same referral goes on.", NOT_OURS),
        # Both
        DfeRule("8831", "A referral without further action has no enquiry and no initial conference."),
        DfeRule(
            "2990",
            "A case closed after assessment (RC8, RC9) has no enquiry, no initial conference, no plan.",
        ),
    )
}


def page() -> str:
    """The page that lists them."""
    return "\n".join([OPENING, *(_line(rule) for rule in RULES.values()), ""])


def _line(rule: DfeRule) -> str:
    kept = "the row is left out" if rule.severity is Severity.REJECT else "please look"
    formats = ", ".join(IN_WORDS[one] for one in rule.formats)
    return f"| {rule.code} | {rule.asks} | {kept} | {rule.did} | {formats} |"


OPENING = """# DfE's rules, as a check asks them

Made from `undrift/intake/dfe_rules.py` by `python -m undrift.config.documented`. Do not edit.

The rules of the children in need census that bear on plans, reviews, section 47 enquiries and conferences, in our
words. What a check says of one ends with its code: "(DfE 8925)". A rule is asked of every kind of file in which its
facts stand; the year of a census is the one that ends on its reference date. None of them stops a file. Of DfE's rules
about the child itself one is asked besides: 8535Q, that no death comes before the birth.

| code | what is asked | how grave | what we do | asked of |
|---|---|---|---|---|"""
