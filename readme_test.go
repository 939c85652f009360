package wsdissect_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

const readme = "README.md"

// fence is a fenced block of Markdown: its language, and what stands in it.
var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// TestReadme runs what the README shows, and compares all that it shows as output. With
// -update it writes the outputs anew.
//
// A console block has commands behind "$ ", each with its output under it. A go block is
// a program; the text block behind it is its output.
func TestReadme(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh to run the examples with")
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	s := session{shell: shell, bin: buildCommand(t)}
	program := ""
	out := fence.ReplaceAllFunc(text, func(block []byte) []byte {
		m := fence.FindSubmatch(block)
		language, content := string(m[1]), string(m[2])
		switch language {
		case "console":
			content = s.console(t, content)
		case "go":
			program = content
		case "text":
			if program != "" {
				content = s.program(t, program)
				program = ""
			}
		}
		return []byte("```" + language + "\n" + content + "```")
	})
	if s.ran < 4 {
		t.Errorf("the README has %d examples that run, want at least 4", s.ran)
	}
	if !t.Failed() {
		wstest.Golden(t, readme, out)
	}
}

// session runs commands in the folder of the repository.
type session struct {
	shell, bin string
	ran        int
}

// console runs the commands of a block, and gives the block with their output.
func (s *session) console(t *testing.T, block string) string {
	var out strings.Builder
	for _, example := range strings.Split("\n"+block, "\n$ ")[1:] {
		command, output := cutCommand(example)
		out.WriteString("$ " + command + "\n")
		if missing := missingProgram(command); missing != "" {
			t.Logf("not run, since %s is not installed: %s", missing, command)
			out.WriteString(strings.TrimSuffix(output, "\n") + "\n")
			continue
		}
		out.Write(s.run(t, exec.Command(s.shell, "-c", command)))
	}
	return out.String()
}

// cutCommand splits an example after its command, of which every line but the last ends
// in a backslash.
func cutCommand(example string) (command, output string) {
	lines := strings.SplitAfter(example, "\n")
	n := 1
	for n < len(lines) && strings.HasSuffix(lines[n-1], "\\\n") {
		n++
	}
	return strings.TrimSuffix(strings.Join(lines[:n], ""), "\n"), strings.Join(lines[n:], "")
}

// missingProgram is what a command needs, beyond ours, and is not installed.
func missingProgram(command string) string {
	for _, program := range []string{"jq"} {
		if _, err := exec.LookPath(program); err != nil && regexp.MustCompile(`\b`+program+`\b`).MatchString(command) {
			return program
		}
	}
	return ""
}

// program runs a Go program on the capture that all examples use.
func (s *session) program(t *testing.T, source string) string {
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	return string(s.run(t, exec.Command("go", "run", file, "testdata/dump01.cap")))
}

func (s *session) run(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Env = append(hostEnv(t), "PATH="+s.bin+string(os.PathListSeparator)+os.Getenv("PATH"), "TZ=UTC")
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s", cmd, err, errs.Bytes())
	}
	s.ran++
	return out.Bytes()
}

// buildCommand builds the command into a folder for the PATH.
func buildCommand(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	name := "wsdissect"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", filepath.Join(bin, name), "./cmd/wsdissect")
	cmd.Env = hostEnv(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return bin
}

// hostEnv makes the go command build for this machine, also where the test itself runs in
// an emulator.
func hostEnv(t *testing.T) []string {
	t.Helper()
	arch, err := exec.Command("go", "env", "GOHOSTARCH").Output()
	if err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "GOARCH="+strings.TrimSpace(string(arch)))
}

// A newcomer needs two commands, and CI runs the one that tests.
func TestTwoCommands(t *testing.T) {
	const read, test = "go run ./cmd/wsdissect read testdata/dump01.cap", "go test ./..."
	for file, lines := range map[string][]string{readme: {read, test}, ".ci/run": {"step test " + test}} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(text), "\n"+line+"\n") {
				t.Errorf("%s has no line %q", file, line)
			}
		}
	}
}

// link is the target of a link in Markdown that is no address.
var link = regexp.MustCompile(`\]\(([^):#]+)\)`)

func TestLinks(t *testing.T) {
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range append(files, readme, "CONTRIBUTING.md", "CHANGELOG.md", "testdata/README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range link.FindAllSubmatch(text, -1) {
			found++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), string(m[1]))); err != nil {
				t.Errorf("%s links to %s: %v", file, m[1], err)
			}
		}
	}
	if found < 5 {
		t.Errorf("%d links found, want at least 5", found)
	}
}
