package schema_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/payload/protobuf/schema"
)

func load(t testing.TB, names ...string) *schema.Types {
	l := schema.Loader{Read: os.ReadFile}
	types, err := l.Load(names...)
	if err != nil {
		t.Fatal(err)
	}
	return types
}

// text is all that is known of the types.
func text(t testing.TB, types *schema.Types) string {
	var b strings.Builder
	message := func(m *schema.Message) {
		fmt.Fprintf(&b, "%s entry %v\n", m.Name, m.Entry)
		for _, n := range slices.Sorted(maps.Keys(m.Fields)) {
			f := m.Fields[n]
			fmt.Fprintf(&b, "  %d %s %v repeated %v", f.Number, f.Name, f.Kind, f.Repeated)
			if f.Message != nil {
				b.WriteString(" " + f.Message.Name)
			}
			if f.Enum != nil {
				fmt.Fprintf(&b, " %s %v", f.Enum.Name, f.Enum.Values)
			}
			b.WriteByte('\n')
			if f.Message != nil && f.Message.Entry {
				b.WriteString("  of ")
				for _, n := range []uint64{1, 2} {
					fmt.Fprintf(&b, "%v ", f.Message.Fields[n].Kind)
				}
				b.WriteByte('\n')
			}
		}
	}
	for _, name := range types.Names() {
		m, err := types.Message(name)
		if err != nil {
			t.Fatal(err)
		}
		message(m)
	}
	return b.String()
}

// What is read from .proto files is what protoc 3.21.12 makes of them.
func TestAsProtoc(t *testing.T) {
	for _, name := range []string{"chat", "old"} {
		got, want := text(t, load(t, "testdata/"+name+".proto")), text(t, load(t, "testdata/"+name+".desc"))
		if got != want || len(got) < 100 {
			t.Errorf("%s:\ngot\n%s\nprotoc\n%s", name, got, want)
		}
	}
	if both := load(t, "testdata/chat.desc", "testdata/old.desc"); len(both.Names()) != 8 {
		t.Errorf("both have %v", both.Names())
	}
}

// reader reads files from memory.
func reader(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
}

func TestImports(t *testing.T) {
	l := schema.Loader{Paths: []string{"inc"}, Read: reader(map[string]string{
		"src/app/main.proto":  `import "app/near.proto"; import weak "far/away.proto"; import "google/protobuf/any.proto"; import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { string x = 50000; } message M { Near n = 1; far.Away a = 2; google.protobuf.Any any = 3; }`,
		"src/app/near.proto":  `import "app/main.proto"; message Near {}`,
		"inc/far/away.proto":  `package far; message Away {}`,
		"src/far/away.proto":  `not this one`,
		"src/app/a/lost.prot": `import "x.proto";`,
	})}
	types, err := l.Load("src/app/main.proto", "src/app/near.proto")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(types.Names(), " "); got != "M Near far.Away google.protobuf.Any" {
		t.Error(got)
	}
	if _, err := l.Load("src/app/a/lost.prot"); err == nil || !strings.Contains(err.Error(), `the import "x.proto" is in none of inc, src/app/a, src/app, src, .; name its directory by -I`) {
		t.Errorf("%v", err)
	}
}

