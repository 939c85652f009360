package reassembly

import (
	"hash/maphash"
	"testing"
)

// TestFlowHashSpreads bounds how far the search for a key goes, in keys that are progressions:
// of clients in a subnet, of a port scan. Chance alone makes it 1.6 slots.
func TestFlowHashSpreads(t *testing.T) {
	const (
		keys  = 100_000
		slots = 1 << 17
		most  = 3.0 // slots, on average
	)
	words := [][2]uint64{{0xf39f299f15773dfb, 0x72509109180d32fc}} // with these a hash of one product went 600
	for range 20 {
		words = append(words, newHashing(maphash.MakeSeed()).words)
	}
	for _, c := range []struct {
		name string
		key  func(i uint64) flow4
	}{
		{"clients", func(i uint64) flow4 { return flow4{(10<<24+i/4)<<32 | 0xC0A80001, (40000+i%4)<<48 | 443<<32} }},
		{"servers", func(i uint64) flow4 { return flow4{10<<56 | (0xC0A80001 + i), 40000<<48 | 443<<32} }},
		{"ports", func(i uint64) flow4 { return flow4{10<<56 | (0xC0A80001 + i>>16), i<<48 | 443<<32} }},
		{"other ports", func(i uint64) flow4 { return flow4{10<<56 | (0xC0A80001 + i>>16), 443<<48 | i&0xFFFF<<32} }},
		{"zones", func(i uint64) flow4 { return flow4{10<<56 | 0xC0A80001, 40000<<48 | 443<<32 | i} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, w := range words {
				h, used, far := hashing{words: w}, make([]bool, slots), 0
				for i := range uint64(keys) {
					at := h.flow4(c.key(i)) % slots
					for ; used[at]; at = (at + 1) % slots {
						far++
					}
					used[at] = true
				}
				if mean := float64(far) / keys; mean > most {
					t.Errorf("words %x: %.1f slots on average", w, mean)
				}
			}
		})
	}
}
