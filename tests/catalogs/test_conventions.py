"""The locale a path names."""

from __future__ import annotations

import pytest

from hunkworks.catalogs.conventions import as_bcp47, of_path
from hunkworks.catalogs.registry import detect


@pytest.mark.parametrize(
    ("path", "locale"),
    [
        ("apps/web/locales/de-DE.json", "de-DE"),
        ("locales/zh-hans.json", "zh-Hans"),
        ("locales/de/common.json", "de"),
        ("translations/messages+intl-icu.en.yml", "en"),
        ("hudson/model/Messages_pt_BR.properties", "pt-BR"),
        ("hudson/tasks/global_it.properties", "it"),
        ("views/sign_in.properties", ""),
        ("lib/l10n/intl_es_419.arb", "es-419"),
        ("x\\locale\\sr@latin\\LC_MESSAGES\\a.po", "sr-Latn"),
        ("src/_locales/iw/messages.json", "he"),
        ("src/app/model/foo.json", ""),
        ("Messages.properties", ""),
    ],
)
def test_file_name_first_then_folders(path: str, locale: str) -> None:
    assert of_path(path) == locale


@pytest.mark.parametrize(
    ("name", "tag"), [("ca@valencia", "ca-valencia"), ("pt_br", "pt-BR"), ("html", ""), ("", "")]
)
def test_names_of_locales(name: str, tag: str) -> None:
    assert as_bcp47(name) == tag


@pytest.mark.parametrize(
    ("path", "content", "name"),
    [
        ("package.json", b"{}", ""),
        ("tsconfig.json", b"{}", ""),
        ("src/locales/en.json", b"{}", "json_catalog"),
        ("i18n\\app.json", b"{}", "json_catalog"),
        ("de.json", b"{}", "json_catalog"),
        ("_locales/en/messages.json", b'{"a": {"message": ""}}', "chrome"),
        ("_locales/en/messages.json", b'{"a": "b"}', "json_catalog"),
        ("config/locales/en.yml", b"", "yaml_catalog"),
        (".github/workflows/ci.yml", b"", ""),
        ("docker-compose.yml", b"", ""),
        ("gradle.properties", b"", ""),
        ("application-dev.properties", b"", ""),
        ("Messages_de.properties", b"", "properties"),
        ("a/b.pot", b"", "po"),
        ("a.xlf", b"", "xliff"),
        ("app_de.arb", b"", "arb"),
    ],
)
def test_what_is_a_catalog(path: str, content: bytes, name: str) -> None:
    assert detect(path, content) == name
