"""Which tier of model a change deserves, from its diff alone, with reasons a person can read.

Routing picks the model; it never skips a review. Text in a diff moves the score by the published features
only, and a team's route holds whatever else the change says.
"""

from __future__ import annotations

from collections.abc import Iterable

from hunkworks.change.model import FileChange, Role
from hunkworks.config import Config, Tier
from hunkworks.route.model import Reason, Route
from hunkworks.route.observation import Observation
from hunkworks.route.team import TeamRoute
from hunkworks.route.weights import Scored, frozen, score

MOST_REASONS = 8
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
        self._seen = Observation(self._weights)
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
            self._seen.add(file)

    def decide(self) -> Route:
        """Return the route of what was fed so far; an empty change has one too."""
        settings = self._config.route
        scored = score(self._weights, self._seen.counts, lines=self._seen.lines, files=self._seen.files)
        threshold = self._weights.threshold if settings.threshold is None else settings.threshold
        # What is compared is what is printed.
        rounded = round(scored.score, 4) if self._seen.lines else 0.0
        reasons = list(self._raised.values())
        if not self._seen.lines:
            tier = Tier(settings.quiet)
            reasons.append(Reason(self._quiet()))
        else:
            tier = Tier.DEEP if rounded >= threshold else Tier.DEFAULT
            reasons += self._explain(scored)
        tier = max([tier, *(rule.tier for rule in self._raised)], key=lambda one: one.rank)
        judge = self._config.tiers[tier]
        clipped = tuple(_clip(reason) for reason in reasons[: MOST_REASONS + len(self._raised)])
        return Route(tier, judge.model, judge.agent, rounded, threshold, clipped)

    def _quiet(self) -> str:
        if not self._roles:
            return "the change is empty"
        counted = ", ".join(f"{number} {role.value}" for role, number in sorted(self._roles.items()))
        return f"no line of code changed ({counted})"

    def _explain(self, scored: Scored) -> list[Reason]:
        """The features that raised the score, heaviest first; single words stand together in one reason."""
        raising = sorted(
            (feature for feature, share in scored.shares.items() if share >= _LEAST_SHARE),
            key=lambda feature: (-scored.shares[feature], feature),
        )
        classes = [feature for feature in raising if feature in self._weights.classes]
        vocabulary = [feature for feature in raising if feature in self._weights.words]
        reasons = [Reason(_rule(feature), *self._seen.places[feature]) for feature in classes]
        if vocabulary:
            names = ", ".join(dict.fromkeys(feature.partition(":")[2] for feature in vocabulary[:5]))
            reasons.append(Reason(f"vocabulary: {names}", *self._seen.places[vocabulary[0]]))
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


def _rule(feature: str) -> str:
    zone, _, token = feature.partition(":#")
    return f"{zone} {token}".strip()


def _clip(reason: Reason) -> Reason:
    text = reason.text.strip()
    short = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    return Reason(reason.rule, reason.path, reason.line, short)
