"""Well-known names and folders: the role that a path's spelling gives away.

RULES is read top to bottom; the first pattern found decides, and its sentence is the reason. ``/x/`` in a pattern means
a folder: the path is matched with a slash before it. ``(?i:…)`` marks the few patterns where case says nothing.

A pattern is compiled when it is first asked: all of them take as long as the rest of a fast command's imports.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from hunkworks.change.model import Role

# Two letters, or one of the three-letter languages that projects ship; then script and region.
_LOCALE = (
    r"(?:[a-z]{2}|ast|ceb|chr|dsb|fil|gsw|haw|hmn|hsb|kab|kok|mai|nds|pap|sah|szl|tlh|vec|yue|zgh)"
    r"(?:[-_](?:[A-Z][a-z]{3}|r?[A-Za-z]{2}|\d{3}))*"
)
_LOCALE_FOLDER = r"(?i:/(?:_?locales?|i18n|l10n|langs?|languages?|translations?|localizations?|intl)/)"

_BINARY = (
    r"\.(?i:png|jpe?g|gif|webp|avif|heic|ico|icns|bmp|tiff?|psd|pdf|ai|sketch|fig|mp[34]|m4[av]|wav|ogg|aac|caf|mov|avi"
    r"|webm|ttf|otf|ttc|woff2?|eot|zip|gz|tgz|bz2|xz|zst|7z|rar|tar|jar|aar|war|apk|aab|ipa|dex|class|so|dylib|dll|exe"
    r"|lib|o|a|pyc|whl|egg|nib|car|mom|momd|keystore|jks|p12|mobileprovision|cer|der|provisionprofile|p8|pfx|xcf|pxm|sqlite3?|db|realm|mo|gmo|qm|wasm"
    r"|onnx|tflite|mlmodel|pt|npy|npz|parquet|pb|bin|dat|docx?|xlsx?|pptx?)$"
)
_LOCK = (
    r"/(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|Podfile\.lock"
    r"|Cartfile\.resolved|Package\.resolved|\.package\.resolved|(?:[\w.-]*-)?gradle\.lockfile|verification-metadata\.xml"
    r"|Cargo\.lock|Cargo\.Bazel\.lock|go\.(?:work\.)?sum|Gemfile(?:\.\w+)?\.lock|gems\.locked|composer\.lock|mix\.lock"
    r"|pubspec\.lock|poetry\.lock|Pipfile\.lock|uv\.lock|pdm\.lock|pixi\.lock|pylock(?:\.[\w-]+)?\.toml|conda-lock\.yml"
    r"|packages\.lock\.json|paket\.lock|flake\.lock|Chart\.lock|\.terraform\.lock\.hcl|MODULE\.bazel\.lock|conan\.lock"
    r"|rebar\.lock|stack\.yaml\.lock|skills?-lock\.json)$"
)
_VENDORED_FOLDER = (
    r"/(?:node_modules|bower_components|jspm_packages|Pods|Carthage/(?:Checkouts|Build)|_?vendor(?:ed)?|third[-_]?party"
    r"|3rd[-_]?party|external|externals|Godeps/_workspace|site-packages|\.yarn/(?:releases|plugins|sdks|cache))/"
)
_VENDORED_FILE = (
    r"/(?:gradlew(?:\.bat)?|mvnw(?:\.cmd)?|gradle-wrapper\.properties|jquery(?:[.-]\d[\w.-]*)?\.js"
    r"|bootstrap(?:[.-]\d[\w.-]*)?\.(?:js|css)|modernizr(?:[.-]\d[\w.-]*)?\.js)$"
)
_GENERATED = (
    r"\.pb(?:\.gw)?\.(?:go|swift|cc|h|dart|rb|js|ts)$|\.(?:pbenum|pbjson|pbserver|pbgrpc)\.dart$|_pb2(?:_grpc)?\.pyi?$"
    r"|_pb(?:\.d)?\.[jt]s$|_grpc\.pb\.go$|\.grpc\.swift$|\.connect\.swift$|\.(?:g|gr|freezed|mocks|chopper|swagger)\.dart$"
    r"|\.(?:g|g\.i|generated|Generated)\.(?:cs|swift|kt|java|ts|js|go|rs|h|cpp|dart|py|graphql)$|\.[Dd]esigner\.(?:cs|vb)$"
    r"|(?:_|\.)gen(?:erated)?\.(?:go|rs|ts|swift|kt|py|h|c|cc|cpp|java|dart)$|/R\.(?:java|swift)$|/R\.generated\.swift$"
    r"|/BuildConfig\.java$|\.min\.(?:js|mjs|css)$|\.(?:js|mjs|cjs|css|d\.ts)\.map$|\.swiftinterface$|\.snap$"
    r"|/(?:GeneratedPluginRegistrant\.\w+|generated_plugin_registrant\.\w+|generated_plugins\.cmake)$"
    r"|/(?:moc_[\w.-]+\.cpp|ui_[\w.-]+\.h|qrc_[\w.-]+\.cpp|lex\.yy\.c|[\w-]+\.tab\.[ch]|aclocal\.m4)$"
    r"|/zz_generated\.[\w.-]+\.go$|/bindata\.go$|/mock_[\w-]+\.go$|/api/[\w.-]+\.api$"
    r"|/schemas/[\w.]+\.[\w.]+/\d+\.json$|/baseline-prof\.txt$|/wire_gen\.go$"
)
_GENERATED_FOLDER = (
    r"/(?:[Gg]enerated|__generated__|\.?[Aa]uto-?[Gg]enerated|generated-(?:src|sources)|DerivedData|xcuserdata|\.dart_tool"
    r"|\.gradle|\.next|\.nuxt|dist)/"
)
_ABOUT_NAMES = r"README|CHANGELOG|CHANGES|HISTORY|LICEN[CS]E|COPYING|NOTICE|AUTHORS|CONTRIBUTING|SECURITY"
_ABOUT = (
    rf"/(?i:(?:{_ABOUT_NAMES})(?:[-_.][\w.-]*)?\.(?:md|mdx|markdown|rst|txt|adoc|org|textile|rdoc|html))$"
    rf"|/(?:{_ABOUT_NAMES}|ChangeLog)(?:[-.](?:[A-Z][A-Z0-9.-]*|python|txt))?$"
)
_TEST_FOLDER = (
    r"/(?:tests?|Tests?|__tests__|__mocks__|__fixtures__|__snapshots__|testdata|test-data|test_data|testFixtures|e2e|cypress"
    r"|(?:android|unit|common|jvm|js|native|ios|macos|apple|linux|shared|instrumented|integration|functional|wasmJs"
    r"|desktop|concurrent|screenshot)Test\w*|[A-Za-z][\w-]*[a-z0-9_](?:UI)?Tests|[A-Za-z]\w*UITests|[\w.-]+\.Tests)/"
    r"|/(?:spec|specs|features/step_definitions|unit_?tests?|integration_?tests?|fixtures)/(?:.*/)?[^/]+"
    r"\.(?:rb|js|jsx|ts|tsx|mjs|py|swift|m|java|kt|php|go|cr|json|ya?ml|xml|html|txt|sql)$"
)
_TEST_FILE = (
    r"/test_[^/]*\.py$|[^/]_tests?\.(?:py|go|rb|rs|c|cc|cpp|cxx|m|mm|dart|exs?|ml|zig|jl|lua|php)$|/tests?\.(?:py|rs)$"
    r"|/conftest\.py$|_spec\.(?:rb|lua|cr|js|ts)$|[._-](?:test|spec|tests|e2e|cy|stories)\.(?:[cm]?[jt]sx?|vue|dart|swift)$"
    r"|_unittest\.(?:cc|cpp|c|mm|py)$|[a-z0-9_)](?:Tests?|TestCases?|UITests|Mocks?)"
    r"(?:\+\w+)?\.(?:java|kts?|swift|cs|m|mm|scala|groovy|php|hs|fs|vb|cpp|cc)$|/Test[A-Z]\w*\.(?:java|kt|cs|cpp|php)$"
    r"|[a-z0-9]Spec\.(?:scala|groovy|hs)$|[a-z0-9]IT\.(?:java|kt)$|\.feature$|\.bats$"
)
_CATALOG = (
    r"\.(?:xcstrings|strings|stringsdict|po|pot|arb|xlf|xliff|resx|resw|catkeys|xmb|xtb)$"
    r"|/values(?:-[\w+]+)*/(?:[\w-]*strings?|plurals|arrays|string[-_]\w+)(?:[-_.]\w+)*\.xml$"
    rf"|/values-(?:b\+[\w+]+|{_LOCALE})/(?!(?:colors|dimens|styles|themes|attrs|bools|integers|ids)\b)[^/]+\.xml$"
    rf"|{_LOCALE_FOLDER}(?:[^/]+/)*(?:[\w-]+[._-])?{_LOCALE}\.(?:json5?|ya?ml|properties|php|ftl|toml|ini|csv)$"
    rf"|{_LOCALE_FOLDER}(?:[^/]+/)*{_LOCALE}/(?:[^/]+/)*[^/]+\.(?:json5?|ya?ml|properties|php|ftl|toml|ini|csv)$"
    r"|/config/locales/(?:.*/)?[^/]+\.ya?ml$|/_locales/(?:.*/)?messages\.json$"
    rf"|/(?i:messages?|bundle|labels?|strings?|texts?|i18n|[\w.-]*resources?|[\w.-]*bundle)(?:[-_.]{_LOCALE})?"
    rf"\.properties$|[^/]_{_LOCALE}\.properties$|\.i18n\.(?:json|ya?ml|csv)$"
    rf"|/(?:messages|translation|validators)[._-]{_LOCALE}\.(?:json|ya?ml)$|/(?:strings|translations)\.json$"
)
_DOCS = (
    r"\.(?i:md|mdx|markdown|rst|adoc|asciidoc|textile|rdoc|org|tex|bib|pod|txt|rtf|tutorial|man|[1-8])$"
    r"|(?i:/(?:docs?|documentation|man|javadoc|[\w-]+\.docc)/)(?:.*/)?[^/]+\.(?:html?|css|svg|dot|puml|mmd)$"
)
_CONFIG_TEXT = (
    r"/(?:CMakeLists|requirements[\w.-]*|constraints[\w.-]*|robots|humans|proguard-[\w.-]+|consumer-rules)"
    r"\.(?:txt|in|pro)$"
)
_PROJECT = (
    r"\.(?:pbxproj|xcscheme|xcworkspacedata|xctestplan|xcsettings|xcconfig|entitlements|xcprivacy|storyboard|xib"
    r"|xcdatamodel/contents|intentdefinition|plist|modulemap|podspec|storekit)$|\.xcassets/|\.xcodeproj/|\.xcworkspace/"
    r"|/(?:Podfile|Cartfile(?:\.private)?|Package(?:@swift-[\d.]+)?\.swift|Mintfile|Brewfile|Project\.swift|Fastfile|Appfile"
    r"|Matchfile|Snapfile|Deliverfile|Pluginfile|Dangerfile)$"
    r"|\.gradle(?:\.kts)?$|/(?:AndroidManifest|pom|lint|lint-baseline|detekt-baseline)\.xml$|\.(?:pro|aidl-config)$"
    r"|/res/(?:drawable|mipmap|xml|color|anim|animator|font|transition|raw)(?:-[\w+-]+)?/"
)
_BUILD = (
    r"/(?:Gemfile|Rakefile|gems\.rb|Vagrantfile|Procfile|Brewfile|Jenkinsfile|Justfile|justfile|Tiltfile|Earthfile"
    r"|BUILD|WORKSPACE|MODULE\.bazel|Makefile(?:\.\w+)?|makefile|GNUmakefile|Dockerfile(?:[.-][\w.-]+)?|Containerfile"
    r"|CODEOWNERS|OWNERS|go\.(?:mod|work)|setup\.py|noxfile\.py|dune(?:-project)?|meson\.build|meson_options\.txt|Pipfile"
    r"|configure\.ac|Makefile\.am|\.[\w.-]*rc(?:\.\w+)?|\.(?!\w*\.(?:swift|kt|py|go|rs|rb|ts)$)[\w.-]+)$"
    r"|\.(?:bazel|bzl|cmake|mk|gemspec|cabal|csproj|fsproj|vbproj|vcxproj|sln|slnx|props|targets|nuspec|ruleset)$"
    r"|[^/]\.config\.(?:[cm]?[jt]s|json)$|/tsconfig[\w.-]*\.json$|/(?:webpack|rollup|vite|gulpfile|Gruntfile)[\w.-]*\.[cm]?[jt]s$"
)
_DATA = (
    r"\.(?i:json|jsonc|json5|jsonl|ndjson|ya?ml|toml|ini|cfg|conf|config|properties|env|xml|xsd|dtd|csv|tsv|svg|lock|lst"
    r"|tf|tfvars|hcl|nix|service|desktop|reg|map|pem|crt|pub|asc|webmanifest|manifest|geojson|gpx|ics|editorconfig)$"
)

_SCREEN = r"/res/(?:layout|menu|navigation)(?:-[\w+-]+)?/[^/]+\.xml$"

_DATA_WHY = "configuration or data by its name"

# Files that only their content can tell: Android keeps strings and dimensions in one folder, under any name; Qt's
# catalogs end like TypeScript, and FreeMarker's templates like Fluent's.
_AMBIGUOUS = r"/values(?:-[\w+-]+)?/[^/]+\.xml$|\.(?:ts|ftl)$"

RULES: tuple[tuple[str, Role, str], ...] = (
    (_LOCK, Role.LOCK, "a lock file: exact versions, written by a package manager"),
    (_VENDORED_FOLDER, Role.VENDORED, "in a folder of other people's code"),
    (_VENDORED_FILE, Role.VENDORED, "a file that comes with another project"),
    (_BINARY, Role.BINARY, "the name of a binary format"),
    (_GENERATED, Role.GENERATED, "the name that a generator gives"),
    (_GENERATED_FOLDER, Role.GENERATED, "in a folder that generators write"),
    (_ABOUT, Role.DOCS, "about the project"),
    (_TEST_FOLDER, Role.TEST, "in a folder of tests"),
    (_TEST_FILE, Role.TEST, "the name of a test"),
    (_CATALOG, Role.CATALOG, "a localization catalog by its name"),
    (_CONFIG_TEXT, Role.CONFIG, "build or tool configuration"),
    (_DOCS, Role.DOCS, "documentation by its name"),
    (_SCREEN, Role.CODE, "an Android screen written in XML"),
    (_PROJECT, Role.CONFIG, "part of a mobile project's description"),
    (_BUILD, Role.CONFIG, "build or tool configuration"),
    (_DATA, Role.CONFIG, _DATA_WHY),
)
# What these patterns never find: a file that ends like this, in lower case, in any folder.
_PLAIN = "c cc cpp cs dart go h java js jsx kt kts m mjs mm py pyi rb rs scala swift ts tsx"
_PLAIN_CODE = frozenset(_PLAIN.split())
_NEVER_PLAIN_CODE = frozenset({_LOCK, _BINARY, _ABOUT, _CATALOG, _CONFIG_TEXT, _DOCS, _SCREEN, _DATA})

_ENDINGS = (
    "swift kt kts java m mm h hh hpp hxx c cc cpp cxx inl go rs py pyi pyx ts tsx mts cts js jsx mjs cjs vue svelte"
    " rb rake erb cs fs vb razor cshtml php scala sc groovy clj cljc cljs ipynb pxd gotmpl ex exs erl hrl hs ml mli"
    " dart lua pl pm r jl zig nim sh bash zsh fish ps1 psm1 bat cmd sql proto graphql gql thrift aidl metal glsl vert"
    " frag hlsl wgsl s asm htm html css scss sass less styl haml slim pug hbs ejs jinja jinja2 j2 ftl ftlh vm tmpl tpl"
    " sol v sv vhdl y yy l d pas f90 el lisp scm"
)
_CODE = frozenset(_ENDINGS.split())


@lru_cache(maxsize=4096)
def by_name(path: str, denied: frozenset[Role] = frozenset()) -> tuple[Role, str] | None:
    """Return the role that the name or a folder gives away, or None where only the content can tell.

    Args:
        path: Relative to the top of the work tree.
        denied: Roles that the project itself says this file does not have.
    """
    rooted = "/" + path
    passed = _NEVER_PLAIN_CODE if _ending(path) in _PLAIN_CODE else ()
    for pattern, role, why in RULES:
        if pattern not in passed and role not in denied and _compiled(pattern).search(rooted):
            return None if why == _DATA_WHY and _compiled(_AMBIGUOUS).search(rooted) else (role, why)
    return None


def is_code_name(path: str) -> bool:
    """Tell whether the name ends like source code."""
    return _ending(path).lower() in _CODE


def _ending(path: str) -> str:
    _, dot, ending = path.rpartition(".")
    return ending if dot else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
