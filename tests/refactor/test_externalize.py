"""A hard-coded string moves into the right catalog, and code says so where it cannot tell how."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks import catalogs
from hunkworks.refactor.outcome import Bucket, Rewritten
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job
from hunkworks.refactor.rewriting import rewrite
from hunkworks.refactor.scope import EVERYTHING
from hunkworks.refactor.source import Source
from hunkworks.rules import hardcoded
from hunkworks.rules.languages import language_of
from hunkworks.rules.load import load_file

ROOT = Path(__file__).resolve().parents[2]
MOBILE = "plugins/mobile/recipes"
NAMES = {
    ".swift": f"{MOBILE}/swift/swift",
    ".kt": f"{MOBILE}/kotlin/kotlin",
    ".xml": f"{MOBILE}/html/layout",
    ".tsx": "recipes/typescript/typescript",
}
SCREEN = "app/src/main/java/org/app/Screen.kt"
STRINGS = "app/src/main/res/values/strings.xml"
ANDROID = {STRINGS: '<resources>\n    <string name="title">Title</string>\n</resources>\n'}
APPLE = {"App/en.lproj/Localizable.strings": '"title" = "Title";\n'}


def run(path: str, text: str, key: str, files: dict[str, str]) -> Rewritten:
    """Externalize what is hard-coded in ``text`` under ``key``."""
    rule = load_file(ROOT / f"{NAMES[Path(path).suffix]}-externalize-string.yml")
    project = Overlay(lambda name: files[name].encode() if name in files else None, lambda: [*files, path])
    job = Job(rule, chosen(rule.recipe, {"key": key}, asked=True))
    return rewrite(job, Source(path, text.encode(), language_of(path) or ""), EVERYTHING, project)


def composable(body: str) -> str:
    return f"package org.app\n\nimport org.app.R\n\n@Composable\nfun Screen() {{\n    {body}\n}}\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('Text("Sign in")', "Text(stringResource(R.string.sign_in))"),
        ('Text("Hi $name, ${count + 1} new")', "Text(stringResource(R.string.sign_in, name, count + 1))"),
        ('Column { Row { Text("Sign in") } }', "Column { Row { Text(stringResource(R.string.sign_in)) } }"),
        ('LazyColumn { item { Text("Sign in") } }', "LazyColumn { item { Text(stringResource(R.string.sign_in)) } }"),
        ('Field(label = { Text("Sign in") })', "Field(label = { Text(stringResource(R.string.sign_in)) })"),
    ],
)  # fmt: skip
def test_in_composition_the_resource_is_asked_for(body: str, expected: str) -> None:
    found = run(SCREEN, composable(body), "sign_in", ANDROID)
    assert expected in found.after.decode()
    assert b"import androidx.compose.ui.res.stringResource\n" in found.after
    assert b'name="sign_in"' in found.others[STRINGS]


@pytest.mark.parametrize(
    "body",
    [
        'Button(onClick = { label.text = "Sign in" }) {}',
        'LaunchedEffect(Unit) { host.showSnackbar("Sign in") }',
        'Box(Modifier.semantics { contentDescription = "Sign in" })',
    ],
)
def test_outside_of_composition_somebody_decides(body: str) -> None:
    found = run(SCREEN, composable(body), "sign_in", ANDROID)
    assert [outcome.bucket for outcome in found.outcomes] == [Bucket.RESIDUE]
    assert "no Context" in found.outcomes[0].why
    assert not found.others


def test_views_take_the_resource_or_ask_their_context() -> None:
    text = (
        "package org.app\n\nimport org.app.R\n\nclass Screen : Fragment() {\n"
        '    fun a() = dialog.setTitle("Sign in")\n    fun b() { label.text = "Hi $name" }\n}\n'
    )
    after = run(SCREEN, text, "sign_in", {**ANDROID, STRINGS: ANDROID[STRINGS]}).after.decode()
    assert "setTitle(R.string.sign_in)" in after
    other = run(SCREEN, text.replace("setTitle", "other"), "hi", ANDROID)
    assert "label.text = getString(R.string.hi, name)" in other.after.decode()
    assert b"Hi %1$s" in other.others[STRINGS]


def test_the_package_of_r_is_read_from_the_module() -> None:
    text = 'package org.app.ui\n\n@Composable\nfun Screen() {\n    Text("Sign in")\n}\n'
    files = {**ANDROID, "app/build.gradle.kts": 'android {\n    namespace = "org.app"\n}\n'}
    assert b"import org.app.R\n" in run(SCREEN, text, "sign_in", files).after
    (outcome,) = run(SCREEN, text, "sign_in", ANDROID).outcomes
    assert (outcome.bucket, outcome.why) == (
        Bucket.RESIDUE,
        "the package of R is not known here: import it first",
    )


def test_an_entry_with_the_same_text_is_used_and_another_one_is_never_overwritten() -> None:
    used = run(SCREEN, composable('Text("Title")'), "title", ANDROID)
    assert b"R.string.title" in used.after
    assert not used.others
    (taken,) = run(SCREEN, composable('Text("Sign in")'), "title", ANDROID).outcomes
    assert taken.bucket is Bucket.RESIDUE
    assert "title is taken" in taken.why


@pytest.mark.parametrize("key", ["Sign in", "sign-in", "1st", 'x" /><string name="y'])
def test_a_resource_has_a_resources_name(key: str) -> None:
    with pytest.raises(Exception, match=r"identifier|one name"):
        run(SCREEN, composable('Text("Sign in")'), key, ANDROID)


def test_swiftui_takes_the_key_and_uikit_asks_for_the_text() -> None:
    text = 'struct A: View { var body: some View { Text("Sign in") } }\nfunc f() { label.text = "Sign in" }\n'
    found = run("App/Screen.swift", text, "sign.in", APPLE)
    assert 'Text("sign.in")' in found.after.decode()
    assert 'label.text = String(localized: "sign.in")' in found.after.decode()
    assert b'"sign.in" = "Sign in";' in found.others["App/en.lproj/Localizable.strings"]


def test_values_and_percent_signs_are_for_people_in_swift() -> None:
    for text in ('Text("Hi \\(name)")', 'Text("100% sure")'):
        (outcome,) = run("App/Screen.swift", text, "k", APPLE).outcomes
        assert outcome.bucket is Bucket.RESIDUE


def test_a_package_has_its_own_catalog_or_none() -> None:
    files = {**APPLE, "Packages/A/Package.swift": "// swift-tools-version:5.9\n"}
    (outcome,) = run("Packages/A/Sources/A/Screen.swift", 'Text("Sign in")', "k", files).outcomes
    assert "Packages/A, which looks nowhere else" in outcome.why


def test_the_nearest_string_catalog_wins() -> None:
    empty = '{\n  "sourceLanguage" : "en",\n  "strings" : {\n\n  },\n  "version" : "1.0"\n}\n'
    files = {**APPLE, "Localizable.xcstrings": empty, "App/Feature/Localizable.xcstrings": empty}
    found = run("App/Feature/Screen.swift", 'Text("Sign in")', "sign.in", files)
    assert list(found.others) == ["App/Feature/Localizable.xcstrings"]


def test_escapes_are_read_and_written_as_each_side_means_them() -> None:
    found = run(SCREEN, composable(r'Text("It\'s\n\uD83D\uDE48 \"ok\" 5%")'), "it", ANDROID)
    assert r"""<string name="it">It\'s\n🙈 \"ok\" 5%</string>""" in found.others[STRINGS].decode()


