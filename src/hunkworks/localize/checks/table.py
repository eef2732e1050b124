"""Every check: one entry with its name, what it promises, how hard it is, and examples that are its tests."""

from __future__ import annotations

from hunkworks.catalogs.placeholders import Syntax
from hunkworks.localize.checks import arguments, characters, markup, messages, structure, wording
from hunkworks.localize.checks.check import Check, Example
from hunkworks.localize.checks.model import Answer, Case, Context, Problem, Subject

_FLOOR, _FACTOR = 1000, 10


def run(source: Subject, answer: Answer, locale: str, context: Context | None = None) -> list[Problem]:
    """Return everything that is wrong with a translation, blocking problems first; [] for a good one.

    Args:
        source: What was translated.
        answer: The text, or the plural forms by CLDR category.
        locale: Of the answer, as BCP 47.
        context: Of the catalog it goes into.
    """
    context = context or Context()
    case = Case(source, answer, locale, context)
    most = _FLOOR + _FACTOR * max(map(len, case.sources))
    if too_long := next((text for text in case.texts.values() if len(text) > most), ""):
        # No translation; and patterns of placeholders take quadratic time on hostile text.
        message = f"expected about {len(source.source)} characters, found {len(too_long)}"
        return [Problem("translation-only", "blocking", message)]
    problems: list[Problem] = []
    for check in CHECKS:
        severity = context.severities.get(check.name, check.severity)
        if severity != "off":
            problems += [Problem(check.name, severity, message) for message in check.examine(case)]
    return sorted(problems, key=lambda problem: problem.severity != "blocking")


_FILES = {"one": "%d file", "other": "%d files"}
_ICU_FILES = "{n, plural, one {# file} other {# files}}"

