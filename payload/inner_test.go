package payload_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

func TestInner(t *testing.T) {
	decode := func(text string) *dissect.Decoded {
		return &dissect.Decoded{Brief: text}
	}
	protocols := []payload.Protocol{
		{Name: "by path alone", Path: func(*payload.Session) bool { return true }},
		{Name: "a", Content: func(m *dissect.Message) bool { return m.Payload[0] == 'a' }, New: func(*payload.Session) payload.Decoder {
			return payload.DecoderFunc(func(m *dissect.Message) *dissect.Decoded {
				if m.Payload[0] == 'x' {
					return nil
				}
				return decode("from a")
			})
		}},
	}
	fallback := payload.DecoderFunc(func(*dissect.Message) *dissect.Decoded { return decode("fallback") })
	inner := payload.NewInner(protocols, fallback)
	for _, c := range []struct{ data, protocol, brief string }{
		{"b", "", "fallback"}, {"a", "a", "from a"}, {"b", "a", "from a"}, {"x", "", "fallback"},
	} {
		d := inner.Decode(&dissect.Message{Payload: []byte(c.data)})
		if d.Protocol != c.protocol || d.Brief != c.brief {
			t.Errorf("%s: %+v", c.data, d)
		}
	}
	inner.Missed(dissect.ClientToServer) // a decoder that keeps nothing does not mind
	if payload.NewInner(protocols, nil).Decode(&dissect.Message{Payload: []byte("b")}) != nil {
		t.Error("explained without a fallback")
	}
}