def test_no_file_but_a_catalog_of_the_project_is_written() -> None:
    rule = load_file(ROOT / MOBILE / "swift/swift-externalize-string.yml")
    outside = {"../Localizable.strings": '"title" = "Title";\n'}
    project = Overlay(
        lambda name: outside[name].encode() if name in outside else None, lambda: ["App/A.swift"]
    )
    values = {"key": "k", "catalog": "../Localizable.strings"}
    job = Job(rule, chosen(rule.recipe, values, asked=True))
    found = rewrite(job, Source("App/A.swift", b'Text("Sign in")\n', "Swift"), EVERYTHING, project)
    assert [outcome.why for outcome in found.outcomes] == ["there is no catalog ../Localizable.strings"]
    assert not found.others


def test_a_character_that_does_not_exist_stays_as_it_is_written() -> None:
    found = run("App/A.swift", 'Text("Sign \\u{FFFFFFFF} in")\n', "k", APPLE)
    assert [outcome.bucket for outcome in found.outcomes] == [Bucket.APPLIED]
    assert rb'"k" = "Sign \\u{FFFFFFFF} in";' in found.others["App/en.lproj/Localizable.strings"]


def test_every_string_that_is_found_is_matched_by_its_recipe() -> None:
    """The recipe's rule is written by hand beside the tables that find the strings; neither may know less."""
    swift = (
        'Text("Ab cd")', 'v.alert("Ab cd", isPresented: $x) {}', 'b.setTitle("Ab cd", for: .normal)',
        'v.searchable(text: $q, prompt: "Ab cd")', 'UIAction(title: "Ab cd") { _ in }', 'l.text = x ?? "Ab cd"',
        'ContentUnavailableView("Ab cd", systemImage: "x")', 'Empty(title: "Ab cd")', 'a.informativeText = "Ab cd"',
        'UIAccessibilityCustomAction(name: "Ab cd") { _ in true }', 'Picker<Int, Text>("Ab cd", selection: $x) {}',
    )  # fmt: skip
    kotlin = (
        'Text("Ab cd")', 'makeText(c, "Ab cd", 1)', 'd.setMessage(if (x) "Ab cd" else "Ef")', 'l.hint = "Ab cd"',
        'Snackbar.make(v, "Ab cd", 1)', 'text = "Ab cd"', 'Card(label = "Ab cd")', 'f(title = "Ab cd")',
    )  # fmt: skip
    sources = {
        "App/A.swift": "\n".join(swift),
        "app/src/main/java/A.kt": "@Composable fun g() {\n" + "\n".join(kotlin) + "\n}\n",
    }
    for path, text in sources.items():
        spans = {(one.start, one.end) for one in hardcoded.literals(path, text)}
        found = run(path, text, "k", {})
        assert len(spans) >= 8
        assert spans <= {(outcome.start, outcome.end) for outcome in found.outcomes}


