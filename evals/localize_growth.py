"""Catalogs of any size, one generator per format: what growth is measured on."""

from __future__ import annotations

import json
from collections.abc import Callable

SIZES = (1_000, 10_000, 100_000)
_PLIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
%s</dict>
</plist>
"""
_VARIABLE = """\
	<key>key_{n}</key>
	<dict>
		<key>NSStringLocalizedFormatKey</key>
		<string>%#@n@</string>
		<key>n</key>
		<dict>
			<key>NSStringFormatSpecTypeKey</key>
			<string>NSStringPluralRuleType</string>
			<key>NSStringFormatValueTypeKey</key>
			<string>d</string>
			<key>one</key>
			<string>%d day number {n}</string>
			<key>other</key>
			<string>%d days number {n}</string>
		</dict>
	</dict>
"""
_HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
_UNIT = """\
      <trans-unit id="key_{n}">
        <source>Text {n}</source>
        <target>Texte numéro {n}</target>
      </trans-unit>
"""
_XLIFF = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
    '  <file source-language="en" target-language="fr" datatype="plaintext" original="f">\n    <body>\n'
    "{}    </body>\n  </file>\n</xliff>\n"
)


def grown(name: str, size: int) -> tuple[str, bytes]:
    """Return a path and a catalog of that format with so many units."""
    path, make = _FORMATS[name]
    made = make(size)
    return path, made if isinstance(made, bytes) else made.encode()


def _texts(size: int) -> dict[str, str]:
    return {f"key_{n:06}": f"Texte numéro {n}" for n in range(size)}


def _rows(size: int, row: str) -> str:
    return "".join(row.format(n=n) for n in range(size))


def _nested(size: int) -> bytes:
    groups: dict[str, dict[str, str]] = {}
    for n, (key, text) in enumerate(_texts(size).items()):
        groups.setdefault(f"group_{n // 50}", {})[key] = text
    return _json(groups)


def _json(document: object) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _xcstrings(size: int) -> bytes:
    strings = {
        f"Text number {n}": {
            "localizations": {
                locale: {"stringUnit": {"state": "translated", "value": f"{locale} {n}"}}
                for locale in ("de", "fr", "it")
            }
        }
        for n in range(size)
    }
    document = {"sourceLanguage": "en", "strings": strings, "version": "1.0"}
    return json.dumps(document, indent=2, ensure_ascii=False, separators=(",", " : ")).encode()


_ANDROID = '    <string name="key_{n}">Texte numéro {n}</string>\n'
_FORMATS: dict[str, tuple[str, Callable[[int], str | bytes]]] = {
    "android": ("res/values-fr/strings.xml", lambda n: f"<resources>\n{_rows(n, _ANDROID)}</resources>\n"),
    "arb": ("lib/l10n/app_fr.arb", lambda n: _json({"@@locale": "fr", **_texts(n)})),
    "chrome": (
        "_locales/fr/messages.json",
        lambda n: _json({key: {"message": text} for key, text in _texts(n).items()}),
    ),
    "json_catalog": ("locales/fr.json", _nested),
    "po": (
        "locale/fr/LC_MESSAGES/app.po",
        lambda n: _HEADER + _rows(n, '#: a.py:{n}\nmsgid "Text {n}"\nmsgstr "Texte numéro {n}"\n\n'),
    ),
    "properties": ("Messages_fr.properties", lambda n: _rows(n, "key_{n}=Texte numéro {n}\n")),
    "strings": (
        "fr.lproj/Localizable.strings",
        lambda n: _rows(n, '/* note */\n"key_{n}" = "Texte numéro {n}";\n\n'),
    ),
    # Two units an entry; below, four a key: the source, which the key says, and three locales.
    "stringsdict": (
        "fr.lproj/Localizable.stringsdict",
        lambda n: _PLIST.replace(b"%s", _rows(n // 2, _VARIABLE).encode()),
    ),
    "xcstrings": ("L.xcstrings", lambda n: _xcstrings(n // 4)),
    "xliff": ("messages.fr.xlf", lambda n: _XLIFF.format(_rows(n, _UNIT))),
    "yaml_catalog": ("config/locales/fr.yml", lambda n: "fr:\n" + _rows(n, "  key_{n}: Texte numéro {n}\n")),
}
