package payload

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// Requests are the messages of a connection that wait for what answers them, and what goes
// by an id until it ends, as a subscription does. The zero value is ready. It holds at most
// 1024 of each; of more, the oldest is forgotten. A decoder that embeds it tells so: where
// an answer finds no request and some were forgotten, the Stage adds their number to the
// answer.
type Requests struct {
	asked, kept table
	missed      bool // an answer of the message at hand found nothing
}

// Request is a message that was answered.
type Request struct {
	What   string // as told to Sent, cut where it is long
	Packet int64
	Time   int64 // ns since 1970

	n int64
}

// Sent notes a message that something with the same key will answer. A key should name
// the direction too, where both ends ask. A key that is too long is not paired.
func (r *Requests) Sent(key, what string, m *dissect.Message) { r.asked.add(key, what, m) }

// Answered is the request with this key, which waits no more. ok is false if there is none.
func (r *Requests) Answered(key string) (q Request, ok bool) {
	q, ok = r.Seen(key)
	delete(r.asked.entries, key)
	return q, ok
}

// Seen is the request with this key, which waits for more.
func (r *Requests) Seen(key string) (q Request, ok bool) {
	q, ok = r.asked.entries[key]
	r.missed = r.missed || !ok
	return q, ok
}

// Maybe is the same for a message that need not be an answer.
func (r *Requests) Maybe(key string) (q Request, ok bool) {
	q, ok = r.asked.entries[key]
	return q, ok
}

// Keep notes what goes by this key until it is dropped.
func (r *Requests) Keep(key, what string, m *dissect.Message) { r.kept.add(key, what, m) }

// Kept is what goes by this key.
func (r *Requests) Kept(key string) (q Request, ok bool) {
	q, ok = r.kept.entries[key]
	return q, ok
}

// Drop forgets what went by this key.
func (r *Requests) Drop(key string) { delete(r.kept.entries, key) }

// takeForgotten implements forgetful.
func (r *Requests) takeForgotten() int64 {
	missed := r.missed
	r.missed = false
	if !missed {
		return 0
	}
	return r.asked.forgotten
}

// forgetful is a Decoder that pairs answers, with a limit.
type forgetful interface {
	// takeForgotten is how many requests were forgotten, if an answer since the last call
	// found none; else 0.
	takeForgotten() int64
}

// Fields tell in an answer where the request was, and how long before.
func (q Request) Fields(answer *dissect.Message) dissect.Object {
	return dissect.Object{
		{Name: "request_packet", Value: q.Packet},
		{Name: "seconds", Value: float64(answer.Packet.Time-q.Time) / 1e9},
	}
}

// table holds the youngest maxRequests entries.
type table struct {
	entries   map[string]Request
	order     []sent // by age; what is not in entries any more may stand here
	n         int64
	forgotten int64
}

type sent struct {
	key string
	n   int64
}

const (
	maxRequests = 1024
	maxKey      = 256 // bytes of a key, and of what was asked
)

func (t *table) add(key, what string, m *dissect.Message) {
	if len(key) > maxKey {
		return
	}
	if t.entries == nil {
		t.entries = make(map[string]Request)
	}
	t.n++
	key = strings.Clone(key)
	t.order = append(t.order, sent{key, t.n})
	t.entries[key] = Request{strings.ToValidUTF8(strings.Clone(what[:min(len(what), maxKey)]), ""), m.Packet.Number, m.Packet.Time, t.n}
	if len(t.order) > 2*maxRequests {
		t.tidy()
	}
	for len(t.entries) > maxRequests {
		oldest := t.order[0]
		t.order = t.order[1:]
		if t.entries[oldest.key].n == oldest.n {
			delete(t.entries, oldest.key)
			t.forgotten++
		}
	}
}

// tidy takes out of order what does not wait any more.
func (t *table) tidy() {
	live := make([]sent, 0, 2*maxRequests)
	for _, s := range t.order {
		if t.entries[s.key].n == s.n {
			live = append(live, s)
		}
	}
	t.order = live
}
