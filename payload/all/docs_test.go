package all_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload/all"
)

const docs = "../../docs/payloads.md"

var (
	// source names, in a section, the conversations that its examples are from, and flags.
	source = regexp.MustCompile(`<!-- (.*) -->`)
	// example is a fenced block.
	example = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
)

// TestDocs holds what the documentation shows against what the command prints: lines of the
// list, values of `decoded`, and what jq makes of them. With -update it writes what jq makes
// anew.
func TestDocs(t *testing.T) {
	if testing.Short() {
		t.Skip("one run is enough for what stands in a document")
	}
	text, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	jq, _ := exec.LookPath("jq")
	sections := strings.SplitAfter(string(text), "\n## ")
	for i, section := range sections {
		title, _, _ := strings.Cut(section, "\n")
		m := source.FindStringSubmatch(section)
		if m == nil {
			if i > 0 && example.MatchString(section) {
				t.Errorf("%s: no comment says where its examples are from", title)
			}
			continue
		}
		p := printed(t, strings.Fields(m[1]))
		sections[i] = example.ReplaceAllStringFunc(section, func(block string) string {
			m := example.FindStringSubmatch(block)
			return "```" + m[1] + "\n" + p.check(t, title, jq, m[1], m[2]) + "```"
		})
	}
	if !t.Failed() {
		wstest.Golden(t, docs, []byte(strings.Join(sections, "")))
	}
}

// output is what the command prints of conversations.
type output struct{ list, json, decoded string }

func printed(t *testing.T, words []string) (o output) {
	names, flags := words, []string(nil)
	if i := slices.IndexFunc(words, func(w string) bool { return w[0] == '-' }); i >= 0 {
		names, flags = words[:i], words[i:]
	}
	for _, name := range names {
		folder, file, _ := strings.Cut(name, "/")
		args := append([]string{capture(t, "../"+folder+"/testdata/"+file+".talk", false)}, flags...)
		o.list += read(t, append(args, "-q", "--max-payload", "0")...)
		o.json += read(t, append(args, "--json", "--only", "message")...)
	}
	o.decoded = decoded(t, o.json)
	return o
}

// check compares the content of a block, and gives what should stand in it.
func (o *output) check(t *testing.T, title, jq, language, content string) string {
	switch command, _, _ := strings.Cut(content, "\n"); {
	case strings.HasPrefix(command, "jq "):
		if jq == "" {
			return content
		}
		run := exec.Command("sh", "-c", command)
		run.Env = append(os.Environ(), "LC_ALL=C") // for sort
		run.Stdin = strings.NewReader(o.json)
		out, err := run.CombinedOutput()
		if err != nil || len(out) == 0 {
			t.Errorf("%s: %s: %v %s", title, command, err, out)
		}
		return command + "\n" + string(out)
	case language == "json":
		for line := range strings.Lines(content) {
			if !slices.Contains(slices.Collect(strings.Lines(o.decoded)), line) {
				t.Errorf("%s: nothing is decoded as %s", title, line)
			}
		}
	default:
		for line := range strings.Lines(content) {
			if !strings.Contains(o.list, "  "+line) {
				t.Errorf("%s: no line of the list ends with %s", title, line)
			}
		}
	}
	return content
}

// TestDocsNameAll finds a section for each protocol.
func TestDocsNameAll(t *testing.T) {
	text, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range protocolNames() {
		if !strings.Contains(string(text), "\n`"+p+"`") && !strings.Contains(string(text), ", `"+p+"`") {
			t.Errorf("no section for %s", p)
		}
	}
}

func protocolNames() (names []string) {
	for _, p := range all.Protocols() {
		names = append(names, p.Name)
	}
	return names
}
