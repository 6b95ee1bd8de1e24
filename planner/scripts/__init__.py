"""What to say: every touchpoint's script, in the customer's language, filled with the customer's facts."""

from planner.scripts.context import PLACEHOLDERS, contact_contexts, why_text
from planner.scripts.cues import cue_sentences, cue_text
from planner.scripts.render import Scripts, split_subject
from planner.scripts.sms import sms_segments

__all__ = [
    "PLACEHOLDERS",
    "Scripts",
    "contact_contexts",
    "cue_sentences",
    "cue_text",
    "sms_segments",
    "split_subject",
    "why_text",
]
