package torture

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/wsdissect/wsdissect/reassembly"
)

// Case is damage of one or more kinds, decided by its seed alone.
type Case struct {
	Seed  uint64
	Kinds []Damage
}

// NewCase chooses kinds of damage.
func NewCase(seed uint64) Case {
	r := rand.New(rand.NewPCG(seed, 0))
	all := Damages()
	c := Case{Seed: seed}
	for range 1 + r.IntN(3) {
		c.Kinds = append(c.Kinds, all[r.IntN(len(all))])
	}
	// False bytes prove something only behind the true ones, whatever else happens.
	slices.SortStableFunc(c.Kinds, func(a, b Damage) int { return cmp.Compare(falsity(a), falsity(b)) })
	c.Kinds = slices.CompactFunc(c.Kinds, func(a, b Damage) bool { return a.Name == b.Name && falsity(a) > 0 })
	return c
}

// falsity orders the kinds of damage that add bytes which were not sent.
func falsity(d Damage) int {
	return slices.Index([]string{"contradict", "keep-alives"}, d.Name) + 1
}

// Name lists the kinds of damage.
func (c Case) Name() string {
	names := make([]string, len(c.Kinds))
	for i, d := range c.Kinds {
		names[i] = d.Name
	}
	return strings.Join(names, ", ")
}

// Damaged is what becomes of packets.
func (c Case) Damaged(ps []reassembly.Segment) []reassembly.Segment {
	r := rand.New(rand.NewPCG(c.Seed, 1))
	ps = slices.Clone(ps)
	for _, d := range c.Kinds {
		if len(ps) > 0 {
			ps = d.Apply(r, ps)
		}
	}
	return ps
}
