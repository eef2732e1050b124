// Go's declarations by its own parser, one JSON line a file: [[qualified, group, line, digest], …] or null.
// Paths come as lines on standard input. The digest is of the tokens that are the declaration's own.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
)

type span struct{ from, to token.Pos }

func receiver(expr ast.Expr) string {
	switch t := expr.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.ParenExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return "?"
}

func digest(set *token.FileSet, source []byte, node ast.Node, inner []span) string {
	file := set.File(node.Pos())
	from, to := file.Offset(node.Pos()), file.Offset(node.End())
	text := append([]byte{}, source[from:to]...)
	for _, each := range inner {
		for i := file.Offset(each.from); i < file.Offset(each.to); i++ {
			text[i-from] = ' '
		}
	}
	var scan scanner.Scanner
	own := token.NewFileSet()
	scan.Init(own.AddFile("", own.Base(), len(text)), text, nil, 0)
	hash := sha256.New()
	comma := false
	for {
		_, kind, literal := scan.Scan()
		if kind == token.EOF {
			break
		}
		if kind == token.SEMICOLON && literal != ";" {
			continue
		}
		if comma && kind != token.RPAREN && kind != token.RBRACE && kind != token.RBRACK {
			fmt.Fprint(hash, ",\x00")
		}
		comma = kind == token.COMMA
		if !comma {
			fmt.Fprintf(hash, "%s %s\x00", kind, literal)
		}
	}
	return fmt.Sprintf("%x", hash.Sum(nil))[:16]
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		source, err := os.ReadFile(lines.Text())
		if err != nil {
			panic(err)
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, "", source, parser.SkipObjectResolution)
		if err != nil {
			fmt.Println("null")
			continue
		}
		rows := [][]any{}
		add := func(name, group string, node ast.Node, inner []span) {
			rows = append(rows, []any{name, group, set.Position(node.Pos()).Line, digest(set, source, node, inner)})
		}
		for _, declaration := range file.Decls {
			switch d := declaration.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil && len(d.Recv.List) > 0 {
					name = receiver(d.Recv.List[0].Type) + "." + name
				}
				add(name, "callable", d, nil)
			case *ast.GenDecl:
				for _, each := range d.Specs {
					spec, ok := each.(*ast.TypeSpec)
					if !ok {
						continue
					}
					inner := []span{}
					methods := []*ast.Field{}
					if face, ok := spec.Type.(*ast.InterfaceType); ok {
						for _, method := range face.Methods.List {
							if _, isFunction := method.Type.(*ast.FuncType); isFunction && len(method.Names) == 1 {
								inner = append(inner, span{method.Names[0].Pos(), method.Type.End()})
								methods = append(methods, method)
							}
						}
					}
					add(spec.Name.Name, "type", spec, inner)
					for _, method := range methods {
						rows = append(rows, []any{spec.Name.Name + "." + method.Names[0].Name, "callable",
							set.Position(method.Names[0].Pos()).Line, digest(set, source, method, nil)})
					}
				}
			}
		}
		encoded, _ := json.Marshal(rows)
		fmt.Println(string(encoded))
	}
}
