"""Which tier of model a change deserves, from its diff alone, with reasons a person can read.

Routing picks the model; it never skips a review. Text in a diff moves the score by the published features
only, and a team's route holds whatever else the change says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hunkworks.change.model import FileChange, Role
from hunkworks.config import Config, Tier
from hunkworks.route.lexicon import STRONG
from hunkworks.route.model import Reason, Route
from hunkworks.route.observation import ACROSS_LOCK, Place, observe
from hunkworks.route.tally import Tally
from hunkworks.route.team import TeamRoute
from hunkworks.route.weights import Weights, frozen

MOST_REASONS = 6
_MOST_WORDS = 5
LONGEST_TEXT = 160
_ZONES = {
    "gained": "gained",
    "lost": "lost",
    "kept": "rewritten",
    "changed": "changed",
    "near": "nearby",
    "section": "in the enclosing function",
    "prose": "in a comment or string",
    "import": "imported",
    "any": "at hand",
    "guarded": "a name that is guarded by a lock or atomic",
}
_LEAST_SHARE = 0.05  # of the log-odds: what adds less is no reason to a reader


# A lock that was there and is not any more, and a line that left a lock or came under it, go deep whatever the rest of
# the change looks like. Of the data set's natural commits this adds none to those that the weights send there
# (docs/decisions/0004-routing.md).
ALWAYS_DEEP = {"lost:#lock": "a lock was taken away", ACROSS_LOCK: "a line was moved across a lock"}


class _Watched:
    """The features that are looked for: those with a weight, and those that need none."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def __contains__(self, feature: object) -> bool:
        return feature in ALWAYS_DEEP or feature in self._weights


class Router:
    """Fed file by file, so that a diff of any size costs the memory of its largest file.

    Raises:
        ConfigError: A team's route has a pattern that is none.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._weights = frozen()
        self._watched = _Watched(self._weights)
        self._tally = Tally(self._weights)
        self._always: dict[str, Place] = {}
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
            seen = observe(file, self._watched)
            for feature in ALWAYS_DEEP:
                if feature in seen.features:
                    self._always.setdefault(feature, seen.features[feature])
            self._tally.add(seen)

    def decide(self) -> Route:
        """Return the route of what was fed so far; an empty change has one too."""
        settings = self._config.route
        # What is compared is what is printed.
        score = min(round(self._tally.score, 4), 0.9999)
        reasons = list(self._raised.values())
        reasons += (Reason(ALWAYS_DEEP[feature], *place) for feature, place in self._always.items())
        if not self._tally.lines:
            tier = Tier(settings.quiet)
            reasons.append(Reason(self._quiet()))
        else:
            tier = Tier.DEEP if score >= settings.threshold or self._always else Tier.DEFAULT
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
        """What raised the score, heaviest first: classes by the line they stand on, then the vocabulary."""
        shares = self._tally.classes()
        by_place: dict[Place, list[str]] = {}
        for feature in _heaviest(shares):
            by_place.setdefault(self._tally.place(feature), []).append(feature)
        heaviest = sorted(by_place.items(), key=lambda item: -sum(shares[feature] for feature in item[1]))
        reasons = [Reason(_rule(features), *place) for place, features in heaviest[:MOST_REASONS]]
        words = [word for word in _heaviest(self._tally.words()) if len(_token(word)) > 2][:_MOST_WORDS]
        if words:
            names = ", ".join(dict.fromkeys(map(_token, words)))
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


def _token(feature: str) -> str:
    return feature.partition(":")[2]


def _rule(features: list[str]) -> str:
    """Say in words what stands on one line: each class once, and that of all strong terms only if it is alone."""
    zones: dict[str, str] = {}
    for zone, _, name in (feature.partition(":#") for feature in features):
        if zones.get(name, "any") in ("any", "changed"):
            zones[name] = zone
    if len(zones) > 1:
        zones.pop(STRONG, None)
    return ", ".join(f"{name} {_ZONES[zone]}".strip() for name, zone in zones.items())


def _clip(reason: Reason) -> Reason:
    text = reason.text.strip()
    short = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    return Reason(reason.rule, reason.path, reason.line, short)
