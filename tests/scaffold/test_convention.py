"""Where a project keeps the test of a file: found, or put where its other tests show it."""

from __future__ import annotations

import pytest

from hunkworks.scaffold.convention import Convention


@pytest.mark.parametrize(
    ("source", "tests", "expected"),
    [
        ("src/a/cache.py", ["tests/a/test_cache.py", "tests/b/test_cache.py"], "tests/a/test_cache.py"),
        ("src/cache.ts", ["src/cache.spec.ts"], "src/cache.spec.ts"),
        ("src/cache.ts", ["src/cache.test.tsx"], "src/cache.test.tsx"),
        ("a/b.go", ["c/b_test.go"], ""),
        ("a/b.go", ["a/b_test.go"], "a/b_test.go"),
        ("app/src/main/java/p/A.kt", ["app/src/test/java/p/ATest.java"], "app/src/test/java/p/ATest.java"),
        ("Sources/M/Loader.swift", ["Tests/MTests/LoaderTests.swift"], "Tests/MTests/LoaderTests.swift"),
        ("src/cache.py", ["tests/test_other.py"], ""),
        ("src/cache.py", ["tests/cache.test.ts"], ""),
    ],
)
def test_the_test_named_after_a_file_is_found(source: str, tests: list[str], expected: str) -> None:
    assert Convention([source, "a/b.go", "c/b.go", "src/b/cache.py"], tests).existing(source) == expected


@pytest.mark.parametrize(
    ("source", "pairs", "expected"),
    [
        ("src/app/b/new.py", {"src/app/a/old.py": "tests/a/test_old.py"}, "tests/b/test_new.py"),
        ("src/app/new.py", {"src/app/old.py": "tests/test_old.py"}, "tests/test_new.py"),
        ("app/new.py", {"app/old.py": "t/unit/old_test.py"}, "t/unit/new_test.py"),
        ("src/x/new.ts", {"src/y/old.ts": "src/y/old.spec.ts"}, "src/x/new.spec.ts"),
        ("src/x/New.tsx", {"src/y/old.ts": "src/y/__tests__/old.test.ts"}, "src/x/__tests__/New.test.tsx"),
        ("a/new.go", {}, "a/new_test.go"),
        ("m/src/main/kotlin/p/New.kt", {}, "m/src/test/kotlin/p/NewTest.kt"),
        ("m/src/commonMain/kotlin/p/New.kt", {}, "m/src/commonTest/kotlin/p/NewTest.kt"),
        (
            "m/src/main/java/p/New.java",
            {"m/src/main/java/q/Old.java": "m/src/test/java/q/TestOld.java"},
            "m/src/test/java/p/TestNew.java",
        ),
        (
            "Sources/M/Sub/New.swift",
            {"Sources/M/Old.swift": "Tests/MTests/OldTests.swift"},
            "Tests/MTests/Sub/NewTests.swift",
        ),
        ("m/src/debug/java/p/New.kt", {}, "m/src/testDebug/java/p/NewTest.kt"),
        ("m/src/androidMain/kotlin/p/-New.kt", {}, "m/src/androidUnitTest/kotlin/p/NewTest.kt"),
        ("src/new.ts", {"src/old.ts": "src/old.test.ts", "src/a.tsx": "src/a.test.tsx"}, "src/new.test.ts"),
        ("src/new.py", {}, ""),
        ("New.swift", {}, ""),
    ],
)
def test_a_new_test_goes_where_the_others_stand(source: str, pairs: dict[str, str], expected: str) -> None:
    assert Convention([source, *pairs], list(pairs.values())).place(source) == expected


def test_the_nearest_pairs_know_best() -> None:
    pairs = {
        "web/src/old.ts": "web/src/old.spec.ts",
        "api/src/one.ts": "api/test/one.test.ts",
        "api/src/two.ts": "api/test/two.test.ts",
    }
    convention = Convention([*pairs], list(pairs.values()))
    assert convention.place("web/src/new.ts") == "web/src/new.spec.ts"
    assert convention.place("api/src/new.ts") == "api/test/new.test.ts"
