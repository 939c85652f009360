package payload_test

import (
	"strconv"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/reassembly"
)

// at is a message that a packet completed, at as many seconds.
func at(packet int64) *dissect.Message {
	return &dissect.Message{Meta: dissect.Meta{Packet: reassembly.PacketRef{Number: packet, Time: packet * 1e9}}, Complete: true}
}

func TestRequests(t *testing.T) {
	var r payload.Requests
	r.Keep("subscription", "news", at(0))
	for i := range int64(5000) {
		r.Sent(strconv.FormatInt(i, 10), "x", at(i))
	}
	if _, ok := r.Answered("1"); ok {
		t.Error("the oldest request is still held")
	}
	q, ok := r.Answered("4999")
	if !ok || payload.Diagnostic(q.Fields(at(5001))) != `{"request_packet": 4999, "seconds": 2}` {
		t.Errorf("the newest is %v %v", q, ok)
	}
	if _, ok := r.Answered("4999"); ok {
		t.Error("answered twice")
	}
	if q, ok := r.Kept("subscription"); !ok || q.What != "news" {
		t.Errorf("what is kept is %v %v behind many requests", q, ok)
	}
	r.Drop("subscription")
	if _, ok := r.Kept("subscription"); ok {
		t.Error("kept though it was dropped")
	}
}

// One that waits long outlives any number that are answered.
func TestRequestsInTurn(t *testing.T) {
	var r payload.Requests
	r.Sent("slow", "x", at(0))
	for i := range int64(5000) {
		for _, key := range []string{"same", strconv.FormatInt(i, 10)} {
			r.Sent(key, "x", at(i))
			if _, ok := r.Answered(key); !ok {
				t.Fatalf("request %d, %s, is not held", i, key)
			}
		}
	}
	if _, ok := r.Answered("slow"); !ok {
		t.Error("forgotten, though few were waiting")
	}
}

// asker takes a message for a question, and one that is empty for the answer to "1".
type asker struct{ payload.Requests }

func (a *asker) Decode(m *dissect.Message) *dissect.Decoded {
	if len(m.Payload) > 0 {
		a.Sent(string(m.Payload), "", m)
		return &dissect.Decoded{}
	}
	a.Answered("1")
	return &dissect.Decoded{Brief: "answer"}
}

func TestForgottenIsTold(t *testing.T) {
	p := payload.Protocol{Name: "p", Content: func(*dissect.Message) bool { return true }, New: func(*payload.Session) payload.Decoder { return &asker{} }}
	inner := payload.Protocol{Name: "p", Content: p.Content, New: func(*payload.Session) payload.Decoder {
		return payload.NewInner([]payload.Protocol{p}, nil)
	}}
	for name, p := range map[string]payload.Protocol{"outer": p, "inner": inner} {
		for questions, want := range map[int64]string{1: `{}`, 1000: `{}`, 1025: `{}`, 1026: `{"forgotten": 2}`, 2000: `{"forgotten": 976}`} {
			var got dissect.Object
			stage := payload.NewStage(payload.Options{Protocols: []payload.Protocol{p}}, sink(func(e dissect.Event) {
				if m, ok := e.(*dissect.Message); ok {
					got = m.Decoded.Fields
				}
			}))
			for i := range questions {
				say(stage, at(i+1), strconv.FormatInt(i, 10))
			}
			say(stage, at(questions+1), "")
			if payload.Diagnostic(got) != want {
				t.Errorf("%s: the answer behind %d questions has %s, want %s", name, questions, payload.Diagnostic(got), want)
			}
		}
	}
}
