"""What a file declares, by qualified name, in six languages; broken and hostile files included."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkworks.change.inventory import Inventory, inventory

# For each path: the source, and kind, qualified name and parameters (where they tell overloads apart) of each symbol.
SAMPLES = {
    "a.py": (
        """
        class Cache(Base):
            '''About it.'''
            size = 1

            @property
            def full(self) -> bool: return True

            @full.setter
            def full(self, value): ...

            class Entry:
                async def load(self, *, key=1): ...

        try:
            def fast(a): pass
        except ImportError:
            def fast(a): pass

        @decorated(1)
        def outer():
            def inner(): ...
            class Local: ...
        """,
        ("type Cache|property Cache.full|property Cache.full|type Cache.Entry|method Cache.Entry.load|function fast"
        "|function fast|function outer"),
    ),
    "a.ts": (
        """
        export default class Store<T> extends Base {
          private x = 1;
          handle = async (e: Event): Promise<void> => { };
          constructor(private a: number) { super() }
          get value(): number { return 1 }
          @dec() async *walk<U>(a: string): U { }
          abstract none(): void;
          #hidden() {}
        }
        export const add = (a: number) => a, one = 1;
        const api = { load() {}, save: () => 1, inner: { deep: function () {} } };
        function over(a: string): void;
        function over(a: any) { const local = () => 1 }
        export interface Shape<T> { area(a: number): void; edges: () => void }
        type Alias = { a: 1 };
        enum Color { Red }
        namespace A.B { export function inside() {} }
        exports.old = () => {};
        Foo.prototype.bar = function () {};
        """,
        ("type Store|method Store.handle|constructor Store.constructor|property Store.value|method Store.walk"
        "|method Store.none|method Store.#hidden|function add|function api.load|function api.save"
        "|function api.inner.deep|function over|function over|type Shape|method Shape.area|type Alias|type Color"
        "|function A.B.inside|function old|function Foo.bar"),
    ),
    "a.tsx": (
        """
        export const Card = React.memo(forwardRef((props: Props) => <div>don't</div>));
        export default () => <Card />;
        """,
        "function Card|function default",
    ),
    "a.go": (
        """
        package p
        func (s *Server[K, V]) Run(ctx context.Context) error { return nil }
        func Map[T any](x []T) T { return x[0] }
        type ( Conf struct { a int }; Store interface { Get(k string) error } )
        type Alias = int
        func (Conf) Zero() {}
        """,
        "method Server.Run|function Map|type Conf|type Store|method Store.Get|type Alias|method Conf.Zero",
    ),
    "a.java": (
        """
        public final class A<T> extends B {
          public A(int x) { }
          @Override public <U> List<U> run(int a, String... b) throws E { return null; }
          interface I { int g(); default void h() {} }
          enum En { X { void z() {} }, Y; void z() {} }
          record R(int a) { R { } }
          @interface An { int v() default 1; }
        }
        """,
        ("type A|constructor A.A(int)|method A.run(int, String...)|type A.I|method A.I.g()|method A.I.h()|type A.En"
        "|method A.En.z()|type A.R|constructor A.R.R|type A.An|method A.An.v"),
    ),
    "a.kt": (
        """
        @Composable
        internal inline fun <reified T : Any> List<T>.ext(a: Int, b: @Composable () -> Unit): T? { return null }
        data class D<T>(val x: Int, private var y: String) : Base(x) {
          val p: Int get() = 1
          var q: Int = 1
            set(v) { field = v }
          constructor(a: Int) : this(a, "")
          companion object { fun make() {} }
          enum class E {
            A { override fun z() {} },
            B { override fun z() {} };
            abstract fun z()
          }
          operator fun plus(o: D<T>): D<T> = this
        }
        fun interface Listener { fun go() }
        typealias Handler = (Int) -> Unit
        val List<Int>.total: Int get() = sum()
        object Single
        """,
        ("function List.ext(Int, ()->Unit)|type D|property D.p|property D.q|constructor D.constructor(Int)"
        "|type D.Companion|method D.Companion.make()|type D.E|method D.E.z()|method D.plus(D<T>)|type Listener"
        "|method Listener.go()|type Handler|property List.total|type Single"),
    ),
    "a.swift": (
        """
        @MainActor
        public final class A<T>: B where T: C {
          private(set) var y: Int { didSet { z() } }
          var body: some View { Text("a") }
          static let k = 1
          init?(x: Int) { }
          deinit { }
          subscript(i: Int) -> Int { 1 }
          func load<U>(_ a: Int, id b: String = "x") async throws -> U? { nil }
          func load(_ a: sending Int) { let s = d["x"] as? String ?? "none" }
          enum E: String { case a, b; var t: Int { 1 } }
          #if DEBUG
          struct Inner { func f() {} }
          #endif
        }
        extension Array where Element == Int { func s() {} }
        extension A.E: P {}
        protocol P: Q {
          func p(_ x: Int)
          var v: Int { get }
          init()
          associatedtype Z
        }
        func + (a: A, b: A) -> A { a }
        @available(iOS 17.0, *)
        #Preview("one") { A() }
        typealias X = Int
        """,
        ("type A|property A.y|property A.body|constructor A.init(x:)|method A.deinit|method A.subscript(i:)"
        "|method A.load(_:id:)|method A.load(_:)|type A.E|property A.E.t|type A.Inner|method A.Inner.f()"
        "|extension Array|method Array.s()|extension A.E|type P|method P.p(_:)|property P.v|constructor P.init()"
        "|type P.Z|function +(a:b:)|type X"),
    ),
}  # fmt: skip


def source_of(path: str) -> str:
    return textwrap.dedent(SAMPLES[path][0]).strip() + "\n"


def told(found: Inventory, path: str) -> list[str]:
    typed = path.endswith((".java", ".kt", ".swift"))
    return [f"{each.kind} {each.qualified}{each.parameters if typed else ''}" for each in found.symbols]


@pytest.mark.parametrize("path", SAMPLES)
def test_declarations_by_qualified_name(path: str) -> None:
    found = inventory(path, source_of(path).encode())
    assert told(found, path) == SAMPLES[path][1].split("|")
    assert found.why == ""


@pytest.mark.parametrize("path", SAMPLES)
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_change_nothing(path: str, start: bytes) -> None:
    text = source_of(path)
    assert inventory(path, start + text.replace("\n", "\r\n").encode()) == inventory(path, text.encode())


MORE = {
    "a.py": ("def last(a):\n    return a\n", "function last"),
    "a.ts": ("export function last(a: number) { return '}' }\n", "function last"),
    "a.go": ("func last(a int) string { return `}` }\n", "function last"),
    "a.java": ("class Last { }\n", "type Last"),
    "a.kt": ('fun last(a: Int) = "${a}}"\n', "function last(Int)"),
    "a.swift": ('func last(_ a: Int) -> String { "\\(a)}" }\n', "function last(_:)"),
}


@pytest.mark.parametrize("path", MORE)
@settings(max_examples=20)
@given(order=st.lists(st.booleans(), max_size=5))
def test_what_stands_behind_does_not_change_what_stands_before(path: str, order: list[bool]) -> None:
    whole = (source_of(path), SAMPLES[path][1].split("|"))
    short = (MORE[path][0], [MORE[path][1]])
    parts = [
        whole if long and path != "a.go" else short for long in order
    ]  # a file of Go has one package clause
    text = "".join(part for part, _ in parts)
    assert told(inventory(path, text.encode()), path) == [name for _, names in parts for name in names]


@pytest.mark.parametrize("path", SAMPLES)
@settings(max_examples=30)
@given(where=st.data())
def test_any_beginning_of_a_file_is_read_without_failing(path: str, where: st.DataObject) -> None:
    text = source_of(path)
    cut = where.draw(st.integers(0, len(text)))
    for symbol in inventory(path, text[:cut].encode()).symbols:
        assert 1 <= symbol.line <= symbol.end_line <= text[:cut].count("\n") + 1
        assert symbol.name


@pytest.mark.parametrize(
    ("path", "source", "why"),
    [
        ("a.rb", b"def f; end", "no reader for this language"),
        ("a.py", b"def f(): pass\n" * 150_000, "larger than 2 MB"),
        ("a.py", "def f(): pass".encode("utf-16"), "not text"),
    ],
)
def test_what_cannot_be_read_is_said(path: str, source: bytes, why: str) -> None:
    assert inventory(path, source) == Inventory((), why)


def test_what_is_not_utf_8_is_read_all_the_same() -> None:
    found = inventory("a.py", "# Grüße\ndef grüßen():\n    pass\n".encode("latin-1"))
    assert [symbol.name for symbol in found.symbols] == ["grüßen"]


def test_a_declaration_in_a_broken_file_is_still_named() -> None:
    found = inventory("a.py", b"def one():\n    pass\n\ndef two(:\n  x = = 1\n\nclass Three:\n    pass\n")
    assert {"one", "two", "Three"} <= {symbol.name for symbol in found.symbols}
    assert found.why == "does not parse everywhere"


def test_nesting_without_end_is_cut() -> None:
    text = "struct A {\n" * 300 + "}\n" * 300
    assert 30 < len(inventory("a.swift", text.encode()).symbols) < 60


def test_signatures_leave_out_what_no_caller_sees() -> None:
    swift = inventory(
        "a.swift", b"@objc\nprivate func f(\n  _ a: Int, // why\n  b: Int\n) -> Int { 1 }\n"
    ).symbols[0]
    assert (swift.signature, swift.private) == ("func f(_ a: Int, b: Int) -> Int", True)
    kotlin = inventory("a.kt", b"@Test public suspend fun f(\n  a: Int,\n): Int = 1\n").symbols[0]
    assert kotlin.signature == "suspend fun f(a: Int): Int"
    typed = inventory("a.ts", b"export const f: Handler = async (a) => a\n").symbols[0]
    assert typed.signature == "f: Handler async (a)"


def test_comments_and_documentation_are_no_code() -> None:
    plain = inventory("a.py", b"def f():\n    return 1\n").symbols[0]
    told_more = inventory("a.py", b'def f():\n    """Why."""\n    # how\n    return 1  # that\n').symbols[0]
    assert plain.text == told_more.text


@pytest.mark.parametrize(
    "text",
    [
        "struct A { func f() { " + '"\\(' * 2_000 + " } }\nfunc last() {}\n",
        "func f() {" + "{" * 20_000 + "\nfunc last() {}\n",
        "struct A { = = }\n" + '"""\n' * 9_999 + "func last() {}\n",
        "func " + "a." * 5_000 + "\nstruct { = =\nfunc last() {}\n",
    ],
)
def test_hostile_text_is_read_to_its_end(text: str) -> None:
    assert inventory("a.swift", text.encode()).why == "does not parse everywhere"
