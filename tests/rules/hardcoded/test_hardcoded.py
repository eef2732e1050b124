"""Strings for users that a change adds are found; what no user reads is not."""

from __future__ import annotations

import pytest

from hunkworks.change.model import Role
from hunkworks.rules import hardcoded
from hunkworks.rules.hardcoded import Hole, Known
from tests.rules.sample import changed, new_text

SWIFT, KOTLIN, TSX = "App/Screen.swift", "app/src/main/java/Screen.kt", "src/Screen.tsx"
I18NEXT = ' import { useTranslation } from "react-i18next";\n'
LAYOUT = "app/src/main/res/layout/screen.xml"


def texts(path: str, source: str) -> list[tuple[str, str]]:
    """Return place and text of every string that a user reads in a file."""
    return [(literal.place, literal.text) for literal in hardcoded.literals(path, source)]


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        (SWIFT, 'Text("Sign in").help("With a key")', [("Text(…)", "Sign in"), ("help(…)", "With a key")]),
        (SWIFT, 'Button(busy ? "Wait…" : "Save") { save() }', [("Button(…)", "Wait…"), ("Button(…)", "Save")]),
        (SWIFT, 'label?.text = name ?? "Nobody here"', [(".text =", "Nobody here")]),
        (SWIFT, 'button.setTitle("Go on", for: .normal)', [("setTitle(_: …)", "Go on")]),
        (
            SWIFT,
            'UIAlertController(title: "Delete \\(name)?", message: nil, preferredStyle: .alert)',
            [("UIAlertController(title: …)", "Delete \\(name)?")],
        ),
        (SWIFT, 'EmptyView(title: "Nothing to see yet")', [("EmptyView(title: …)", "Nothing to see yet")]),
        (KOTLIN, 'Text("Hello $name")', [("Text(…)", "Hello $name")]),
        (KOTLIN, "Icon(icon, contentDescription = \"Close\")", [("Icon(contentDescription)", "Close")]),
        (KOTLIN, 'makeText(it, if (ok) "Yes" else "No", 1)', [("makeText(…)", "Yes"), ("makeText(…)", "No")]),
        (KOTLIN, 'dialog.setTitle("Leave?")', [("setTitle(…)", "Leave?")]),
        (KOTLIN, '@Composable fun A() { Card(label = "Home") }', [("Card(label = …)", "Home")]),
        (TSX, "const a = <p>Hello {name}, welcome</p>", [("<p>", "Hello {name}, welcome")]),
        (TSX, '<img alt="A cat" title={busy ? "Wait" : undefined} />', [("alt=", "A cat"), ("title=", "Wait")]),
        (TSX, "toast.success(`Saved ${count} files`)", [("toast.success(…)", "Saved ${count} files")]),
        (TSX, "const a = <>Hello there</>", [("<>", "Hello there")]),
        ("src/save.ts", 'const a = <T,>(x: T) => x; alert("Not saved"); fail("Not so")', [("alert(…)", "Not saved")]),
        ("src/save.jsx", '<p title="As it is">Not so</p>', [("title=", "As it is"), ("<p>", "Not so")]),
        ("src/save.js", 'toast("Saved it")', [("toast(…)", "Saved it")]),
        (LAYOUT, '<Button android:text="Send &amp; close" />', [("android:text", "Send & close")]),
        ("app/src/main/res/menu/main.xml", "<item android:title='Share' />", [("android:title", "Share")]),
    ],
)  # fmt: skip
def test_what_a_user_reads_is_found(path: str, source: str, expected: list[tuple[str, str]]) -> None:
    assert texts(path, source) == expected


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (SWIFT, 'Image(systemName: "gear"); logger.info("Loading the feed"); fatalError("Not here")'),
        (
            SWIFT,
            'Text(verbatim: "As it is"); Text("settings.title"); Text("\\(count)"); Text("https://a.org/b")',
        ),
        (SWIFT, 'Text(NSLocalizedString("Sign in", comment: "")); label.text = String(localized: "Sign in")'),
        (SWIFT, '#Preview { Text("Sign in") }'),
        (SWIFT, 'Text("Sign in", comment: "Button"); Text("Sign in", bundle: .module)'),
        (SWIFT, 'struct A_Previews: PreviewProvider { static var previews: some View { Text("Sign in") } }'),
        (SWIFT, '#if DEBUG\nText("Crash now")\n#endif\n'),
        (SWIFT, 'alert("body text"); if title == "Sign in" {}'),
        (KOTLIN, '@Preview @Composable fun P() { Text("Sign in") }'),
        (
            KOTLIN,
            'Text(stringResource(R.string.sign_in)); Log.d("Tag", "Signing in"); Modifier.testTag("The button")',
        ),
        (KOTLIN, 'val alpha by animateFloatAsState(1f, label = "Card alpha")'),
        (KOTLIN, 'private val sampleItems = listOf(Item(label = "Vacation house"))'),
        (SWIFT, 'let previewToast = Toast(title: "It is done"); struct MockItem { let v = Text("Not so") }'),
        (
            KOTLIN,
            'class NotThere : Exception("Not there"); @Deprecated(message = "Use the other one") fun f() {}',
        ),
        (TSX, 'const a = <code>npm install it</code>; const b = <p className="big text">{t("key")}</p>'),
        (TSX, "const a = <p>{count} / {total} &nbsp; —</p>"),
        (LAYOUT, '<TextView android:text="@string/hi" tools:text="Some sample" android:hint="?attr/hint" />'),
        (LAYOUT, '<!-- <TextView android:text="Old text" /> --><View android:tag="Some tag" />'),
        ("README.md", "# Hello there"),
    ],
)
def test_what_no_user_reads_is_not(path: str, source: str) -> None:
    assert texts(path, source) == []


