package wsdissect_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source is a package as it stands in its files, without its tests.
type source struct {
	path  string
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
	pkg   *types.Package
}

// sources are the packages of the module, generators of captures included.
func sources(t *testing.T) []source {
	t.Helper()
	list := packages(t)
	generators, err := goList("linux", "./testdata/gen/...")
	if err != nil {
		t.Fatal(err)
	}
	var all []source
	for _, p := range slices.Concat(list, generators) {
		if len(p.GoFiles) > 0 {
			all = append(all, parse(t, p))
		}
	}
	return all
}

func parse(t *testing.T, p goPackage) source {
	t.Helper()
	s := source{path: p.ImportPath, fset: token.NewFileSet()}
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(s.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, f)
	}
	s.resolve()
	return s
}

// resolve looks up the names of the package itself. What is imported stays unknown, and
// the errors that follow from that are of no interest.
func (s *source) resolve() {
	s.info = &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: unknown{}, Error: func(error) {}}
	s.pkg, _ = conf.Check(s.path, s.fset, s.files, s.info)
}

// unknown imports every package as an empty one.
type unknown struct{}

func (unknown) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, path[strings.LastIndexByte(path, '/')+1:])
	p.MarkComplete()
	return p, nil
}

func TestPackageComments(t *testing.T) {
	for _, s := range sources(t) {
		comments := 0
		for _, f := range s.files {
			if f.Doc != nil {
				comments++
			}
		}
		if comments != 1 {
			t.Errorf("%s has %d package comments, want 1", s.path, comments)
		}
	}
}

// What init registers, nobody sees at the place where it is used, and order decides.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, f := range s.files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					t.Errorf("%s: func init", s.fset.Position(fn.Pos()))
				}
			}
		}
	}
}

// A library that ends the process takes the decision, and the defers, from its caller.
func TestOnlyMainExits(t *testing.T) {
	for _, s := range sources(t) {
		if s.pkg.Name() == "main" {
			continue
		}
		s.inspect(func(n ast.Node) {
			if isName(n, "os", "Exit") {
				t.Errorf("%s: os.Exit", s.fset.Position(n.Pos()))
			}
		})
	}
}

// isName reports whether n is a name of an imported package.
func isName(n ast.Node, pkg, name string) bool {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == pkg
}

// Variables of a package are tables and sentinels: two captures read at once share them.
func TestNoMutablePackageState(t *testing.T) {
	for _, s := range sources(t) {
		if within(s.path, "internal/wstest") || s.pkg.Name() == "main" {
			continue
		}
		for _, where := range s.changes() {
			t.Errorf("%s: a variable of package %s is changed, or made to be", where, s.pkg.Name())
		}
	}
}

func TestChangesAreFound(t *testing.T) {
	const text = `package p

import "sync"

var table = [2]int{1, 2}
var count, list = 0, []struct{ n int }{{1}}
var pool sync.Pool

func fine() int {
	count := table[0]
	count++
	for _, table := range list {
		table.n = 3
	}
	return count
}

func changes() {
	table[1] = 3
	count++
	(list[0]).n += 4
	for count = range table {
	}
}
`
	s := source{path: "p", fset: token.NewFileSet()}
	f, err := parser.ParseFile(s.fset, "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.files = []*ast.File{f}
	s.resolve()
	var lines []int
	for _, where := range s.changes() {
		lines = append(lines, where.Line)
	}
	slices.Sort(lines)
	if want := []int{7, 19, 20, 21, 22}; !slices.Equal(lines, want) {
		t.Errorf("changes in the lines %v, want %v", lines, want)
	}
}

func (s source) inspect(visit func(ast.Node)) {
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if n != nil {
				visit(n)
			}
			return true
		})
	}
}

// changes are the places where a variable of the package is assigned to, and those where
// one is declared that has a lock in it, or a pool.
func (s source) changes() []token.Position {
	var found []token.Position
	note := func(targets ...ast.Expr) {
		for _, x := range targets {
			if v, ok := s.info.Uses[root(x)].(*types.Var); ok && v.Parent() == s.pkg.Scope() {
				found = append(found, s.fset.Position(x.Pos()))
			}
		}
	}
	s.inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				note(n.Lhs...)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				note(n.Key, n.Value)
			}
		}
	})
	for _, f := range s.files {
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.GenDecl); ok && decl.Tok == token.VAR && hasLock(decl) {
				found = append(found, s.fset.Position(decl.Pos()))
			}
		}
	}
	return found
}

// root is the name that an expression starts from, nil if it starts from none.
func root(x ast.Expr) *ast.Ident {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			return e
		case *ast.SelectorExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		default:
			return nil
		}
	}
}

// hasLock reports whether a declaration names a type of sync or sync/atomic. OnceValue is
// a constant that is made late.
func hasLock(decl *ast.GenDecl) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && !strings.HasPrefix(sel.Sel.Name, "OnceValue") {
			id := root(sel.X)
			found = found || id != nil && (id.Name == "sync" || id.Name == "atomic")
		}
		return true
	})
	return found
}
