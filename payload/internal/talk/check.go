package talk

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/reassembly"
)

// Check decodes messages and says how what comes of them breaks what every decoder keeps
// to: values of the kinds that Field allows, UTF-8, names that are not taken, lines that
// are not long, and nothing that is still on loan.
func Check(d payload.Decoder, messages ...Message) error {
	for i, t := range messages {
		data := []byte(t.Data)
		m := &dissect.Message{Meta: dissect.Meta{Dir: t.Dir, Packet: reassembly.PacketRef{Number: int64(i)}}, Opcode: t.Opcode, Payload: data, Complete: true}
		e := d.Decode(m)
		if e == nil {
			continue
		}
		err := checkDecoded(e)
		before := payload.Diagnostic(e.Fields) + e.Brief
		for j := range data {
			data[j] ^= 0x5A
		}
		if payload.Diagnostic(e.Fields)+e.Brief != before {
			err = errors.Join(err, errors.New("it holds bytes that were on loan"))
		}
		if err != nil {
			return fmt.Errorf("message %d, %q: %w", i, t.Data, err)
		}
	}
	return nil
}

func checkDecoded(e *dissect.Decoded) error {
	const longest = 8 << 10
	if !utf8.ValidString(e.Brief) || len(e.Brief) > longest {
		return fmt.Errorf("the line is not UTF-8, or too long: %.100q", e.Brief)
	}
	for i := range e.Fields {
		if slices.Contains([]string{"protocol", "by", "heartbeat", "error"}, e.Fields[i].Name) {
			return fmt.Errorf("the name %q is taken", e.Fields[i].Name)
		}
	}
	return checkValue(e.Fields)
}

func checkValue(v any) error {
	switch v := v.(type) {
	case nil, bool, int, int64, uint64, float64, []byte:
	case string:
		if !utf8.ValidString(v) {
			return fmt.Errorf("%q is not UTF-8", v)
		}
	case dissect.JSON:
		if !json.Valid(v) {
			return fmt.Errorf("%q is not JSON", v)
		}
	case []any:
		for _, e := range v {
			if err := checkValue(e); err != nil {
				return err
			}
		}
	case dissect.Object:
		seen := map[string]bool{}
		for i := range v {
			if seen[v[i].Name] || !utf8.ValidString(v[i].Name) {
				return fmt.Errorf("the name %q comes twice, or is not UTF-8", v[i].Name)
			}
			seen[v[i].Name] = true
			if err := checkValue(v[i].Value); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("a value of type %T", v)
	}
	return nil
}