def test_only_what_the_change_added_and_did_not_only_move() -> None:
    diff = ' Text("Old one")\n-  Text("Moved here")\n+Text("Moved here")\n+Text("New one")\n'
    (candidate,) = hardcoded.added(changed(SWIFT, diff), new_text(diff)).candidates
    assert (candidate.line, candidate.text, candidate.recipe) == (3, "New one", "swift-externalize-string")


@pytest.mark.parametrize(
    ("path", "diff", "recipe"),
    [
        (LAYOUT, '+<TextView android:text="New one"/>\n', "layout-externalize-string"),
        ("a.tsx", f"{I18NEXT}+let a = <p>New one</p>;\n", "typescript-externalize-string"),
        ("a.tsx", ' import { useIntl } from "react-intl";\n+let a = <p>New one</p>;\n', ""),
    ],
)  # fmt: skip
def test_each_candidate_names_the_recipe_that_knows_its_catalog(path: str, diff: str, recipe: str) -> None:
    (candidate,) = hardcoded.added(changed(path, diff), new_text(diff)).candidates
    assert (candidate.text, candidate.recipe) == ("New one", recipe)


def test_a_key_of_a_catalog_is_no_candidate_and_a_string_catalog_takes_what_swiftui_shows() -> None:
    diff = '+Text("Sign in")\n+label.text = "Sign in"\n'
    file, source = changed(SWIFT, diff), new_text(diff)
    for known in (Known(keys=frozenset({"Sign in"})), Known(extracts=True)):
        assert [found.place for found in hardcoded.added(file, source, known).candidates] == [".text ="]
    assert len(hardcoded.added(file, source).candidates) == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "a_" * 3000 + "!",
        "d" * 5000 + "!",
        "a-" * 3000 + " ",
        "{{" * 3000,
        "aA" * 3000 + "!",
        "<" * 5000,
        "](" * 3000,
    ],
)
def test_no_text_in_a_diff_makes_it_hang(hostile: str) -> None:
    list(hardcoded.literals(SWIFT, f'Text("{hostile}")'))
    list(hardcoded.literals(SWIFT, "#if DEBUG\n" * 5000))


