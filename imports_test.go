// Package wsdissect_test holds the rules of the whole module: who may import whom, what
// no package may do, and that the README tells the truth.
package wsdissect_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/wsdissect/wsdissect/"

// goPackage is what `go list -json` says of a package.
type goPackage struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string // all that it needs, without its tests
}

// systems are those whose files, kept apart by build constraints, the rules bind too.
var systems = []string{"linux", "darwin", "windows"}

// listed are the packages of the module, once for each system.
var listed = sync.OnceValues(func() ([]goPackage, error) {
	var all []goPackage
	for _, system := range systems {
		list, err := goList(system, "./...")
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
})

func goList(system string, args ...string) ([]goPackage, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,GoFiles,Imports,Deps"}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var list []goPackage
	for dec := json.NewDecoder(out); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list, cmd.Wait()
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list, err := listed()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return list
}

// within reports whether path is one of roots or below one. A root is relative to the
// module, or a whole path; "..." is all of the module.
func within(path string, roots ...string) bool {
	for _, root := range roots {
		if root == "..." && strings.HasPrefix(path+"/", module) {
			return true
		}
		for _, full := range []string{root, module + root} {
			if path == full || strings.HasPrefix(path, full+"/") {
				return true
			}
		}
	}
	return false
}

// rule forbids packages to other packages.
type rule struct {
	name   string
	bound  []string // whom it binds
	except []string
	never  []string // what they never need
	but    []string // what of that they may
	why    string
}

// needs hold for everything that a package needs, at any depth.
var needs = []rule{
	{
		name:  "frame stands alone",
		bound: []string{"frame"}, never: []string{"..."}, but: []string{"internal/inflate"},
		why: "RFC 6455 and 7692 without I/O are of use to programs that have their bytes from elsewhere",
	},
	{
		name:  "reassembly stands alone",
		bound: []string{"reassembly"}, never: []string{"..."},
		why: "it knows nothing above TCP; else a layer would leak its needs into the order of bytes",
	},
	{
		name:  "leaves stand alone",
		bound: []string{"rules", "internal/http1", "internal/inflate", "internal/hugepage"}, never: []string{"..."},
		why: "each is one idea that is tested by itself",
	},
	{
		name:  "the protocol core has no third party",
		bound: []string{"reassembly", "rules", "internal/http1", "internal/inflate"},
		never: []string{"github.com", "golang.org"},
		why:   "what decides what the capture says has one owner: us; see docs/decisions.md",
	},
	{
		name:  "dissect knows no source and no format",
		bound: []string{"dissect", "conform"}, never: []string{"capture", "internal/packet", "internal/output", "internal/cli"},
		why: "segments come from anywhere, events go anywhere; a new format must not touch it",
	},
	{
		name:  "dissect does without what stands behind it",
		bound: []string{"dissect"}, never: []string{"conform", "payload", "internal/display"},
		why: "what the capture says comes first; to judge, decode or select it are additions that can be left out",
	},
	{
		name:  "decoders know messages alone",
		bound: []string{"payload"}, never: []string{"capture", "conform", "internal"}, but: []string{"internal/http1", "internal/inflate"},
		why: "a decoder takes a message and explains it, wherever it came from and however it is shown",
	},
	{
		name:  "output knows no source",
		bound: []string{"internal/output"}, never: []string{"capture", "internal/packet", "internal/cli"},
		why: "it prints events, wherever they come from",
	},
	{
		name:  "capture knows nothing above TCP",
		bound: []string{"capture", "internal/packet"}, never: []string{"frame", "dissect", "internal/http1", "internal/output", "internal/cli"},
		why: "packets are what they are, whatever is looked for in them",
	},
	{
		name:  "only the command knows cli",
		bound: []string{"..."}, except: []string{"cmd", "internal/cli"}, never: []string{"internal/cli"},
		why: "cli knows everybody; whoever knew cli would know everybody too",
	},
	{
		name:  "wstest is for tests",
		bound: []string{"..."}, except: []string{"internal/wstest"}, never: []string{"internal/wstest"},
		why: "it panics where it is used wrongly, and registers flags",
	},
	{
		name:  "no cgo",
		bound: []string{"..."}, never: []string{"runtime/cgo"},
		why: "one static binary, on every system that Go builds for",
	},
}

// imports hold for what a package itself imports.
var imports = []rule{
	{
		name:  "gopacket stays at the edge",
		bound: []string{"..."}, except: []string{"capture", "internal/packet"}, never: []string{"github.com/google/gopacket"},
		why: "a change to its maintained fork must stay a change of import lines in two packages",
	},
	{
		name:  "gopacket does not put streams in order",
		bound: []string{"..."}, never: []string{"github.com/google/gopacket/reassembly", "github.com/google/gopacket/tcpassembly"},
		why: "it loses bytes in scenarios that reassembly gets right; see docs/decisions.md",
	},
	{
		name:  "gopacket does not read files",
		bound: []string{"..."}, never: []string{"github.com/google/gopacket/pcapgo"},
		why: "it misreads captures in use today; see docs/decisions.md",
	},
	{
		name:  "captured bytes are not for net/http",
		bound: []string{"..."}, never: []string{"net/http"},
		why: "it pulls, changes names, and refuses what an observer must show",
	},
	{
		name:  "libraries have no flags",
		bound: []string{"..."}, except: []string{"internal/cli", "internal/wstest", "scripts"},
		never: []string{"flag", "github.com/spf13"},
		why:   "a library takes arguments",
	},
	{
		name:  "libraries do not log",
		bound: []string{"..."}, except: []string{"scripts"}, never: []string{"log", "log/slog"},
		why: "what is worth telling is an event or an error",
	},
	{
		name:  "no reflection",
		bound: []string{"..."}, except: []string{"payload", "scripts"}, never: []string{"reflect", "encoding/json"},
		why: "output is written by hand: four times as fast, and never lossy; payload reads JSON with it",
	},
	{
		name:  "only the command knows the process",
		bound: []string{"frame", "reassembly", "dissect", "conform", "rules", "internal/http1", "internal/inflate", "internal/packet", "internal/output"},
		never: []string{"os", "os/signal", "os/exec", "net"},
		why:   "clocks, files and streams come in as arguments",
	},
}

// homes are the packages that may import each module that is not ours. What each is for
// stands in docs/decisions.md.
var homes = map[string][]string{
	"github.com/google/gopacket":    {"capture", "internal/packet"},
	"github.com/klauspost/compress": {"capture"},
	"github.com/pierrec/lz4":        {"capture"},
	"github.com/ulikunitz/xz":       {"capture"},
	"github.com/spf13/cobra":        {"internal/cli"},
	"github.com/spf13/pflag":        {"internal/cli"},
	"github.com/fatih/color":        {"internal/cli", "internal/output"},
	"github.com/mattn/go-isatty":    {"internal/cli"},
	"github.com/segmentio/asm":      {"internal/output"},
	"golang.org/x/sys":              {"capture", "internal/hugepage", "internal/privilege", "internal/simd"},
	"golang.org/x/net":              {"capture", "internal/filter"},
	"google.golang.org/protobuf":    {"payload/protobuf"},
}

func TestNeeds(t *testing.T) {
	for _, r := range needs {
		t.Run(r.name, func(t *testing.T) { r.check(t, func(p goPackage) []string { return p.Deps }) })
	}
}

func TestImports(t *testing.T) {
	for _, r := range imports {
		t.Run(r.name, func(t *testing.T) { r.check(t, func(p goPackage) []string { return p.Imports }) })
	}
}

func (r rule) check(t *testing.T, reach func(goPackage) []string) {
	list := packages(t)
	for _, root := range slices.Concat(r.bound, r.except) {
		if !slices.ContainsFunc(list, func(p goPackage) bool { return within(p.ImportPath, root) }) {
			t.Errorf("the rule binds %q, and there is no such package", root)
		}
	}
	for _, p := range list {
		if !within(p.ImportPath, r.bound...) || within(p.ImportPath, r.except...) {
			continue
		}
		for _, other := range reach(p) {
			if other != p.ImportPath && r.forbids(other) {
				t.Errorf("%s needs %s, but %s", p.ImportPath, other, r.why)
			}
		}
	}
}

// forbids matches packages of the standard library exactly: "net" is not "net/netip".
func (r rule) forbids(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") {
		return slices.Contains(r.never, path)
	}
	return within(path, r.never...) && !within(path, r.but...)
}

