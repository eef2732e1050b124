"""Which language a path is written in, in ast-grep's names, and which recipe folder serves a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

# Every language that our rules may name. ast-grep panics on an unknown one with an exception that
# `except Exception` does not catch, so this table is asked first.
_EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "Bash": "bash sh zsh bats ksh",
        "C": "c",
        # A header may be C, C++ or Objective-C: the C++ grammar reads nearly all of the first two.
        "Cpp": "cc cpp cxx c++ h hh hpp hxx h++ ipp tpp inl cu ino",
        "CSharp": "cs csx",
        "Css": "css",
        "Dart": "dart",
        "Elixir": "ex exs",
        "Go": "go",
        "Haskell": "hs",
        "Hcl": "hcl tf tfvars",
        "Html": "html htm xhtml",
        "Java": "java",
        "JavaScript": "js mjs cjs jsx",
        "Json": "json",
        "Kotlin": "kt kts ktm",
        "Lua": "lua",
        "Nix": "nix",
        "Php": "php phtml",
        "Python": "py py3 pyi pyw",
        "Ruby": "rb rake gemspec ru rbw podspec",
        "Rust": "rs",
        "Scala": "scala sc sbt",
        "Solidity": "sol",
        "Swift": "swift",
        "Tsx": "tsx",
        "TypeScript": "ts mts cts",
        "Yaml": "yaml yml",
    }
)
_BY_EXTENSION = {ext: language for language, exts in _EXTENSIONS.items() for ext in exts.split()}
_BY_NAME = {
    "brewfile": "Ruby",
    "dangerfile": "Ruby",
    "fastfile": "Ruby",
    "gemfile": "Ruby",
    "podfile": "Ruby",
    "rakefile": "Ruby",
    "vagrantfile": "Ruby",
    "sconstruct": "Python",
    "wscript": "Python",
    ".bashrc": "Bash",
    ".zshrc": "Bash",
}
# Android's layouts, menus, preference screens and manifests: the grammar of HTML reads this XML but its first line.
ANDROID_SCREENS = re.compile(
    r"(?:^|/)(?:res/(?:layout|menu|xml|navigation)(?:-[^/]+)?/[^/]+|AndroidManifest)\.xml$"
)
LANGUAGES = frozenset(_EXTENSIONS)
# One folder holds the rules of languages that share their syntax.
_SHARED_FOLDER = {"JavaScript": "typescript", "Tsx": "typescript"}


def language_of(path: str) -> str | None:
    """Return the ast-grep name of the language of ``path``, or None where there is no grammar.

    None among others for Objective-C (``.m``, ``.mm``), Dockerfile, XML but Android's screens, TOML, SQL and Markdown,
    on which the language-independent rules still run.
    """
    name = path.rpartition("/")[2].lower()
    if name in _BY_NAME:
        return _BY_NAME[name]
    _, dot, extension = name.rpartition(".")
    if extension == "xml" and ANDROID_SCREENS.search(path):
        return "Html"
    return _BY_EXTENSION.get(extension) if dot else None


def folder_of(language: str) -> str:
    """Return the name of the folder below ``recipes/`` that holds the rules for ``language``."""
    return _SHARED_FOLDER.get(language, language.lower())


def sample_path(language: str) -> str:
    """Return a path that ``language_of`` takes for ``language``; plain text for an empty one."""
    return f"src/sample.{_EXTENSIONS[language].split()[0]}" if language else "src/sample.txt"
