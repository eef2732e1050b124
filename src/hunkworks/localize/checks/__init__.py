"""Checks of translations: ``run`` says what is wrong with an answer before it is written; ``CHECKS`` lists them."""

from __future__ import annotations

from hunkworks.localize.checks.check import Check, Example
from hunkworks.localize.checks.model import Answer, Context, Problem, Severity, Subject
from hunkworks.localize.checks.table import CHECKS, run

__all__ = ["CHECKS", "Answer", "Check", "Context", "Example", "Problem", "Severity", "Subject", "run"]