MANIFEST = "app/src/debug/AndroidManifest.xml"
LAYOUT = "app/src/debug/res/layout/screen.xml"
OWN = "app/src/debug/res/values/strings.xml"


@pytest.mark.parametrize(
    ("path", "files", "catalog"),
    [
        (LAYOUT, {**ANDROID, OWN: ANDROID[STRINGS]}, OWN),
        (LAYOUT, ANDROID, STRINGS),
        (MANIFEST, ANDROID, STRINGS),
        ("res/menu/main.xml", {"res/values/strings.xml": ANDROID[STRINGS]}, "res/values/strings.xml"),
    ],
)
def test_a_layout_refers_to_the_catalog_of_its_own_source_set(
    path: str, files: dict[str, str], catalog: str
) -> None:
    found = run(path, "<item android:title='Let&apos;s \"go\" &lt;now&gt;'/>\n", "go", files)
    assert found.after == b"<item android:title='@string/go'/>\n"
    assert list(found.others) == [catalog]
    (added,) = [unit for unit in catalogs.open(catalog, found.others[catalog]).units if unit.key == ("go",)]
    assert added.text == 'Let\'s "go" <now>'


@pytest.mark.parametrize(
    ("attribute", "key", "why"),
    [
        ('"Two\n    lines"', "two_lines", "it goes over several lines"),
        ('"%d new of %s"', "of", "a format with two values"),
        ('"Go there"', "goThere", "cannot be the name of a resource"),
        ('"Go there"', "title", "title is taken"),
    ],
)
def test_a_layout_s_string_that_code_cannot_place_waits(attribute: str, key: str, why: str) -> None:
    found = run(LAYOUT, f"<TextView android:text={attribute}/>\n", key, ANDROID)
    assert (found.after, dict(found.others)) == (found.before, {})
    (outcome,) = found.outcomes
    assert outcome.bucket is Bucket.RESIDUE
    assert why in outcome.why


def test_a_text_that_lint_is_told_to_ignore_stays() -> None:
    view = '<TextView\n    tools:ignore="UnusedIds,HardcodedText"\n    android:text="Go there"/>\n'
    assert [outcome.bucket for outcome in run(LAYOUT, view, "go", ANDROID).outcomes] == [Bucket.REFUSED]
    assert list(hardcoded.literals(LAYOUT, view)) == []


HOOK = 'import { useTranslation } from "react-i18next";\n\n'
T = "  const { t } = useTranslation();\n"
NAMED = T.replace("()", "('x')")
JSON = "web/locales/en/translation.json"
LEVELS = {JSON: '{\n  "a": {\n    "b": "B"\n  }\n}\n'}


def screen(body: str) -> str:
    return f"{HOOK}export function Screen({{ t2 }}) {{\n{body}\n}}\n"


