"""XML with spans: elements and comments where they stand, nothing expanded, nothing fetched."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.catalogs import xmltext
from hunkworks.catalogs.xmltext import Element
from hunkworks.errors import InputError

_TAG = st.sampled_from(["a", "b:c", "d-e"])
_INNER = st.sampled_from(["", "text", "<!-- <a> -->", "<![CDATA[<a>]]>", "<?pi <a> ?>", "&lt;", "\n  "])
_XML = st.recursive(
    _INNER,
    lambda inner: st.builds(
        lambda tag, head, parts: f"<{tag}{head}>{''.join(parts)}</{tag}>" if parts else f"<{tag}{head}/>",
        _TAG,
        st.sampled_from(["", ' x="1>2"', " y='/&quot;'", '\n z = "\'" ']),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


def shape(element: Element) -> object:
    return element.tag, element.attributes, [shape(child) for child in element.elements]


def independent(element: ET.Element) -> object:
    tag = element.tag.replace("{u}", "b:")
    return tag, dict(element.attrib), [independent(child) for child in element]


@given(st.lists(_XML))
def test_the_tree_is_the_one_that_elementtree_sees(parts: list[str]) -> None:
    text = "<!DOCTYPE r><!-- top -->\n<r>" + "".join(parts) + "</r>"
    text = text.replace("<r>", '<r xmlns:b="u">')
    document = xmltext.read(text.encode())
    root = document.root
    assert [shape(child) for child in root.elements] == [independent(child) for child in ET.fromstring(text)]
    assert text[root.start : root.end] == text[text.index("<r ") :]
    assert [comment.text for comment in document.prolog] == [" top "]


@pytest.mark.parametrize(
    "data",
    [
        "<?xml version='1.0' encoding='ISO-8859-1'?><r>é</r>".encode("latin-1"),
        '<?xml version="1.0" encoding="UTF-16"?><r>é</r>'.encode("utf-16"),
        "<r>é</r>".encode("utf-8-sig"),
    ],
)
def test_the_declared_encoding_is_used(data: bytes) -> None:
    source, root, _ = xmltext.read(data)
    assert source.text[root.inner_start : root.inner_end] == "é"


def test_a_document_type_is_passed_by_whole() -> None:
    text = """<!DOCTYPE r SYSTEM "file:///etc/passwd" [ <!ENTITY e "]>"> <!-- ]> ' --> <!ELEMENT r ANY> ]><r>&e;</r>"""
    source, root, _ = xmltext.read(text.encode())
    assert source.text[root.start : root.end] == "<r>&e;</r>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<r>\n<a></r>", "line 2: not well-formed XML: mismatched tag"),
        ("<r>\n&unknown;</r>", "line 2: not well-formed XML: undefined entity"),
        ("<r>\x01</r>", "invalid token"),
        ("", "no element found"),
        ("<a>" * 300 + "</a>" * 300, "deeper than 200"),
        ("<x:a/>", "unbound prefix"),
    ],
)
def test_what_is_not_well_formed_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        xmltext.read(text.encode())


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t\r<>&\"']")))
def test_what_is_written_reads_back(text: str) -> None:
    assert ET.fromstring(f"<r>{xmltext.encode(text)}</r>").text == (text or None)
    assert ET.fromstring(f'<r a="{xmltext.encode_attribute(text)}"/>').get("a") == text
    assert xmltext.decode(xmltext.encode(text)) == text
