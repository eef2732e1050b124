"""Formats that issuers publish and betterleaks' rules lack or read too narrowly: one pattern each, kept by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

Span = tuple[int, int]


class Vendor(NamedTuple):
    """One issuer's format: the whole match is secret, or its group 1."""

    kind: str
    keywords: tuple[str, ...]
    pattern: re.Pattern[str]

    def find(self, text: str, start: int, end: int) -> Iterator[Span]:
        """Yield the spans of the format within ``text[start:end]``."""
        for found in self.pattern.finditer(text, start, end):
            # What the window cut is read to its end.
            whole = self.pattern.match(text, found.start()) or found if found.end() == end else found
            yield whole.span(1 if self.pattern.groups else 0)


def _vendor(kind: str, keywords: str, pattern: str) -> Vendor:
    return Vendor(kind, tuple(keywords.split()), re.compile(pattern, re.ASCII))


_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"

# An address that takes whatever is posted to it is a secret as a whole: who knows it may post.
VENDORS = (
    _vendor("appsync-api-key", "da2-", r"\bda2-[a-z0-9]{26}\b"),
    _vendor("asana-token", "asana", r"(?i)asana[^\n]{0,80}?\b(\d{15,}/\d{15,}(?::[0-9a-f]{32})?)"),
    _vendor("azure-app-configuration", "azconfig.io", r"azconfig\.io;Id=([^;\s\"']{4,60};Secret=[\w+/=]{40,120})"),
    _vendor("bitbucket-access-token", "atctt3xff atbb", r"\b(?:ATCTT3xFf[\w=-]{16,220}|ATBB[A-Za-z0-9]{28,36})"),
    _vendor("discord-webhook", "api/webhooks/", r"(?:https?://)?(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d{15,20}/[\w-]{30,90}"),
    _vendor("hubspot-private-app-token", "pat-na pat-eu", rf"\bpat-(?:na|eu)\d-{_UUID}"),
    _vendor("mapbox-token", "sk.", r"\bsk\.[\w-]{2,}(?:\.[\w-]{2,}){1,40}(?<=\w{60}|[\w.]{60})"),
    _vendor("maxmind-license-key", "_mmk", r"\b[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk\b"),
    _vendor("microsoft-teams-webhook", "/webhook", rf"(?:https?://)?(?:outlook\.office\.com/webhook|[\w-]{{1,60}}\.webhook\.office\.com/webhookb2)/{_UUID}@[\w./@-]{{36,200}}"),
    _vendor("new-relic-user-key", "nrak-", r"\bNRAK-[A-Z0-9]{24,32}\b"),
    _vendor("nuget-api-key", "oy2", r"\boy2[a-z0-9]{43}\b"),
    _vendor("prefixed-key", "pri_ priv_ sk_ key_ tok_ pat_ api_", r"\b(?:priv?|sk|key|tok|pat|api)_[0-9a-f]{32,64}\b"),
    _vendor("slack-rotated-token", "xoxe", r"\bxoxe(?:\.xox[bp])?-\d-[\w-]{80,300}"),
    _vendor("thingsboard-device-token", "thingsboard", r"thingsboard[\w.-]{0,40}(?::\d+)?/api/v1/(\w{20})/"),
    _vendor("typeform-api-token", "tfp_", r"\btfp_[\w-]{36,64}"),
    _vendor("vault-unseal-key", "unseal", r"\bunseal\s+(?:-\S+\s+){0,3}([A-Za-z0-9+/]{43,64}=?)"),
    _vendor("zapier-webhook", "hooks.zapier.com", r"hooks\.zapier\.com/hooks/catch/(\w[\w/]{8,80})"),
)  # fmt: skip


def finders() -> Iterator[tuple[str, tuple[str, ...], Callable[[str, int, int], Iterator[Span]]]]:
    """Yield kind, keywords and search of each."""
    return ((vendor.kind, vendor.keywords, vendor.find) for vendor in VENDORS)
