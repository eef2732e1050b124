"""Which tier of model a change deserves, from its diff alone, with reasons a person can read.

Routing picks the model; it never skips a review. Text in a diff moves the score by the published features
only, and a team's route holds whatever else the change says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hunkworks.change.model import FileChange, Role
from hunkworks.config import Config, Tier
from hunkworks.route.model import Reason, Route
from hunkworks.route.observation import observe
from hunkworks.route.tally import Tally
from hunkworks.route.team import TeamRoute
from hunkworks.route.weights import frozen

MOST_REASONS = 7
_MOST_WORDS = 5
LONGEST_TEXT = 160
_LEAST_SHARE = 0.05  # of the log-odds: what adds less is no reason to a reader


class Router:
    """Fed file by file, so that a diff of any size costs the memory of its largest file.

    Raises:
        ConfigError: A team's route has a pattern that is none.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._weights = frozen()
        self._tally = Tally(self._weights)
        self._team = [TeamRoute(rule) for rule in config.route.rules]
        self._raised: dict[TeamRoute, Reason] = {}
        self._roles: dict[Role, int] = {}

    def feed(self, file: FileChange) -> None:
        """Look at one file of the change; only code counts, but a team's routes see every file."""
        self._roles[file.role] = self._roles.get(file.role, 0) + 1
        for rule in self._team:
            if rule not in self._raised and (reason := rule.reason(file)):
                self._raised[rule] = reason
        if file.role is Role.CODE:
            self._tally.add(observe(file, self._weights))

    def decide(self) -> Route:
        """Return the route of what was fed so far; an empty change has one too."""
        settings = self._config.route
        # What is compared is what is printed.
        score = min(round(self._tally.score, 4), 0.9999)
        reasons = list(self._raised.values())
        if not self._tally.lines:
            tier = Tier(settings.quiet)
            reasons.append(Reason(self._quiet()))
        else:
            tier = Tier.DEEP if score >= settings.threshold else Tier.DEFAULT
            reasons += self._explain()
        tier = max([tier, *(rule.tier for rule in self._raised)], key=lambda one: one.rank)
        judge = self._config.tiers[tier]
        clipped = tuple(_clip(reason) for reason in reasons)
        return Route(tier, judge.model, judge.agent, score, settings.threshold, clipped)

    def _quiet(self) -> str:
        if not self._roles:
            return "the change is empty"
        counted = ", ".join(f"{number} {role.value}" for role, number in sorted(self._roles.items()))
        return f"no line of code changed ({counted})"

    def _explain(self) -> list[Reason]:
        """What raised the score, heaviest first; the words of the vocabulary stand together in one reason."""
        classes = _heaviest(self._tally.classes())[:MOST_REASONS]
        words = _heaviest(self._tally.words())[:_MOST_WORDS]
        reasons = [Reason(_rule(feature), *self._tally.place(feature)) for feature in classes]
        if words:
            names = ", ".join(dict.fromkeys(feature.partition(":")[2] for feature in words))
            reasons.append(Reason(f"vocabulary: {names}", *self._tally.place(words[0])))
        return reasons


def route(files: Iterable[FileChange], config: Config) -> Route:
    """Return the route of a whole change.

    Raises:
        ConfigError: A team's route has a pattern that is none.
    """
    router = Router(config)
    for file in files:
        router.feed(file)
    return router.decide()


def _heaviest(shares: Mapping[str, float]) -> list[str]:
    raising = [feature for feature, share in shares.items() if share >= _LEAST_SHARE]
    return sorted(raising, key=lambda feature: (-shares[feature], feature))


def _rule(feature: str) -> str:
    zone, _, token = feature.partition(":#")
    return f"{zone} {token}".strip()


def _clip(reason: Reason) -> Reason:
    text = reason.text.strip()
    short = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    return Reason(reason.rule, reason.path, reason.line, short)