func TestMessage(t *testing.T) {
	types := load(t, "testdata/chat.proto")
	for name, want := range map[string]string{"lab.chat.Reply": "lab.chat.Reply", ".lab.chat.Reply": "lab.chat.Reply", "Reply": "lab.chat.Reply", "Envelope.Inner": "lab.chat.Envelope.Inner"} {
		if m, err := types.Message(name); err != nil || m.Name != want {
			t.Errorf("%s: %v %v", name, m, err)
		}
	}
	for name, want := range map[string]string{
		"Nope": `no such message type: "Nope"; there are lab.chat.Envelope, lab.chat.Envelope.Inner, lab.chat.Reply, lab.common.Stamp, google.protobuf.Timestamp`,
		"":     `no such message type: ""; there are `,
		// A map has a message for its entries, which none may be.
		"PlacesEntry": `no such message type: "PlacesEntry"`, "lab.chat.Envelope.PlacesEntry": `no such message type`,
	} {
		if _, err := types.Message(name); !errors.Is(err, schema.ErrType) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	twice, err := (&schema.Loader{Read: reader(map[string]string{"a": "message A { message B {} } message C { message B {} }"})}).Load("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := twice.Message("B"); err == nil || !strings.HasSuffix(err.Error(), `"B" may be A.B, C.B`) {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"not a file at all", "\x00\x01\x02", "f: neither a .proto file nor a descriptor set"},
		{"a descriptor that is cut", "\x0A\x7F\x0A\x00", "f: neither a .proto file nor a descriptor set"},
		{"a word", "hello", `f:1: "hello" where a definition is due`},
		{"no end", "message A {\n", "f:2: the file ends inside a block"},
		{"no end of a statement", "option x", "f:1: the file ends inside a statement"},
		{"no end of a comment", "/* x", "f:1: a comment without an end"},
		{"no end of a string", "import \"x\n", "f:1: a string without an end"},
		{"no name", "message {", `f:1: "{" where a name is due`},
		{"no number", "message A { string a; }", `f:1: ";" where "=" is due`},
		{"name with dots", "message a.b {}", `f:1: "a.b" where a name without dots is due`},
		{"number 0", "message A { string a = 0; }", `f:1: "0" where a field number is due`},
		{"number too large", "message A {\n string a = 536870912; }", `f:2: "536870912" where a field number is due`},
		{"no type", "message A {\n\nB b = 1; }", `f:3: the type B of b is not defined`},
		{"number twice", "message A { string a = 1; bytes b = 1; }", "f:1: a and b of A have the number 1"},
		{"name twice", "message A { string a = 1; bytes a = 2; }", "f:1: A.a is there twice"},
		{"type twice", "message A {} enum A {}", "f: A is defined twice"},
		{"enum without number", "enum A { B = x; }", `f:1: "x" where the number of an enum value is due`},
		{"map without value", "message A { map<int32> m = 1; }", `f:1: ">" where "," is due`},
		{"group without fields", "message A { optional group G = 1; }", `f:1: ";" where the fields of a group are due`},
		{"too deep", strings.Repeat("message A { ", 100), "f:1: messages nested too deep"},
		{"import without a name", "import x;", "f:1: an import without a name"},
	} {
		_, err := (&schema.Loader{Read: reader(map[string]string{"f": c.in})}).Load("f")
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v\nwant %s", c.name, err, c.want)
		}
	}
}

// What is a word of the language may be a name, and the other way round.
func TestWords(t *testing.T) {
	types, err := (&schema.Loader{Read: reader(map[string]string{"f": `edition = "2024"; option features.x = Y;
		export message message { message message = 1; enum enum { A = 0; reserved 4; } enum oneof = 2; option option = 3; reserved reserved = 4;
		oneof oneof { option optional = 5; string oneof_string = 6; option (x) = 1; } message option {} message reserved {} ; extensions 100 to max [(y) = { a: "}" }]; }
		service s { rpc rpc (message) returns (message) { option (z) = { get: ";" }; } };`})}).Load("f")
	if err != nil {
		t.Fatal(err)
	}
	m, err := types.Message("message")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range slices.Sorted(maps.Keys(m.Fields)) {
		got = append(got, fmt.Sprint(m.Fields[n].Name, " ", m.Fields[n].Kind))
	}
	if want := "message message, oneof enum, option message, reserved message, optional message, oneof_string string"; strings.Join(got, ", ") != want {
		t.Error(got)
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"chat.proto", "common.proto", "old.proto", "chat.desc", "old.desc"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l := schema.Loader{Read: func(name string) ([]byte, error) {
			if name == "f" {
				return b, nil
			}
			return nil, fs.ErrNotExist
		}}
		types, err := l.Load("f")
		if (types == nil) != (err != nil) {
			t.Fatalf("%v %v", types, err)
		}
		if err == nil {
			for _, name := range types.Names() {
				m, err := types.Message(name)
				if err != nil {
					t.Fatal(err)
				}
				for n, f := range m.Fields {
					if f.Number != n || (f.Kind == schema.Embedded || f.Kind == schema.Group) != (f.Message != nil) {
						t.Fatalf("%s has %+v as %d", name, f, n)
					}
				}
			}
		}
	})
}
