"""``hunkworks.toml``: every key optional, a wrong one named together with what was meant."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.config import Config, Tier, parse
from hunkworks.errors import ConfigError

ORIGIN = "main:hunkworks.toml"


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text, origin=ORIGIN)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_nothing_written_is_the_default() -> None:
    assert parse("", origin=ORIGIN) == Config()
    assert parse("# nothing yet\n", origin=ORIGIN) == Config()


def test_deep_work_goes_to_the_deep_reviewer_on_opus() -> None:
    config = Config()
    assert (config.tiers[Tier.DEEP].model, config.tiers[Tier.DEEP].agent) == ("opus", "deep-reviewer")
    assert (config.tiers[Tier.DEFAULT].model, config.tiers[Tier.DEFAULT].agent) == ("sonnet", "reviewer")
    assert Tier.FAST.rank < Tier.DEFAULT.rank < Tier.DEEP.rank


def test_swapping_a_model_is_one_line() -> None:
    judge = parse('tiers.deep.model = "sonnet"', origin=ORIGIN).tiers[Tier.DEEP]
    assert (judge.model, judge.agent) == ("sonnet", "deep-reviewer")


def test_a_headless_model_has_id_url_and_key_variable() -> None:
    text = '[tiers.default]\nid = "glm-9"\nbase_url = "https://models.example/v1"\nkey = "MODELS_KEY"\n'
    judge = parse(text, origin=ORIGIN).tiers[Tier.DEFAULT]
    assert (judge.id, judge.base_url, judge.key) == ("glm-9", "https://models.example/v1", "MODELS_KEY")
    assert judge.model == "sonnet"


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    assert parse("\ufeff[route]\r\nthreshold = 1\r\n", origin=ORIGIN).route.threshold == 1.0


def test_a_hook_is_switched_off_by_name() -> None:
    hooks = parse("[hooks]\nguard_commit = false\n", origin=ORIGIN).hooks
    assert (hooks.session_start, hooks.route_agent, hooks.guard_commit) == (True, True, False)


def test_team_routes_are_read_in_order() -> None:
    text = """
    [[route.rules]]
    name = "payments"
    paths = ["billing/**"]
    words = ["refund"]
    [[route.rules]]
    name = "migrations"
    tier = "default"
    paths = ["*.sql"]
    """
    first, second = parse(text, origin=ORIGIN).route.rules
    assert (first.name, first.tier, first.paths, first.words) == (
        "payments",
        "deep",
        ("billing/**",),
        ("refund",),
    )
    assert (second.name, second.tier) == ("migrations", "default")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tears]", "unknown key tears. expected tiers, found tears."),
        ("[route]\nthreshhold = 1", "fix: write route.threshold, or remove the key"),
        ("tiers.deep.modle = 'opus'", "expected model, found modle."),
        ("[[route.rules]]\nname = 'x'\npath = ['a']", "unknown key route.rules[0].path. expected paths"),
        ("[review]\nzzz = 1", "expected one of context_lines, fail_on, max_cycles, packet_bytes, found zzz."),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known(text: str, said: str) -> None:
    message = refusal(text)
    assert said in message
    assert message.startswith(ORIGIN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "tiers.deep.model = 'claude-opus-5-5'",
            "haiku, sonnet, opus, found 'claude-opus-5-5'.",
        ),
        ("review.max_cycles = 4", "review.max_cycles is not valid. expected int <= 3, found 4."),
        ("review.packet_bytes = 30000", "expected int <= 25000, found 30000."),
        ("review.fail_on = 'high'", "expected one of blocker, major, minor, note, found 'high'."),
        ("hooks.route_agent = 0", "expected true or false, found 0."),
        ("route.threshold = 'deep'", "expected a number, found 'deep'."),
        ("route.threshold = nan", "route.threshold is not valid."),
        ("route = 3", "route is not valid. expected a table, found 3."),
        ("route.rules = {}", "expected a list, found a table."),
        ("[[route.rules]]\nname = 'x'", "route.rules[0] is not valid. expected paths, words or both."),
        ("[[route.rules]]\npaths = ['x']", "route.rules[0] lacks name."),
        (
            "[[route.rules]]\nname = 'x'\ntier = 'fast'\npaths = ['a']",
            "one of default, deep, found 'fast'.",
        ),
        ("x = ", "is not TOML"),
        ("a = " + "[" * 5000, "nests too deep"),
    ],
)
def test_a_wrong_value_says_expected_and_found(text: str, said: str) -> None:
    assert said in refusal(text)


def test_a_secret_in_the_wrong_place_is_not_repeated() -> None:
    key = refusal('tiers.deep.key = "sk-live-0123456789"')
    url = refusal('tiers.deep.base_url = "https://me:hunter2@models.example"')
    assert "0123456789" not in key
    assert "variable" in key
    assert "hunter2" not in url


@given(st.text(max_size=200))
def test_any_text_is_a_configuration_or_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert isinstance(parse(text, origin=ORIGIN), Config)
