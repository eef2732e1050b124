"""What Android shows for a raw value: each line was read off aapt2's own output."""

from __future__ import annotations

import pytest

from hunkworks.catalogs import android_text
from hunkworks.catalogs.android_text import Style
from hunkworks.errors import InputError


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ('He said \\"hi\\"  to\\n me', 'He said "hi" to\n me'),
        ('"  q \' "', "  q ' "),
        ("<![CDATA[<b>It\\'s</b>   z]]>", "<b>It's</b> z"),
        ("a &quot;b  c&quot; \\u0020", "a b  c  "),
        ("\\@x \\?y \\q it", "@x ?y q it"),
        ("?", "?"),
        ("x\\\ny", "x\ny"),
        ("\n    two\n    lines\n", "two lines"),
        (" p <!-- c --> q ", "p q"),
        ("\\uD83D\\uDE00", "😀"),
        (" <b> x</b> y ", " <b> x</b> y "),
        ("p  <xliff:g> q </xliff:g>  r", "p <xliff:g>q </xliff:g>r"),
        ("<xliff:g> q </xliff:g>", "<xliff:g>q</xliff:g>"),
        ('"p <b>q  r</b> s"  t', "p <b>q r</b> s  t"),
        ("a &lt;b&gt; &amp; <i>c</i>", "a &lt;b> &amp; <i>c</i>"),
    ],
)
def test_reads_as_the_platform_does(raw: str, shown: str) -> None:
    found = android_text.decode(raw)
    assert found.text == shown
    assert android_text.decode(android_text.encode(shown, Style(), markup=found.markup)).text == shown


@pytest.mark.parametrize("raw", ["@string/app", " @android:string/ok ", "@null", "?attr/title", "?title"])
def test_references_are_no_texts(raw: str) -> None:
    assert android_text.decode(raw).reference


@pytest.mark.parametrize("raw", ["@home", "? what", "?", "\\@string/app", "me@string/app"])
def test_signs_alone_are_no_references(raw: str) -> None:
    assert not android_text.decode(raw).reference


def test_what_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(InputError, match=r"XML cannot hold"):
        android_text.encode("a\x00b", Style(), markup=False)