CHECKS: tuple[Check, ...] = (
    Check(
        "empty",
        "A translation has text.",
        "blocking",
        structure.empty,
        right=(Example("Save", "Sichern"), Example(",", " ", "fr"), Example("", "")),
        wrong=(
            Example("Save", ""),
            Example("Save", " \u200b\n"),
            Example(_FILES, {}),
            Example(_FILES, {"other": ""}),
        ),
    ),
    Check(
        "forms",
        "The plural forms that CLDR, or the file's own header, requires of the locale are there.",
        "blocking",
        structure.forms,
        right=(
            Example(_FILES, {"one": "%d Datei", "other": "%d Dateien"}),
            Example(_FILES, {"other": "%d ファイル"}, "ja"),
            Example(_FILES, {"one": "%d fichier", "other": "%d fichiers"}, "fr"),
            Example(_FILES, {"zero": "keine", "one": "%d Datei", "other": "%d Dateien"}),
            Example(_ICU_FILES, "{n, plural, one {# Datei} other {# Dateien}}", syntax=Syntax.ICU),
            Example(_ICU_FILES, "{n, plural, other {# ファイル}}", "ja", Syntax.ICU),
        ),
        wrong=(
            Example(_FILES, {"one": "%d plik", "other": "%d pliku"}, "pl"),
            Example(_FILES, {"other": "%d Dateien"}),
            Example(_FILES, "%d Dateien"),
            Example("File", {"one": "Datei", "other": "Dateien"}),
            Example(_FILES, {"one": "%d Datei", "other": "%d Dateien", "einige": "x"}),
            Example(_ICU_FILES, "{n, plural, one {# файл} other {# файла}}", "ru", Syntax.ICU),
        ),
    ),
    Check(
        "placeholders",
        "Every placeholder of the source is there, none is new, each takes the same value; where a plural form is "
        "one number in the locale, the number may stay out.",
        "blocking",
        arguments.same,
        right=(
            Example("%1$s of %2$s", "%2$s: %1$s", syntax=Syntax.JAVA),
            Example("%s of %d", "%2$d: %1$s", syntax=Syntax.C),
            Example("%s", "%1$s", syntax=Syntax.JAVA),
            Example("%d %%", "%s %%", syntax=Syntax.JAVA),
            Example("Hi {name}", "{name}, {name}!", syntax=Syntax.BRACE),
            Example(_FILES, {"one": "eine Datei", "other": "%d Dateien"}, syntax=Syntax.JAVA),
            Example(_FILES, {"zero": "keine", "one": "eine", "other": "%d Dateien"}, syntax=Syntax.OBJC),
            Example("{{count}} of {{name}}", "{{name}}: {{count}}", syntax=Syntax.I18NEXT),
            Example("100% of %@", "100 % von %@", syntax=Syntax.OBJC),
            Example(_ICU_FILES, "{n, plural, one {eine Datei} other {# Dateien}}", syntax=Syntax.ICU),
            Example(_ICU_FILES, "{n}個のファイル", "ja", Syntax.ICU),
            Example("{name}", "l'{name}", "fr", Syntax.ICU, "arb"),
        ),
        wrong=(
            Example("Hi %1$s and %2$d", "Hallo  und", syntax=Syntax.JAVA),
            Example("Hi {name}", "Hallo"),
            Example("%s of %d", "%d: %s", syntax=Syntax.C),
            Example("%@ of %d", "%d: %@", syntax=Syntax.OBJC),
            Example("Hi %@", "Hallo % @", syntax=Syntax.OBJC),
            Example("%d", "%s", syntax=Syntax.C),
            Example("%s", "%d", syntax=Syntax.JAVA),
            Example("Hi {name}", "Hallo {Name}", syntax=Syntax.BRACE),
            Example("Hi {{name}}", "Hallo {name}", syntax=Syntax.I18NEXT),
            Example("Hi %{name}", "Hallo %{nom}", "fr", Syntax.RUBY),
            Example("%(n)s", "%(n)s %(m)s", syntax=Syntax.PYTHON),
            Example("%s %s", "%s", syntax=Syntax.PYTHON),
            Example(_FILES, {"one": "файл", "few": "%d", "many": "%d", "other": "%d"}, "ru", Syntax.JAVA),
            Example(
                {"one": "%s: %d", "other": "%s: %d"}, {"one": "eine", "other": "%s: %d"}, syntax=Syntax.C
            ),
            Example("{name}", "l'{name}", "fr", Syntax.ICU),
            Example("{a, number}", "{a, date}", syntax=Syntax.ICU),
            Example(
                "{n, plural, one {{a}} other {# {a}}}", "{n, plural, one {} other {# {a}}}", syntax=Syntax.ICU
            ),
            Example(_ICU_FILES, "{n, plural, one {файл} few {#} many {#} other {#}}", "ru", Syntax.ICU),
        ),
    ),
    Check(
        "placeholder-syntax",
        "No percent sign or brace stands where the platform would read a placeholder.",
        "blocking",
        arguments.unbroken,
        right=(
            Example("%d%%", "%d %%", syntax=Syntax.C),
            Example("100%", "100 %", syntax=Syntax.C),
            Example("{a}", "{a} {{b}}", syntax=Syntax.BRACE),
        ),
        wrong=(
            Example("%d%% of it", "%d %%, 5 % davon", syntax=Syntax.C),
            Example("{a}", "{a} {", syntax=Syntax.BRACE),
            Example("{{a}}", "{{a}} {b}", syntax=Syntax.I18NEXT),
        ),
    ),
    Check(
        "icu-syntax",
        "An ICU message parses: braces closed, names and types in place, other in every choice, no branch twice.",
        "blocking",
        messages.parses,
        right=(
            Example("{n, plural, other {#}}", "{n, plural, other {#}}", "ja", Syntax.ICU),
            Example("Don't '{x}'", "L'un '{x}'", "fr", Syntax.ICU),
            Example("{0}", "l''{0}", "fr", Syntax.MESSAGE_FORMAT),
        ),
        wrong=(
            Example("{n}", "{n", syntax=Syntax.ICU),
            Example("{n}", "n}", syntax=Syntax.ICU),
            Example(_ICU_FILES, "{n, plural, one {# Datei}}", syntax=Syntax.ICU),
            Example(_ICU_FILES, "{n, plural, eins {# Datei} other {#}}", syntax=Syntax.ICU),
            Example(_ICU_FILES, "{n, Plural one {#} other {#}}", syntax=Syntax.ICU),
            Example("{0}", "{0", syntax=Syntax.MESSAGE_FORMAT),
        ),
    ),
    Check(
        "icu-keys",
        "A select has the source's keys.",
        "blocking",
        messages.same_keys,
        right=(
            Example(
                "{g, select, f {she} other {they}}", "{g, select, f {sie} other {sie}}", syntax=Syntax.ICU
            ),
        ),
        wrong=(
            Example(
                "{g, select, f {she} other {they}}", "{g, select, w {sie} other {sie}}", syntax=Syntax.ICU
            ),
            Example("{g, select, f {she} other {they}}", "{g, select, other {sie}}", syntax=Syntax.ICU),
        ),
    ),
    Check(
        "tags",
        "The source's tags are there, each as often, closed and nested as they were.",
        "blocking",
        markup.same,
        right=(
            Example("a <b>bold</b> one", "eine <b>fette</b>"),
            Example("a<br>b", "a<br/>b"),
            Example("<0>Log in</0> or <1/>", "<1/> oder <0>anmelden</0>"),
            Example("open <file>", "öffne <Datei>"),
            Example('by <g id="1">x</g>', 'von <g id="1">x</g>', markup=True),
            Example(
                "{n, plural, other {<b>#</b>}}",
                "{n, plural, one {<b>#</b>} other {<b>#</b>}}",
                syntax=Syntax.ICU,
            ),
        ),
        wrong=(
            Example("a <b>bold</b> one", "eine fette"),
            Example("a <b>bold</b> one", "eine </b>fette<b>"),
            Example("<0>Log in</0>", "<1>Anmelden</1>"),
            Example("plain", "<script>x</script>"),
            Example("plain", "</string>schlicht"),
            Example('by <g id="1">x</g>', 'von <g id="2">x</g>', markup=True),
            Example("<b><i>x</i></b>", "<b><i>x</b></i>"),
        ),
    ),
    Check(
        "attributes",
        "Tags have no attribute that the source's have not.",
        "blocking",
        markup.same_attributes,
        right=(Example('<a href="/en">x</a>', '<a href="/de">x</a>'),),
        wrong=(Example('<a href="/">x</a>', '<a href="/" onclick="y()">x</a>'),),
    ),
    Check(
        "xml",
        "A text that is markup in its file escapes & and <.",
        "blocking",
        markup.well_formed,
        right=(Example("<b>a</b> &amp; b", "<b>a</b> &amp; b", markup=True), Example("a & b", "a & b")),
        wrong=(
            Example("<b>a</b> and b", "<b>a</b> & b", markup=True),
            Example("<b>a</b>", "<b>a</b> < 3", markup=True),
        ),
    ),
    Check(
        "control-characters",
        "Nothing invisible came in: control characters, U+FFFD, tags of Unicode, unpaired surrogates.",
        "blocking",
        characters.control,
        right=(
            Example("a\tb", "a\tb"),
            Example("می\u200cخواهم", "x\u200cy", "fa"),
            Example("UK", "🏴\U000e0067\U000e0062\U000e007f"),
        ),
        wrong=(
            Example("a", "a\x00"),
            Example("a", "�"),
            Example("a", "a\U000e0041"),
            Example("a", "\ufeffa"),
        ),
    ),
    Check(
        "edges",
        "White space at the start and end is as in the source.",
        "blocking",
        characters.edges,
        right=(Example("Name: ", "Name : ", "fr"), Example("Name: ", "名前：", "ja"), Example("\nx", "\ny")),
        wrong=(Example("Name: ", "Name:"), Example("x", "x\n"), Example("\nx", " x"), Example("x", " x")),
    ),
    Check(
        "line-breaks",
        "There are as many line breaks inside as in the source.",
        "blocking",
        characters.line_breaks,
        right=(Example("a\nb", "c\nd"),),
        wrong=(Example("a\nb", "c d"), Example("a", "c\nd")),
    ),
    Check(
        "escaping",
        "Texts are plain: no \\n, \\', \\u2026 or &amp; that the source does not spell itself.",
        "blocking",
        characters.escaping,
        right=(Example("It's", "C'est", "fr"), Example("a &amp; b", "a &amp; b"), Example(r"a\nb", r"a\nb")),
        wrong=(Example("It's", r"C\'est", "fr"), Example("a", r"\u00e4"), Example("a & b", "a &amp; b")),
    ),
    Check(
        "translation-only",
        "The answer is the translation, without code fences, remarks or JSON around it.",
        "blocking",
        wording.translation_only,
        right=(Example("Here is it", "Here it is"), Example("Email", "Surel", "id")),
        wrong=(
            Example("Save", "```\nSichern\n```"),
            Example("Save", "Sure! Sichern"),
            Example("Save", "Here is the translation: Sichern"),
            Example("Save", '{"text": "Sichern"}'),
        ),
    ),
    Check(
        "length-limit",
        "The text is no longer than its limit.",
        "blocking",
        wording.length_limit,
        right=(Example("Save", "Sichern", max_length=7),),
        wrong=(Example("Save", "Speichern", max_length=7),),
    ),
    Check(
        "do-not-translate",
        "Terms that the glossary keeps are kept.",
        "blocking",
        wording.do_not_translate,
        right=(
            Example("Open Acme", "Acme öffnen", do_not_translate=("Acme",)),
            Example("Acmes", "x", do_not_translate=("Acme",)),
        ),
        wrong=(Example("Open Acme", "Akme öffnen", do_not_translate=("Acme",)),),
    ),
    Check("writable", "The file's format can hold the text.", "blocking", structure.writable),
    Check(
        "unused-forms",
        "There is no plural form that the locale never shows.",
        "warning",
        structure.unused_forms,
        right=(
            Example(_FILES, {"zero": "", "one": "", "other": ""}),
            Example(_FILES, {"one": "", "many": "", "other": ""}, "fr"),
        ),
        wrong=(Example(_FILES, {"one": "", "few": "", "other": ""}),),
    ),
    Check(
        "number-for-zero",
        "A form that is shown for 0 and 1, as in French, says which.",
        "warning",
        arguments.number_for_zero,
        right=(Example(_FILES, {"one": "%d fichier", "other": "%d fichiers"}, "fr", Syntax.C),),
        wrong=(Example(_FILES, {"one": "un fichier", "other": "%d fichiers"}, "fr", Syntax.C),),
    ),
    Check(
        "repeated-placeholders",
        "No placeholder is used more often than in the source.",
        "warning",
        arguments.repeated,
        right=(Example("{a} {a}", "{a}", syntax=Syntax.BRACE),),
        wrong=(Example("Hi {name}", "{name}, {name}!", syntax=Syntax.BRACE),),
    ),
    Check(
        "length-ratio",
        "The text is not more than 2.5 times as long as the source, nor less than 0.3 times.",
        "warning",
        wording.length_ratio,
        right=(
            Example("Good morning", "Guten Morgen"),
            Example("OK", "Einverstanden"),
            Example("Good morning", "早安", "zh"),
        ),
        wrong=(
            Example("Good morning", "Ich wünsche Ihnen einen wunderschönen guten Morgen"),
            Example("Good morning", "Mor"),
        ),
    ),
    Check(
        "end-punctuation",
        "The text ends as the source ends: full stop, question mark, exclamation mark, colon, ellipsis.",
        "warning",
        wording.end_punctuation,
        right=(
            Example("Done.", "完了", "ja"),
            Example("Why?", "Γιατί;", "el"),
            Example("Wait...", "Warten…"),
        ),
        wrong=(Example("Done.", "Fertig"), Example("Why?", "Warum.")),
    ),
    Check(
        "untranslated",
        "The text is not the source's, where that has two words and more.",
        "warning",
        wording.untranslated,
        right=(Example("OK", "OK"), Example("Log in", "Log in", "en-GB")),
        wrong=(Example("Log in", "Log in"),),
    ),
    Check(
        "glossary",
        "The glossary's translations are used.",
        "warning",
        wording.preferred,
        right=(Example("Open the file", "Datei öffnen", preferred=(("file", "Datei"),)),),
        wrong=(Example("Open the file", "Akte öffnen", preferred=(("file", "Datei"),)),),
    ),
    Check(
        "bidirectional",
        "Direction is not embedded or overridden, except in pairs.",
        "warning",
        characters.bidirectional,
        right=(Example("a", "\u2068a\u2069", "ar"),),
        wrong=(Example("a", "\u202ea", "ar"), Example("a", "\u2068a", "he")),
    ),
    Check(
        "urls",
        "Addresses are the source's.",
        "off",
        wording.urls,
        wrong=(Example("https://a.b", "https://a.c"),),
    ),
    Check(
        "digits",
        "Numbers are the source's.",
        "off",
        wording.digits,
        wrong=(Example("1 hour", "eine Stunde"),),
    ),
    Check(
        "acronyms",
        "Words in capitals are kept.",
        "off",
        wording.acronyms,
        wrong=(Example("the URL", "die Adresse"),),
    ),
    Check(
        "brackets",
        "There are as many brackets as in the source.",
        "off",
        wording.brackets,
        wrong=(Example("a (b)", "a, b"),),
    ),
)
