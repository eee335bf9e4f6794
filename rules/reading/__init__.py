"""How people's words are read: a text's tokens, what claims them, and what it means."""

from rules.reading.commands import Said, split_command
from rules.reading.corrections import Correction, Standing, read_correction
from rules.reading.days import read_coming_day, read_day, read_inspection_date
from rules.reading.meaning import Doubt, Entry, Line, Message, Outcome, Slot, Why
from rules.reading.message import LONGEST_BATCH, Setting, may_be_reason, read_answer, read_message, reason_of
from rules.reading.queries import (
    Order,
    Query,
    group_named,
    read_log,
    read_order,
    read_query,
    read_survey,
    read_units,
)
from rules.reading.questions import Question, Topic, read_question
from rules.reading.vocabulary import Standard, Vocabulary, item_names

__all__ = [
    "LONGEST_BATCH",
    "Correction",
    "Doubt",
    "Entry",
    "Line",
    "Message",
    "Order",
    "Outcome",
    "Query",
    "Question",
    "Said",
    "Setting",
    "Slot",
    "Standard",
    "Standing",
    "Topic",
    "Vocabulary",
    "Why",
    "group_named",
    "item_names",
    "may_be_reason",
    "read_answer",
    "read_coming_day",
    "read_correction",
    "read_day",
    "read_inspection_date",
    "read_log",
    "read_message",
    "read_order",
    "read_query",
    "read_question",
    "read_survey",
    "read_units",
    "reason_of",
    "split_command",
]
