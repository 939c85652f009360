package payload

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// Requests are the messages of a connection that wait for what answers them. The zero
// value is ready. It holds at most maxRequests; of more, the oldest is forgotten.
type Requests struct {
	waiting map[string]Request
	order   []sent // by age; one that is not waiting any more may stand here
	n       int64
}

type sent struct {
	key string
	n   int64
}

// Request is a message that was answered.
type Request struct {
	What   string // as told to Sent, cut where it is long
	Packet int64
	Time   int64 // ns since 1970

	n int64
}

const (
	maxRequests = 1024
	maxKey      = 256 // bytes of a key, and of what was asked
)

// Sent notes a message that something with the same key will answer. A key should name
// the direction too, where both ends ask. A key that is too long is not paired.
func (r *Requests) Sent(key, what string, m *dissect.Message) {
	if len(key) > maxKey {
		return
	}
	if r.waiting == nil {
		r.waiting = make(map[string]Request)
	}
	r.n++
	key = strings.Clone(key)
	r.order = append(r.order, sent{key, r.n})
	r.waiting[key] = Request{strings.ToValidUTF8(strings.Clone(what[:min(len(what), maxKey)]), ""), m.Packet.Number, m.Packet.Time, r.n}
	for len(r.waiting) > maxRequests || len(r.order) > 2*maxRequests {
		oldest := r.order[0]
		r.order = r.order[1:]
		if r.waiting[oldest.key].n == oldest.n {
			delete(r.waiting, oldest.key)
		}
	}
}

// Answered is the request with this key, which waits no more. ok is false if there is none.
func (r *Requests) Answered(key string) (q Request, ok bool) {
	q, ok = r.waiting[key]
	delete(r.waiting, key)
	return q, ok
}

// Seen is the request with this key, which waits for more.
func (r *Requests) Seen(key string) (q Request, ok bool) {
	q, ok = r.waiting[key]
	return q, ok
}

// Fields tell in an answer where the request was, and how long before.
func (q Request) Fields(answer *dissect.Message) dissect.Object {
	return dissect.Object{
		{Name: "request_packet", Value: q.Packet},
		{Name: "seconds", Value: float64(answer.Packet.Time-q.Time) / 1e9},
	}
}
