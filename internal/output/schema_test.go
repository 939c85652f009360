package output

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// schema is a JSON Schema with the keywords that ours uses; another one is an error.
type schema struct {
	Schema, ID, Title, Description string
	Ref                            string             `json:"$ref"`
	Defs                           map[string]*schema `json:"$defs"`
	Type                           string
	Const                          any
	Enum                           []any
	OneOf                          []*schema
	Properties                     map[string]*schema
	Required                       []string
	AdditionalProperties           json.RawMessage
	Items                          *schema
	MinItems, MaxItems             *int
	Pattern                        string
	Minimum, Maximum               *json.Number
}

func readSchema(t *testing.T) *schema {
	t.Helper()
	text, err := os.ReadFile("../../docs/json.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	text = []byte(strings.NewReplacer(`"$schema"`, `"schema"`, `"$id"`, `"id"`).Replace(string(text)))
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	s := new(schema)
	if err := decoder.Decode(s); err != nil {
		t.Fatal(err)
	}
	return s
}

// check gives the first reason why v is not valid, and an empty string if it is.
func (s *schema) check(root *schema, v any) string {
	if s.Ref != "" {
		def := root.Defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
		if def == nil {
			return "no " + s.Ref
		}
		return def.check(root, v)
	}
	if s.OneOf != nil {
		var valid int
		var reasons []string
		for _, one := range s.OneOf {
			if reason := one.check(root, v); reason == "" {
				valid++
			} else {
				reasons = append(reasons, reason)
			}
		}
		if valid != 1 {
			return fmt.Sprintf("%d of oneOf match (%s)", valid, strings.Join(reasons, "; "))
		}
	}
	if s.Const != nil && !reflect.DeepEqual(s.Const, v) {
		return fmt.Sprintf("%v is not %v", v, s.Const)
	}
	if s.Enum != nil && !slices.ContainsFunc(s.Enum, func(one any) bool { return reflect.DeepEqual(one, v) }) {
		return fmt.Sprintf("%v is not one of %v", v, s.Enum)
	}
	switch v := v.(type) {
	case map[string]any:
		return s.checkObject(root, v)
	case []any:
		return s.checkArray(root, v)
	case string:
		if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			return fmt.Sprintf("%q does not match %s", v, s.Pattern)
		}
		return s.hasType("string")
	case json.Number:
		return s.checkNumber(v)
	case bool:
		return s.hasType("boolean")
	}
	return fmt.Sprintf("unexpected %v", v)
}

func (s *schema) hasType(names ...string) string {
	if s.Type != "" && !slices.Contains(names, s.Type) {
		return fmt.Sprintf("%s is not of type %s", names[0], s.Type)
	}
	return ""
}

func (s *schema) checkObject(root *schema, v map[string]any) string {
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			return "misses " + name
		}
	}
	for name, member := range v {
		property := s.Properties[name]
		if property == nil {
			switch rest := string(s.AdditionalProperties); rest {
			case "":
				continue
			case "false":
				return "has " + name
			default:
				property = new(schema)
				if err := json.Unmarshal(s.AdditionalProperties, property); err != nil {
					return err.Error()
				}
			}
		}
		if reason := property.check(root, member); reason != "" {
			return name + ": " + reason
		}
	}
	return s.hasType("object")
}

func (s *schema) checkArray(root *schema, v []any) string {
	if s.MinItems != nil && len(v) < *s.MinItems || s.MaxItems != nil && len(v) > *s.MaxItems {
		return fmt.Sprintf("%d items", len(v))
	}
	if s.Items != nil {
		for i, item := range v {
			if reason := s.Items.check(root, item); reason != "" {
				return fmt.Sprintf("%d: %s", i, reason)
			}
		}
	}
	return s.hasType("array")
}

func (s *schema) checkNumber(v json.Number) string {
	n, ok := new(big.Rat).SetString(v.String())
	if !ok {
		return v.String() + " is no number"
	}
	bound := func(limit *json.Number, wrong int) string {
		if limit == nil {
			return ""
		}
		if l, ok := new(big.Rat).SetString(limit.String()); !ok || n.Cmp(l) == wrong {
			return fmt.Sprintf("%s is beyond %s", v, *limit)
		}
		return ""
	}
	if reason := bound(s.Minimum, -1); reason != "" {
		return reason
	}
	if reason := bound(s.Maximum, 1); reason != "" {
		return reason
	}
	if n.IsInt() {
		return s.hasType("integer", "number")
	}
	return s.hasType("number")
}

