"""Every key that a recipe file may hold, what it takes and what it means: one table.

``schema`` checks files against it, ``jsonschema`` publishes it for editors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hunkworks.change.model import Role
from hunkworks.rules.classes import CLASSES, Severity
from hunkworks.rules.detectors import DETECTORS
from hunkworks.rules.languages import LANGUAGES
from hunkworks.rules.recipe import ParameterType, Safety


@dataclass(frozen=True, slots=True)
class Key:
    """What one key takes: ``kind`` of value, and what that holds.

    ``keys`` are the names that a mapping may have, ``values`` what each value of a mapping with free names is,
    ``items`` what a list holds, ``either`` a second form that the value may have.
    """

    kind: type
    what: str = ""
    required: bool = False
    one_of: Collection[str] = ()
    keys: Mapping[str, Key] | None = None
    values: Key | None = None
    items: Key | None = None
    either: Key | None = None
    least: int = 0
    may_be_empty: bool = False


_TEXT = Key(str)
_TEXTS = Key(list, items=_TEXT)
_VALUE = Key(str, either=Key(int, either=Key(bool)))
_EXAMPLE = Key(str, either=Key(dict, keys={"path": Key(str, required=True), "text": Key(str, required=True)}))
_CASE = {
    "path": Key(str, "A path that decides, such as src/App.tsx; without it one of the recipe's language."),
    "parameters": Key(dict, "Values of parameters, also of those that are asked for.", values=_VALUE),
    "files": Key(dict, "Other files of the project, by path, that a guard or an edit reads.", values=_TEXT),
}
_REWRITE = {
    "before": Key(str, "The source as it stands.", required=True),
    "after": Key(str, "The source as it has to be afterwards, exactly.", required=True, may_be_empty=True),
    **_CASE,
    "files-after": Key(dict, "Those of the other files that the edit changes or makes.", values=_TEXT),
}
_REFUSED = {
    "text": Key(str, "Source that matches and that a guard refuses or leaves to a judge.", required=True),
    **_CASE,
}
_EXPANSION = Key(dict, "Neighbours to replace too, as ast-grep writes it: regex, kind, stopBy.")

EXAMPLES = {
    "rewrite": Key(list, "Before and after.", items=Key(dict, keys=_REWRITE)),
    "match": Key(list, "What has to match.", items=_EXAMPLE),
    "no-match": Key(list, "What looks like it and must not match.", items=_EXAMPLE, least=2),
    "refused": Key(list, "What matches, and is not rewritten by code.", items=Key(dict, keys=_REFUSED)),
}
GUARD = {
    "refuse": Key(str, "Why such a match is not rewritten at all."),
    "judge": Key(str, "Why such a match is left to somebody who judges."),
    "rule": Key(dict, "The matched node also fulfils this ast-grep rule."),
    "file": Key(str, "The file's text has this Python regular expression."),
    "file-lacks": Key(str, "The file's text has nothing that this expression matches."),
    "project": Key(
        dict,
        "The nearest file of this name, beside the match or above it.",
        keys={
            "file": Key(str, "Its name, such as go.mod.", required=True),
            "has": Key(str, "Its text has this expression."),
            "lacks": Key(str, "Its text has nothing that this expression matches, or there is no such file."),
        },
    ),
}
PARAMETER = {
    "type": Key(str, "What its value may be.", required=True, one_of=tuple(ParameterType)),
    "description": Key(str, "What it is for, in one line.", required=True),
    "default": Key(str, "Its value where nobody names one.", either=Key(int, either=Key(bool))),
    "choices": Key(list, "The values of the type choice, as written into the code.", items=_TEXT),
    "captures": Key(
        str, "The captured variable that has to read exactly like the value, such as NAME for $NAME."
    ),
    "ask": Key(bool, "Whoever judges a match names the value: every match is residue until then."),
}
STEP = {
    "use": Key(str, "The edit's name.", required=True),
    "of": Key(str, "The captured variable that it is about; without it the whole match."),
    "at": Key(str, "Where an insertion goes.", one_of=("before", "after", "first", "last")),
    "text": Key(str, "What to insert or to put in its place: a template like fix."),
    "before": Key(str, "The line that opens a wrapping."),
    "after": Key(str, "The line that closes a wrapping."),
    "with": Key(dict, "What else the named edit wants to know."),
}
METADATA = {
    "title": Key(str, "What it does, in a few words.", required=True),
    "why": Key(str, "Why it is worth doing.", required=True),
    "safety": Key(str, "Who decides about a match; without it detect.", one_of=tuple(Safety)),
    "class": Key(str, "What its finding in a review is about.", one_of=tuple(CLASSES)),
    "severity": Key(str, "How much that finding matters.", one_of=tuple(Severity)),
    "scenario": Key(str, "How it goes wrong for somebody."),
    "confidence": Key(int, "Of 100 findings, how many a senior reviewer would want."),
    "roles": Key(list, "Roles of files that it looks at.", items=Key(str, one_of=tuple(Role))),
    "languages": Key(
        list, "More languages of the same folder.", items=Key(str, one_of=tuple(sorted(LANGUAGES)))
    ),
    "regex": Key(str, "A Python regular expression, searched in each added line, instead of a rule."),
    "detector": Key(str, "A built-in detector instead of a rule.", one_of=tuple(DETECTORS)),
    "unless": Key(str, "Files that hold this Python regular expression are left alone."),
    "guard": Key(list, "Reasons not to rewrite a match by code.", items=Key(dict, keys=GUARD)),
    "edit": Key(list, "Named code edits, where a template cannot say it.", items=Key(dict, keys=STEP)),
    "imports": Key(
        dict,
        "Imports that go with the rewrite, each as one statement of the language.",
        keys={
            "add": Key(list, "Imports that the new code needs.", items=_TEXT),
            "drop": Key(list, "Imports that go where nothing else in the file uses them.", items=_TEXT),
        },
    ),
    "brief": Key(str, "What whoever judges a match has to know and decide."),
    "parameters": Key(
        dict, "Values that a run may choose: {{name}} in texts.", values=Key(dict, keys=PARAMETER)
    ),
    "verify": Key(
        list, "A command, word by word, that succeeds afterwards; runs after `hunkworks trust`.", items=_TEXT
    ),
    "tried": Key(str, "On what it was tried, with numbers."),
    "examples": Key(dict, "Its tests.", required=True, keys=EXAMPLES),
}
# What ast-grep's program reads, without `rewriters` and `labels`: its Python binding ignores them silently.
TOP = {
    "id": Key(str, "The file's name, in kebab-case.", required=True),
    "language": Key(str, "As ast-grep spells it.", one_of=(*sorted(LANGUAGES), "any")),
    "severity": Key(
        str, "ast-grep's own rank.", required=True, one_of=("error", "warning", "info", "hint", "off")
    ),
    "message": Key(str, "What is wrong with a match, in one sentence.", required=True),
    "note": Key(str, "What to do instead."),
    "url": Key(str, "Where to read more."),
    "rule": Key(dict, "ast-grep's rule."),
    "constraints": Key(dict, "ast-grep's constraints on captured variables."),
    "utils": Key(dict, "ast-grep's rules by name."),
    "transform": Key(dict, "ast-grep's transformations of captured variables."),
    "fix": Key(
        str,
        "What takes the match's place: a template with $VARIABLES and {{parameters}}.",
        either=Key(
            dict,
            keys={
                "template": Key(str, "The template.", required=True, may_be_empty=True),
                "expandStart": _EXPANSION,
                "expandEnd": _EXPANSION,
            },
        ),
    ),
    "files": Key(list, "Only paths that one of these globs matches.", items=_TEXT),
    "ignores": Key(list, "No path that one of these globs matches.", items=_TEXT),
    "metadata": Key(dict, "What Hunkworks adds.", required=True, keys=METADATA),
}
