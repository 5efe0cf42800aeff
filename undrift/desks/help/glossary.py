"""The words of the service, for people who use it. docs/start/glossary.md says the same to those who build it."""

from undrift.desks.frame.components import Fact

WORDS = tuple(
    Fact(word, meaning)
    for word, meaning in (
        (
            "Resolution",
            "One concern about the plan of one or more children of a family, from the first conversation "
            "until it is settled. Some councils call it a starred recommendation from a certain stage.",
        ),
        ("Informal resolution", "A concern that is talked over and agreed without moving to a formal stage. Most are."),
        ("Stage", "One step of the policy. Each stage says who answers and by when."),
        ("Reason", "What kind of concern it is, by the policy’s own list."),
        (
            "Immediate risk",
            "A child may come to harm now. Somebody acts first; a concern about it may start at any stage.",
        ),
        ("Response", "The answer to a concern: whether the manager agrees, and what will be done."),
        (
            "Approve, send back",
            "What the next manager does with a response before the chair reads it. Nobody approves their own response.",
        ),
        (
            "Move to the next stage",
            "The chair’s decision when an answer has not come, or does not settle the concern. "
            "The service never does it by itself.",
        ),
        ("Due by", "The last day, or the hour, for something. A due date runs to the end of that day."),
        (
            "Working day",
            "Monday to Friday, without bank holidays and the days the council is closed. "
            "The day something is raised is not counted.",
        ),
        (
            "Why this date?",
            "How a date was worked out: the rule, the day it counts from, each day counted or left out.",
        ),
        ("Action", "What was agreed: who does what by when. Tracked until it is done and the chair has confirmed it."),
        ("What changed", "What is different for the child because of a resolution, written for each child."),
        (
            "Conference chair",
            "The independent chair of a child’s conferences. Some policies say CP Coordinator or IRO.",
        ),
        ("Copied in", "Told of it, and able to read it. Nothing is asked of them."),
        (
            "Route beside the stages",
            "Another way that the policy names, such as another team’s or the partnership’s. "
            "To record it changes no date.",
        ),
        (
            "Filed",
            "A child’s own text has been put on that child’s record in the council’s case system.",
        ),
        ("Restricted", "A record that only the people named for it may open."),
        ("Cover", "Somebody who acts for a person who is away. The record says on whose behalf."),
        ("Good practice note", "A note to the child about work that made a difference."),
        ("Drift and delay", "The field’s own words for a plan that is not moving."),
    )
)
