package inflate

// marks is a set of offsets, those of unknown bytes in a piece of output.
type marks struct {
	words []uint64
	any   bool
}

func (m *marks) reset() { m.words, m.any = m.words[:0], false }

func (m *marks) add(i int) {
	for len(m.words) <= i>>6 {
		m.words = append(m.words, 0)
	}
	m.words[i>>6] |= 1 << (i & 63)
	m.any = true
}

func (m *marks) has(i int) bool {
	return i>>6 < len(m.words) && m.words[i>>6]>>(i&63)&1 != 0
}
