package conform

// memory keeps a value for each of the keys met last, as many as most says.
type memory[K comparable, V any] struct {
	most  int
	index map[K]int32   // in kept
	kept  []entry[K, V] // a ring, the oldest at next once it is full
	next  int
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newMemory[K comparable, V any](most int) memory[K, V] {
	return memory[K, V]{most: most, index: map[K]int32{}}
}

// find is the value of a key, nil if it is not known. It is valid until the next keep.
func (m *memory[K, V]) find(k K) *V {
	i, ok := m.index[k]
	if !ok {
		return nil
	}
	return &m.kept[i].value
}

// keep is the value of a key, which is new when known is false. The oldest key is
// forgotten for it. The value is valid until the next keep.
func (m *memory[K, V]) keep(k K) (v *V, known bool) {
	if v := m.find(k); v != nil {
		return v, true
	}
	i := len(m.kept)
	if i < m.most {
		m.kept = append(m.kept, entry[K, V]{key: k})
	} else {
		i = m.next
		m.next = (m.next + 1) % m.most
		delete(m.index, m.kept[i].key)
		m.kept[i] = entry[K, V]{key: k}
	}
	m.index[k] = int32(i)
	return &m.kept[i].value, false
}