func TestHomes(t *testing.T) {
	for _, p := range packages(t) {
		for _, other := range p.Imports {
			first, _, _ := strings.Cut(other, "/")
			if !strings.Contains(first, ".") || strings.HasPrefix(other, module) {
				continue
			}
			if !atHome(p.ImportPath, other) {
				t.Errorf("%s imports %s, which has its home elsewhere or none; see docs/decisions.md", p.ImportPath, other)
			}
		}
	}
}

func atHome(path, other string) bool {
	for mod, where := range homes {
		if within(other, mod) {
			return within(path, where...)
		}
	}
	return false
}

// row is a line of the table of packages in docs/architecture.md.
var row = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|.*\\| ([^|]+) \\|$")

func TestTableOfPackages(t *testing.T) {
	const file = "docs/architecture.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	for _, m := range row.FindAllSubmatch(text, -1) {
		table[string(m[1])] = string(m[2])
	}
	for path, ours := range ownImports(packages(t)) {
		want := strings.Join(ours, ", ")
		if want == "" {
			want = "none"
		}
		if table[path] != want {
			t.Errorf("%s says that %s imports %q, it imports %q", file, path, table[path], want)
		}
	}
}

// ownImports are the packages of the module that each of them imports on any system, as
// the table has them.
func ownImports(list []goPackage) map[string][]string {
	all := map[string][]string{}
	for _, p := range list {
		if len(p.GoFiles) == 0 {
			continue
		}
		path := strings.TrimPrefix(p.ImportPath, module)
		if strings.HasPrefix(path, "payload/") {
			continue // the decoders, of which there may be many, have one row
		}
		ours := all[path]
		for _, other := range p.Imports {
			if rel, ok := strings.CutPrefix(other, module); ok {
				ours = append(ours, "`"+rel+"`")
			}
		}
		slices.Sort(ours)
		all[path] = slices.Compact(ours)
	}
	return all
}

// The generators of captures may use wstest, and so nothing may use them.
func TestGeneratorsAreNotImported(t *testing.T) {
	for _, p := range packages(t) {
		for _, other := range p.Imports {
			if strings.Contains(other, "/testdata/") {
				t.Errorf("%s imports %s", p.ImportPath, other)
			}
		}
	}
}

// A rule that allows everything would pass as well.
func TestRulesForbid(t *testing.T) {
	r := rule{bound: []string{"..."}, never: []string{"net", "github.com/google/gopacket", "frame"}}
	for path, want := range map[string]bool{
		"net":                                  true,
		"net/netip":                            false,
		"github.com/google/gopacket":           true,
		"github.com/google/gopacket/layers":    true,
		"github.com/google/gopacketx":          false,
		module + "frame":                       true,
		module + "frame/deflate":               true,
		module + "framework":                   false,
		strings.TrimSuffix(module, "/") + "er": false,
	} {
		if r.forbids(path) != want {
			t.Errorf("forbids(%q) = %v", path, !want)
		}
	}
	if !within(module+"dissect", r.bound...) || within("github.com/spf13/cobra", r.bound...) {
		t.Error(`"..." is not what is in the module`)
	}
}
