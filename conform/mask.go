package conform

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

// masks is what is remembered of the masking keys of a client. RFC 6455 5.3: "The masking
// key needs to be unpredictable; thus, the masking key MUST be derived from a strong source
// of entropy".
//
// Keys are 32 bits: random ones meet by chance, too. A pattern is held against a client
// only when chance makes it once in ten million connections.
type masks struct {
	recent  [8]uint32 // a ring of the last keys
	n       uint32    // keys so far
	repeats uint16    // keys that were in the ring
	even    uint16    // keys of four equal bytes
	steps   [2]uint32 // from the key before to the last: as numbers, and with the bytes the other way round
	same    [2]uint8  // times that each has come again in a row
	follows bool      // nothing is missing between the last key and the next
	reused  bool      // that was said
	guessed bool      // likewise
	opening uint64    // hash of Sec-WebSocket-Key, 0 for none
}

// chance is how probable a pattern of random keys may be.
const chance = 1e-7

// unlikely reports whether chance does not explain that something of a probability of one
// in 2^bits came so many times in so many tries.
func unlikely(tries uint64, times uint32, bits int) bool {
	expected := float64(tries) / float64(uint64(1)<<bits)
	p := 1.0
	for i := range times {
		p *= expected / float64(i+1)
	}
	return times > 0 && p <= chance
}

// masked judges the key of a frame from the client.
func (j *Judge) masked(c *conn, e *dissect.Frame) {
	m := &c.masks
	key := binary.BigEndian.Uint32(e.Header.Key[:])
	if key == 0 { // a rule of its own
		m.follows = false
		return
	}
	again := slices.Contains(m.known(), key)
	if again && m.repeats < math.MaxUint16 {
		m.repeats++
	}
	m.take(key)
	if again && !m.reused && unlikely(uint64(len(m.recent))*uint64(m.n), uint32(m.repeats), 32) {
		m.reused = true
		j.violation(rules.MaskKeyReused, &e.Meta, fmt.Sprintf("masking key %08x is that of another of the last %d frames", key, len(m.known())))
	}
	if m.guessed {
		return
	}
	pattern := m.pattern()
	if pattern == "" && m.n == 2 && !again {
		pattern = j.sameKeys(m, e)
	}
	if pattern != "" {
		m.guessed = true
		j.violation(rules.MaskKeyPredictable, &e.Meta, fmt.Sprintf("masking key %08x: %s", key, pattern))
	}
}

// known are the keys in the ring.
func (m *masks) known() []uint32 { return m.recent[:min(m.n, uint32(len(m.recent)))] }

// take adds a key.
func (m *masks) take(key uint32) {
	size := uint32(len(m.recent))
	last := m.recent[(m.n-1)%size]
	m.recent[m.n%size] = key
	m.n++
	if key == key&0xFF*0x01010101 && m.even < math.MaxUint16 {
		m.even++
	}
	for i, step := range [...]uint32{key - last, bits.ReverseBytes32(key) - bits.ReverseBytes32(last)} {
		switch {
		case !m.follows || step == 0 || step != m.steps[i]:
			m.same[i] = 0
		case m.same[i] < math.MaxUint8:
			m.same[i]++
		}
		if m.steps[i] = step; !m.follows {
			m.steps[i] = 0
		}
	}
	m.follows = true
}

// pattern tells what shows in the keys of the connection, if anything does.
func (m *masks) pattern() string {
	for i, order := range [...]string{"", ", least significant byte first,"} {
		// Each time in a row makes it as improbable again.
		if m.same[i] > 1 || m.same[i] == 1 && unlikely(2*uint64(m.n), 1, 32) {
			return fmt.Sprintf("the keys%s go by steps of %#x", order, m.steps[i])
		}
	}
	if m.even > 1 && unlikely(uint64(m.n), uint32(m.even), 24) {
		return fmt.Sprintf("%d of %d keys are one byte repeated", m.even, m.n)
	}
	return ""
}

// sameKeys compares the first two keys of a connection with those of others. A connection
// with the same opening handshake is the same one, captured on its way through a relay.
func (j *Judge) sameKeys(m *masks, e *dissect.Frame) string {
	seen, known := j.past.keys.keep([2]uint32{m.recent[0], m.recent[1]})
	if !known {
		*seen = firstKeys{e.Conn.ID, m.opening}
		return ""
	}
	if seen.conn == e.Conn.ID || seen.opening == 0 || m.opening == 0 || seen.opening == m.opening {
		return ""
	}
	return fmt.Sprintf("the first two keys are those of connection %d", seen.conn)
}

// firstKeys says whose the first two masking keys are.
type firstKeys struct {
	conn    int64
	opening uint64
}
