"""New names stand where the file's own order puts them."""

from __future__ import annotations

import pytest

from hunkworks.catalogs.ordering import ORDERS, Places, natural


@pytest.mark.parametrize(
    ("names", "new", "after"),
    [
        ([], "a", -1),
        (["a", "c"], "b", 0),
        (["a", "c"], "A", -1),
        (["Apple", "banana", "Cherry"], "blue", 1),
        (["item 2", "item 10"], "item 9", 0),
        (["b", "a", "d", "c"], "aa", 3),
        (["a", "a", "b"], "a", 1),
    ],
)
def test_place(names: list[str], new: str, after: int) -> None:
    assert Places(names).after(new) == after


def test_xcode_s_order_of_punctuation_digits_and_letters() -> None:
    names = ["", " ", "-", "%@", "%@ %@", "%lld", "2", "10", "add", "Add", "Éclair", "Edit", "日"]
    assert sorted(set(names), key=natural) == [
        "",
        " ",
        "-",
        "%@",
        "%@ %@",
        "%lld",
        "2",
        "10",
        *names[8:],
    ]


def test_nearly_sorted_counts_as_sorted_where_asked() -> None:
    names = ["z", *"abcdefghij"]
    assert Places(names, ORDERS, 0.8).after("cc") == 3
    assert Places(names).after("cc") == len(names) - 1


def test_several_new_names_are_arranged_like_the_old() -> None:
    assert Places(["a", "z"]).arranged(["c", "b"]) == ["b", "c"]
    assert Places(["z", "a", "y", "b"]).arranged(["c", "b"]) == ["c", "b"]