// decode reads a line, and refuses a key that comes twice.
func decodeLine(t *testing.T, line string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.UseNumber()
	v, err := decodeValue(decoder)
	if err != nil {
		t.Fatalf("%v in %.300s", err, line)
	}
	if decoder.More() {
		t.Fatalf("more than one value in %.300s", line)
	}
	return v.(map[string]any)
}

func decodeValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		object := map[string]any{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			if _, ok := object[key.(string)]; ok {
				return nil, fmt.Errorf("key %v comes twice", key)
			}
			if object[key.(string)], err = decodeValue(d); err != nil {
				return nil, err
			}
		}
		_, err = d.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			item, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err = d.Token()
		return list, err
	}
	return token, nil
}

func goldenLines(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/lines.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if len(lines) < 40 {
		t.Fatalf("%d lines", len(lines))
	}
	return lines
}

func TestLinesFitTheSchema(t *testing.T) {
	root := readSchema(t)
	for i, line := range goldenLines(t) {
		if reason := root.check(root, any(decodeLine(t, line))); reason != "" {
			t.Errorf("line %d: %s\n%.300s", i+1, reason, line)
		}
	}
}

// The schema must refuse what is wrong, or the test above says nothing.
func TestSchemaRefuses(t *testing.T) {
	root := readSchema(t)
	for i, line := range goldenLines(t) {
		kind := decodeLine(t, line)["type"].(string)
		for _, wrong := range []struct {
			name   string
			change func(map[string]any)
		}{
			{"a field too many", func(v map[string]any) { v["surprise"] = "x" }},
			{"another type", func(v map[string]any) { v["type"] = "other" }},
			{"no type", func(v map[string]any) { delete(v, "type") }},
			{"null", func(v map[string]any) { v["packet"] = nil }},
			{"a string for a number", func(v map[string]any) { v["packet"] = "5" }},
			{"a time without nanoseconds", func(v map[string]any) { v["time"] = "2023-11-14T22:13:20Z" }},
		} {
			v := decodeLine(t, line)
			wrong.change(v)
			if root.check(root, any(v)) == "" {
				t.Errorf("line %d (%s): %s is accepted", i+1, kind, wrong.name)
			}
		}
		for name := range decodeLine(t, line) {
			v := decodeLine(t, line)
			delete(v, name)
			required := slices.Contains(root.Defs[kind].Required, name)
			if required && root.check(root, any(v)) == "" {
				t.Errorf("line %d (%s): accepted without %s", i+1, kind, name)
			}
		}
	}
}

// Every field of the schema is described, and comes in a golden.
func TestFieldsAreDescribed(t *testing.T) {
	text, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for section := range strings.SplitSeq(string(text), "\n## ") {
		name, body, _ := strings.Cut(section, "\n")
		sections[name] = body
	}
	seen := map[string]bool{}
	for _, line := range goldenLines(t) {
		v := decodeLine(t, line)
		for name := range v {
			seen[v["type"].(string)+"."+name] = true
		}
	}
	root := readSchema(t)
	for _, one := range root.OneOf {
		kind := strings.TrimPrefix(one.Ref, "#/$defs/")
		for name := range root.Defs[kind].Properties {
			quoted := "`" + name + "`"
			if !strings.Contains(sections[kind], quoted) && !strings.Contains(sections["Of all records"], quoted) {
				t.Errorf("docs/json.md does not describe %s of %s", name, kind)
			}
			if !seen[kind+"."+name] && name != "stream" && name != "first_packet" && name != "dir" {
				t.Errorf("no golden has %s of %s", name, kind)
			}
		}
		for _, match := range regexp.MustCompile("(?m)^\\| (`[^|]*`) \\|").FindAllStringSubmatch(sections[kind], -1) {
			for quoted := range strings.SplitSeq(match[1], ", ") {
				if name := strings.Trim(quoted, "`"); root.Defs[kind].Properties[name] == nil {
					t.Errorf("docs/json.md has %s, the schema of %s has not", name, kind)
				}
			}
		}
	}
}
