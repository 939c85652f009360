package conform

import (
	"encoding/binary"
	"fmt"
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
	recent   [8]uint32 // a ring of the last keys
	n        uint32    // keys so far
	compared uint32    // pairs of keys
	repeats  uint32    // of these, equal
	even     uint32    // keys of four equal bytes
	last     int64     // the key before, plus 1; 0 where it is not known
	big      step      // between keys as numbers, most significant byte first
	little   step      // least significant byte first
	opening  uint64    // hash of Sec-WebSocket-Key, 0 for none
	reused   bool      // that was said
	guessed  bool      // likewise
}

// step is the difference of a key to the one before it.
type step struct {
	size uint32
	same uint32 // times that it has come again in a row
}

// chance is how probable a pattern of random keys may be.
const chance = 1e-7

// unlikely reports whether chance does not explain that something of a probability of one
// in 2^bits came so many times in so many tries.
func unlikely(tries, times uint32, bits int) bool {
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
		m.last = 0
		return
	}
	again := m.again(key)
	m.follow(key)
	m.recent[m.n%uint32(len(m.recent))] = key
	m.n++
	m.last = int64(key) + 1
	if again && !m.reused && unlikely(m.compared, m.repeats, 32) {
		m.reused = true
		j.violation(rules.MaskKeyReused, &e.Meta, fmt.Sprintf("masking key %08x is that of another of the last %d frames", key, min(m.n, uint32(len(m.recent)))))
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

// again compares a key with the recent ones.
func (m *masks) again(key uint32) bool {
	recent := m.recent[:min(m.n, uint32(len(m.recent)))]
	m.compared += uint32(len(recent))
	if !slices.Contains(recent, key) {
		return false
	}
	m.repeats++
	return true
}

// follow compares the steps from key to key.
func (m *masks) follow(key uint32) {
	if key == key&0xFF*0x01010101 {
		m.even++
	}
	if m.last == 0 {
		m.big, m.little = step{}, step{}
		return
	}
	last := uint32(m.last - 1)
	m.big.take(key - last)
	m.little.take(swapped(key) - swapped(last))
}

func swapped(k uint32) uint32 {
	return k<<24 | k>>24 | k&0xFF00<<8 | k>>8&0xFF00
}

func (s *step) take(size uint32) {
	if size != s.size || size == 0 {
		*s = step{size: size}
		return
	}
	s.same++
}

// pattern tells what shows in the keys of the connection, if anything does.
func (m *masks) pattern() string {
	switch {
	case m.big.repeated(m.n):
		return fmt.Sprintf("the keys go by steps of %#x", m.big.size)
	case m.little.repeated(m.n):
		return fmt.Sprintf("the keys, least significant byte first, go by steps of %#x", m.little.size)
	case m.even > 1 && unlikely(m.n, m.even, 24):
		return fmt.Sprintf("%d of %d keys are one byte repeated", m.even, m.n)
	}
	return ""
}

// repeated reports whether the same step came more often than chance explains.
func (s *step) repeated(n uint32) bool {
	if s.same == 0 {
		return false
	}
	// Each time in a row makes it as improbable again.
	return s.same > 1 || unlikely(2*n, 1, 32)
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
