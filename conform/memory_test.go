package conform

import "testing"

func TestMemoryForgetsTheOldest(t *testing.T) {
	m := newMemory[int, int](3)
	for k := range 5 {
		v, known := m.keep(k)
		if known {
			t.Errorf("%d is known", k)
		}
		*v = 10 * k
	}
	if _, known := m.keep(3); !known {
		t.Error("3 is forgotten")
	}
	for k := range 5 {
		v := m.find(k)
		switch {
		case k < 2 && v != nil:
			t.Errorf("%d is remembered as %d", k, *v)
		case k >= 2 && (v == nil || *v != 10*k):
			t.Errorf("%d is remembered as %v", k, v)
		}
	}
	if len(m.index) != 3 || len(m.kept) != 3 {
		t.Errorf("%d values, %d keys", len(m.index), len(m.kept))
	}
	for k := range 1000 {
		m.keep(k % 7)
	}
	if len(m.index) != 3 || len(m.kept) != 3 {
		t.Errorf("%d values, %d keys", len(m.index), len(m.kept))
	}
}
