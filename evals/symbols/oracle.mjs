// TypeScript's declarations by its own compiler, one JSON line a file: [[qualified, group, line, digest], …] or null.
// Paths come as lines on standard input. The digest is of the tokens that are the declaration's own.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const ts = createRequire(`${process.cwd()}/`)("typescript");
const WRAPPERS = new Set(["memo", "forwardRef", "observer"]);

function unwrap(node) {
  for (;;) {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression?.(node) ||
        ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node)) node = node.expression;
    else if (ts.isCallExpression(node) && WRAPPERS.has(node.expression.getText().split(".").pop())) {
      const inner = node.arguments.find((a) => ts.isFunctionLike(a) || ts.isClassExpression(a) || ts.isCallExpression(a));
      if (!inner) return node;
      node = inner;
    } else return node;
  }
}
const named = (name) => name.getText().replace(/^["']|["']$/g, "");
const isPlainFunction = (node) => ts.isArrowFunction(node) || ts.isFunctionExpression(node);

function collect(file) {
  const rows = [];
  const add = (name, group, node, inner = []) => rows.push({ name, group, node, inner });
  function members(list, prefix) {
    for (const m of list) {
      if (ts.isMethodDeclaration(m) || ts.isMethodSignature(m) || ts.isGetAccessor(m) || ts.isSetAccessor(m)) add(prefix + named(m.name), "callable", m);
      else if (ts.isConstructorDeclaration(m)) add(`${prefix}constructor`, "callable", m);
      else if (ts.isPropertyDeclaration(m) && m.initializer) value(m.initializer, prefix, named(m.name), m);
      else if (ts.isPropertyAssignment(m)) value(m.initializer, prefix, named(m.name), m);
    }
  }
  function type(node, prefix, name, outer = node) {
    const list = node.members && !ts.isEnumDeclaration(node) ? node.members : [];
    const at = rows.length;
    add(prefix + name, "type", outer);
    members(list, `${prefix}${name}.`);
    rows[at].inner = rows.slice(at + 1).map((r) => r.node);
  }
  function value(node, prefix, name, outer) {
    node = unwrap(node);
    if (isPlainFunction(node)) add(prefix + name, "callable", outer);
    else if (ts.isClassExpression(node)) type(node, prefix, name, outer);
    else if (ts.isObjectLiteralExpression(node)) members(node.properties, `${prefix}${name}.`);
  }
  function statements(list, prefix) {
    for (const s of list) {
      if (ts.isFunctionDeclaration(s)) add(prefix + (s.name ? named(s.name) : "default"), "callable", s);
      else if (ts.isClassDeclaration(s)) type(s, prefix, s.name ? named(s.name) : "default");
      else if (ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s) || ts.isEnumDeclaration(s)) type(s, prefix, named(s.name));
      else if (ts.isVariableStatement(s)) { for (const d of s.declarationList.declarations) if (d.initializer) value(d.initializer, prefix, named(d.name), s.declarationList.declarations.length === 1 ? d : d); }
      else if (ts.isExportAssignment(s) && !s.isExportEquals) {
        const inner = unwrap(s.expression);
        value(s.expression, prefix, (ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && inner.name && inner === s.expression ? inner.name.text : "default", s);
      }
      else if (ts.isModuleDeclaration(s)) {
        let names = ts.isStringLiteral(s.name) || s.name.text === "global" ? prefix : `${prefix}${s.name.text}.`;
        let body = s.body;
        while (body && ts.isModuleDeclaration(body)) { names += `${body.name.text}.`; body = body.body; }
        if (body) statements(body.statements, names);
      }
      else if (ts.isBlock(s)) statements(s.statements, prefix);
      else if (ts.isIfStatement(s)) { for (const b of [s.thenStatement, s.elseStatement]) if (b) statements([b], prefix); }
      else if (ts.isTryStatement(s)) { for (const b of [s.tryBlock, s.catchClause?.block, s.finallyBlock]) if (b) statements(b.statements, prefix); }
      else if (ts.isExpressionStatement(s) && ts.isBinaryExpression(s.expression) && s.expression.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(s.expression.left)) {
        let names = s.expression.left.getText().split(".").filter((n) => n !== "module" && n !== "prototype");
        if (names[0] === "exports") names = names.length > 1 ? names.slice(1) : ["default"];
        if (names.every((n) => /^[\w$]+$/.test(n))) value(s.expression.right, [prefix.slice(0, -1), ...names.slice(0, -1)].filter(Boolean).map((n) => `${n}.`).join(""), names.at(-1), s);
      }
    }
  }
  statements(file.statements, "");
  return rows;
}

function digest(file, { node, inner }) {
  const skip = inner.map((n) => [n.getStart(), n.end]);
  const hash = createHash("sha256");
  (function walk(n) {
    if (n !== node && skip.some(([a, b]) => n.getStart() === a && n.end === b && inner.includes(n))) return;
    if (n.kind >= ts.SyntaxKind.FirstJSDocNode && n.kind <= ts.SyntaxKind.LastJSDocNode) return;
    const children = n.getChildren(file);
    if (!children.length) hash.update(`${n.getText(file)}\0`);
    children.forEach((c, i) => {
      const closing = children[i + 1] === undefined;
      if (c.kind === ts.SyntaxKind.CommaToken && closing && n.kind === ts.SyntaxKind.SyntaxList) return;
      walk(c);
    });
  })(node);
  return hash.digest("hex").slice(0, 16);
}

for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const text = readFileSync(path, "utf8");
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : /\.[cm]?js$/.test(path) ? ts.ScriptKind.JSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  if (file.parseDiagnostics.length) { console.log("null"); continue; }
  console.log(JSON.stringify(collect(file).map((r) => [r.name, r.group, file.getLineAndCharacterOfPosition(r.node.getStart(file)).line + 1, digest(file, r)])));
}
