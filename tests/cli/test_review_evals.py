"""A sample of the long measurements of headless reviews: what `make acceptance` runs hundreds of times."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from evals.review_chaos import storms
from evals.review_kill import measure as kill
from evals.review_replay import WRONG
from evals.review_replay import measure as replay

DIFF = b"""\
diff --git a/shop/cart.py b/shop/cart.py
index 1111111..2222222 100644
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -10,4 +10,6 @@ def total(items):
     result = 0
     for item in items:
-        result += item.price
+        if item.price is not None:
+            result += item.price * item.count
+    log.info("the total is %s", result)
     return result
"""


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets the developer's own key."""
    monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN", raising=False)


def test_whatever_the_network_does_a_report_is_right_or_says_that_it_is_incomplete() -> None:
    tally = storms(1, seed=13)
    assert tally.breaches == []
    assert tally.faults
    assert tally.forms == 8


def test_a_killed_run_goes_on_and_pays_nothing_twice() -> None:
    outcome, _ = kill(1, seed=5)
    assert outcome.kills >= 1
    assert (outcome.paid_twice, outcome.differing) == (0, [])


def test_a_report_comes_back_and_every_changed_body_is_named(tmp_path: Path) -> None:
    counts = replay(tmp_path / "one", DIFF, random.Random(1))
    assert (counts["reviews replayed"], counts["bodies changed"] > 8) == (1, True)
    assert [counts[name] for name in WRONG] == [0, 0, 0]
