package conform

// memory keeps a value for each of the keys met last, as many as most says.
type memory[K comparable, V any] struct {
	most   int
	values map[K]*V
	order  []K // a ring, the oldest at next once it is full
	next   int
}

func newMemory[K comparable, V any](most int) memory[K, V] {
	return memory[K, V]{most: most, values: map[K]*V{}}
}

// find is the value of a key, nil if it is not known.
func (m *memory[K, V]) find(k K) *V { return m.values[k] }

// keep is the value of a key, which is new when known is false. The oldest key is
// forgotten for it.
func (m *memory[K, V]) keep(k K) (v *V, known bool) {
	if v := m.values[k]; v != nil {
		return v, true
	}
	if len(m.order) < m.most {
		m.order = append(m.order, k)
	} else {
		delete(m.values, m.order[m.next])
		m.order[m.next] = k
		m.next = (m.next + 1) % m.most
	}
	v = new(V)
	m.values[k] = v
	return v, false
}
