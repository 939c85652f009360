package schema

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Loader reads files and what they import.
type Loader struct {
	Read  func(name string) ([]byte, error) // as os.ReadFile
	Paths []string                          // directories of imports, tried in this order
}

// Load reads .proto files and descriptor sets; the first bytes tell which a file is.
// Imports are looked for in Paths, then from the directory of the file that has them, and
// from the directories above it; those of google/protobuf are known.
func (l *Loader) Load(names ...string) (*Types, error) {
	s := loading{Loader: l, seen: map[string]bool{}}
	for _, name := range names {
		b, err := l.Read(name)
		if err != nil {
			return nil, err
		}
		if err := s.add(name, b); err != nil {
			return nil, err
		}
	}
	return link(s.files)
}

type loading struct {
	*Loader
	seen  map[string]bool // by name of the file that was read
	files []*file
}

// isText reports whether b is a .proto file: a descriptor set begins with a line feed and
// a length, and has a NUL or another control character soon.
func isText(b []byte) bool {
	return utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\f\v", r) })
}

func (s *loading) add(name string, b []byte) error {
	name = path.Clean(strings.ReplaceAll(name, "\\", "/"))
	if s.seen[name] {
		return nil
	}
	s.seen[name] = true
	if !isText(b) {
		files, err := descriptors(name, b)
		s.files = append(s.files, files...)
		return err
	}
	f, err := parse(name, string(b))
	if err != nil {
		return err
	}
	s.files = append(s.files, f)
	for _, i := range f.imports {
		if err := s.imported(name, i); err != nil {
			return err
		}
	}
	return nil
}

// imported reads what a file imports.
func (s *loading) imported(from, name string) error {
	places := slices.Clone(s.Paths)
	for dir := path.Dir(from); ; dir = path.Dir(dir) {
		places = append(places, dir)
		if dir == path.Dir(dir) {
			break
		}
	}
	for _, dir := range places {
		if b, err := s.Read(path.Join(dir, name)); err == nil {
			return s.add(path.Join(dir, name), b)
		}
	}
	if text, ok := wellKnown(name); ok {
		return s.add(name, []byte(text))
	}
	if strings.HasPrefix(name, "google/protobuf/") {
		return nil // descriptor.proto and its kin: of options, which are not read
	}
	return fmt.Errorf("%s: the import %q is in none of %s; name its directory by -I", from, name, strings.Join(places, ", "))
}

// wellKnown is the text of a file of google/protobuf, as far as the wire needs it.
func wellKnown(name string) (text string, ok bool) {
	switch name {
	case "google/protobuf/any.proto":
		text = "message Any { string type_url = 1; bytes value = 2; }"
	case "google/protobuf/timestamp.proto":
		text = "message Timestamp { int64 seconds = 1; int32 nanos = 2; }"
	case "google/protobuf/duration.proto":
		text = "message Duration { int64 seconds = 1; int32 nanos = 2; }"
	case "google/protobuf/empty.proto":
		text = "message Empty {}"
	case "google/protobuf/field_mask.proto":
		text = "message FieldMask { repeated string paths = 1; }"
	case "google/protobuf/struct.proto":
		text = `message Struct { map<string, Value> fields = 1; }
			message Value { oneof kind { NullValue null_value = 1; double number_value = 2; string string_value = 3; bool bool_value = 4; Struct struct_value = 5; ListValue list_value = 6; } }
			enum NullValue { NULL_VALUE = 0; }
			message ListValue { repeated Value values = 1; }`
	case "google/protobuf/wrappers.proto":
		text = `message DoubleValue { double value = 1; } message FloatValue { float value = 1; }
			message Int64Value { int64 value = 1; } message UInt64Value { uint64 value = 1; }
			message Int32Value { int32 value = 1; } message UInt32Value { uint32 value = 1; }
			message BoolValue { bool value = 1; } message StringValue { string value = 1; } message BytesValue { bytes value = 1; }`
	default:
		return "", false
	}
	return "package google.protobuf; " + text, true
}