@pytest.mark.parametrize(
    ("body", "expected", "entry"),
    [
        ("return <p>Sign in</p>;", 'return <p>{t("a.in")}</p>;', "Sign in"),
        ("return <p>\n    Sign in\n  </p>;", 'return <p>\n    {t("a.in")}\n  </p>;', "Sign in"),
        ("return <a title='Mine &amp; yours'/>;", 'return <a title={t("a.in")}/>;', "Mine & yours"),
        ("return <p>{ok ? 'It\\'s \\u{1F600}' : x}</p>;", 'return <p>{ok ? t("a.in") : x}</p>;', "It's 😀"),
        (
            "const go = () => toast.error(`${user.name} has ${n} new`);",
            'const go = () => toast.error(t("a.in", { name: user.name, n }));',
            "{{name}} has {{n}} new",
        ),
    ],
)
def test_react_asks_the_t_in_scope(body: str, expected: str, entry: str) -> None:
    found = run("web/Screen.tsx", screen(f"{T}  {body}"), "a.in", LEVELS)
    assert found.after.decode() == screen(f"{T}  {expected}")
    assert {unit.key: unit.text for unit in catalogs.open(JSON, found.others[JSON]).units}["a", "in"] == entry


@pytest.mark.parametrize(
    ("body", "key", "files", "why"),
    [
        ("  return <p>Sign in</p>;", "a.in", LEVELS, "no `const { t } = useTranslation()` is in scope"),
        (f"  return <p>Sign in</p>;\n{T}", "a.in", LEVELS, "no `const { t } = useTranslation()` is in scope"),
        (f"{T}  return all.map((t) => <p>Sign in</p>);", "a.in", LEVELS, "another t stands between"),
        (f"{T}  return all.map(t => <p>Sign in</p>);", "a.in", LEVELS, "another t stands between"),
        (f"{T}  if (x) {{ const t = 1; return <p>Sign in</p>; }}", "a.in", LEVELS, "another t stands between"),
        (f"{T}  return <p>Sign in {{name}}</p>;", "a.in", LEVELS, "one text with the values"),
        (f"{T}  return <a title={{`Hi ${{f(x)}} there`}}/>;", "a.in", LEVELS, "has no name of its own"),
        (f"{T}  return <a title={{`Hi ${{a.n}} and ${{b.n}}`}}/>;", "a.in", LEVELS, "have the same name"),
        (f"{T}  return <p>Sign in</p>;", "in_one", LEVELS, "cannot be a key"),
        (f"{T}  return <p>Sign in</p>;", "a.b", LEVELS, "a.b is taken"),
        (f"{T}  return <p>Sign in</p>;", "a.in", {JSON: '{"x": "X y", "z": "Z"}\n'}, "no key here has a dot"),
        (f"{T}  return <p>So: go</p>;", "any", {JSON: '{\n  "In": "In"\n}\n'}, "a dot or a colon"),
        (f"{T}  return <p>Sign in</p>;", "a.in", {}, "(none): name the catalog"),
        (f"{T}  return <p>Sign in</p>;", "a.in", {**LEVELS, "lang/en/common.json": "{}"}, "name the catalog"),
        (f"{NAMED}  return <p>Sign in</p>;", "a.in", LEVELS, "(none)"),
    ],
)  # fmt: skip
def test_a_string_of_react_that_code_cannot_place_waits(
    body: str, key: str, files: dict[str, str], why: str
) -> None:
    found = run("web/Screen.tsx", screen(body), key, files)
    assert (found.after, dict(found.others)) == (found.before, {})
    assert why in found.outcomes[0].why
    assert found.outcomes[0].bucket is Bucket.RESIDUE


def test_another_library_than_react_i18next_is_left_alone() -> None:
    text = f"import {{ useTranslation }} from 'next-i18n';\nconst A = () => {{\n{T}  return <p>Sign in</p>;\n}};\n"
    assert "does not import useTranslation" in run("web/A.tsx", text, "a.in", LEVELS).outcomes[0].why


def test_where_keys_are_texts_the_text_is_the_key_and_an_entry_that_stands_is_used() -> None:
    files = {JSON: '{\n  "Sign in": "Sign in"\n}\n'}
    for shown, others in (("Sign in", []), ("Don't", [JSON])):
        found = run("web/Screen.tsx", screen(f"{T}  return <p>{shown}</p>;"), "any", files)
        assert f'<p>{{t("{shown}")}}</p>' in found.after.decode()
        assert list(found.others) == others
