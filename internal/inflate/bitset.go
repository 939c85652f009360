package inflate

import "math/bits"

// A bitset is a set of positions below 64 times its length: those of unknown bytes in a
// ring or in a piece of output. One that is made by add is empty if it has no length.
type bitset []uint64

// add makes i a member; the set grows as it must.
func (s *bitset) add(i int) {
	for len(*s) <= i>>6 {
		*s = append(*s, 0)
	}
	(*s)[i>>6] |= 1 << (i & 63)
}

func (s bitset) has(i int) bool {
	return i>>6 < len(s) && s[i>>6]>>(i&63)&1 != 0
}

// next is the first member at i or behind, or the end of the set.
func (s bitset) next(i int) int {
	if i>>6 >= len(s) {
		return len(s) << 6
	}
	w := s[i>>6] &^ (1<<(i&63) - 1)
	for i >>= 6; w == 0; w = s[i] {
		if i++; i == len(s) {
			return i << 6
		}
	}
	return i<<6 + bits.TrailingZeros64(w)
}

// gap is the first position at i or behind that is no member, or the end of the set.
func (s bitset) gap(i int) int {
	if i>>6 >= len(s) {
		return len(s) << 6
	}
	w := s[i>>6] | (1<<(i&63) - 1)
	for i >>= 6; w == ^uint64(0); w = s[i] {
		if i++; i == len(s) {
			return i << 6
		}
	}
	return i<<6 + bits.TrailingZeros64(^w)
}

// run is the first run of members that ends behind i; it is empty if there is none.
func (s bitset) run(i int) (start, end int) {
	start = s.next(i)
	return start, s.gap(start)
}

// lacks reports whether no position from i up to j is a member.
func (s bitset) lacks(i, j int) bool {
	return s.next(i) >= min(j, len(s)<<6)
}

// put makes the positions from i up to j members, or not.
func (s bitset) put(i, j int, member bool) {
	for i < j {
		next := min(j, (i|63)+1)
		mask := ^uint64(0) >> (64 - (next - i)) << (i & 63)
		if member {
			s[i>>6] |= mask
		} else {
			s[i>>6] &^= mask
		}
		i = next
	}
}
