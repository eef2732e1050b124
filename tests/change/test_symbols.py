"""A reviewer sees where a line stands: the header of the innermost function or type."""

from __future__ import annotations

import pytest

from hunkworks.change.symbols import enclosing

# In each sample the line that holds HERE is asked for.
SAMPLES = {
    "a.swift": (
        "class A {\n  @MainActor\n  func f(_ x: Int,\n    y: Int) async -> Int {\n    // HERE\n  }\n}",
        "func f(_ x: Int, y: Int) async -> Int",
    ),
    "b.swift": ("struct V: View {\n  var body: some View {\n    Text(HERE)\n  }\n}", "var body: some View"),
    "c.swift": ("extension A where T: B {\n  // HERE\n}", "extension A where T: B"),
    "d.swift": ("actor A {\n  init(x: Int) {\n    HERE\n  }\n}", "init(x: Int)"),
    "a.kt": ("class A(val x: Int) {\n  suspend fun f(): Int {\n    HERE\n  }\n}", "suspend fun f(): Int"),
    "b.kt": ("class A {\n  companion object {\n    val x = HERE\n  }\n}", "companion object"),
    "a.java": (
        "class A {\n  @Override\n  public void f(int a) throws E {\n    HERE;\n  }\n}",
        "public void f(int a) throws E",
    ),
    "b.java": ("class A extends B {\n  int x = HERE;\n}", "class A extends B"),
    "a.go": (
        "package p\nfunc (s *Server) Run(ctx context.Context) error {\n\tHERE()\n}",
        "func (s *Server) Run(ctx context.Context) error",
    ),
    "b.go": ("package p\ntype T struct {\n\tHERE int\n}", "type T struct"),
    "a.rs": ("impl Foo for Bar {\n  #[inline]\n  fn f(&self) -> u8 {\n    HERE\n  }\n}", "fn f(&self) -> u8"),
    "b.rs": ("impl<T> Foo for Bar<T> {\n  // HERE\n}", "impl<T> Foo for Bar<T>"),
    "a.c": ("static int\nf(int a)\n{\n  HERE;\n}", "static int f(int a)"),
    "a.cpp": ("namespace n {\nclass A {\n  void f() const { HERE; }\n};\n}", "void f() const"),
    "a.py": (
        "class A:\n    @property\n    async def f(self, x: int) -> int:\n        HERE\n",
        "async def f(self, x: int) -> int",
    ),
    "b.py": ("class A(B):\n    x = HERE\n", "class A(B)"),
    "a.ts": (
        "class A {\n  async f(x: number): Promise<void> {\n    x.map(y => HERE)\n  }\n}",
        "async f(x: number): Promise<void>",
    ),
    "b.ts": ("export const load = async (id: string) => {\n  HERE\n}", "load = async (id: string) =>"),
    "c.ts": ("export interface I {\n  HERE: number\n}", "interface I"),
    "a.tsx": ("function App() {\n  return <div>HERE</div>\n}", "function App()"),
    "a.js": ("module.exports = function run(a) {\n  HERE\n}", "module.exports = function run(a)"),
    "a.rb": ("module M\n  class A < B\n    def f(x)\n      HERE\n    end\n  end\nend", "def f(x)"),
    "a.cs": ("class A {\n  [Test]\n  public int F(int x) { return HERE; }\n}", "public int F(int x)"),
    "b.cs": ("class A {\n  int P {\n    get { return HERE; }\n  }\n}", "int P"),
    "a.m": ("@implementation A\n- (void)run:(int)x {\n  HERE;\n}\n@end", "- (void)run:(int)x"),
    "b.mm": ("@interface A : NSObject\n@property HERE;\n@end", "@interface A : NSObject"),
}  # fmt: skip


@pytest.mark.parametrize("path", SAMPLES)
def test_header_of_the_innermost_definition(path: str) -> None:
    source, header = SAMPLES[path]
    line = source[: source.index("HERE")].count("\n") + 1
    assert enclosing(path, source.encode(), line) == header


@pytest.mark.parametrize("path", SAMPLES)
def test_line_ends_of_windows_change_nothing(path: str) -> None:
    source, header = SAMPLES[path]
    line = source[: source.index("HERE")].count("\n") + 1
    assert enclosing(path, source.replace("\n", "\r\n").encode(), line) == header


@pytest.mark.parametrize(
    ("path", "source", "line"),
    [
        ("a.py", b"import os\n\n\ndef f():\n    pass\n", 1),
        ("a.py", b"", 1),
        ("a.py", b"def f(): pass\n", 99),
        ("notes.txt", b"def f():\n    pass\n", 2),
        ("a.m", b"@end\n\nint x;\n", 3),
        ("a.py", b"def f():\n" + b"    x = 1\n" * 250_000, 5),
    ],
)
def test_outside_of_everything_there_is_none(path: str, source: bytes, line: int) -> None:
    assert enclosing(path, source, line) is None


def test_what_does_not_parse_or_decode_is_still_answered() -> None:
    assert enclosing("a.py", b"def f():\n    x = '\xff\xfe' +\n    y = (\n", 2) == "def f()"
    assert enclosing("a.go", b"package p\nfunc f() {\n\tx := \n\n}\n\nfunc g() {}\n", 3) == "func f()"


def test_deep_nesting_does_not_break_it() -> None:
    assert (
        enclosing("a.js", b"function f() {\n" + b"(" * 5_000 + b"1" + b")" * 5_000 + b"\n}\n", 2)
        == "function f()"
    )


def test_a_long_header_is_cut_visibly() -> None:
    header = enclosing(
        "a.py", f"def f({', '.join(f'argument_{n}' for n in range(99))}):\n    x\n".encode(), 2
    )
    assert header is not None
    assert len(header) == 200
    assert header.endswith("…")