@pytest.mark.parametrize("part", ['android:text="Go there" ', "<!-- ", "<!-- --> android:text='Go there'"])
def test_no_layout_makes_it_hang(part: str) -> None:
    list(hardcoded.literals(LAYOUT, part * 20_000))


def test_a_long_list_of_strings_and_a_long_chain_of_calls_are_looked_at_once() -> None:
    """From every string upwards both would take minutes."""
    words = "".join(f'"Word number {number}", ' for number in range(3000))
    assert texts(KOTLIN, f"val all = listOf({words})") == []
    chain = "Text(x)" + "".join(f'\n.help("Word number {number}")' for number in range(300))
    assert len(texts(SWIFT, chain)) == 300


@pytest.mark.parametrize(
    "code",
    [
        "settings.title",
        "user_name",
        "a/b/c.png",
        "yyyy-MM-dd HH:mm",
        "EEE, d MMM",
        "--color-red",
        "text/html",
    ],
)
def test_what_is_written_for_programs_is_no_prose(code: str) -> None:
    assert texts(SWIFT, f'Text("{code}")') == []


@pytest.mark.parametrize(
    "text", ["Self-hosted", "Error:", "OK", "Sign in/out", "24 hours", "Größe", "设置", "e.g. this one"]
)
def test_short_texts_are_prose(text: str) -> None:
    assert texts(SWIFT, f'Text("{text}")') == [("Text(…)", text)]


def test_a_preview_may_be_a_feature() -> None:
    assert texts(SWIFT, 'struct LinkPreview: View { var body: some View { Text("Open it") } }')
    assert texts(KOTLIN, '@Composable fun PhotoPreview() { Text("Open it") }')


def test_beside_an_optional_a_literal_is_no_key() -> None:
    (literal,) = hardcoded.literals(SWIFT, 'Text(name ?? "Nobody here")')
    assert not literal.looks_up


def test_tests_generated_code_and_developers_screens_have_no_users() -> None:
    diff = '+Text("Sign in")\n'
    for path, role in ((SWIFT, Role.TEST), (SWIFT, Role.GENERATED), ("App/Previews/Screen.swift", Role.CODE)):
        assert not hardcoded.added(changed(path, diff, role=role), new_text(diff)).candidates


def test_an_author_may_say_that_a_string_stays() -> None:
    diff = '+// hunkworks-ignore: hard-coded-string: a brand\n+Text("Hunk Works")\n+\n+Text("Sign in")\n'
    found = hardcoded.added(changed(SWIFT, diff), new_text(diff))
    assert [candidate.text for candidate in found.candidates] == ["Sign in"]


def test_what_cannot_be_looked_at_is_said() -> None:
    file = changed(SWIFT, '+Text("Sign in")\n')
    assert hardcoded.added(file, None).skipped == "the whole new file is not at hand"
    assert hardcoded.added(file, b'Text("\xe9")\n').skipped == "is not UTF-8"


def test_values_are_told_from_the_text_around_them() -> None:
    (swift,) = hardcoded.literals(SWIFT, 'let a = Text("Hi \\(user.name), \\(count) new")')
    assert swift.pieces == (
        "Hi ",
        Hole("user.name", "\\(user.name)"),
        ", ",
        Hole("count", "\\(count)"),
        " new",
    )
    (kotlin,) = hardcoded.literals(KOTLIN, 'val a = Text("Hi ${user.name}, $count \\n new")')
    assert kotlin.pieces == (
        "Hi ",
        Hole("user.name", "${user.name}"),
        ", ",
        Hole("count", "$count"),
        " \\n new",
    )


def test_lines_are_right_with_windows_line_ends_and_wide_characters() -> None:
    diff = '+// 😀\r\n+Text("Grüße 😀 an alle")\r\n'
    (candidate,) = hardcoded.added(changed(SWIFT, diff), new_text(diff)).candidates
    assert (candidate.line, candidate.text) == (2, "Grüße 😀 an alle")
