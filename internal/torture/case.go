package torture

import (
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
	// Bytes that contradict others prove something only behind those.
	i := slices.IndexFunc(c.Kinds, func(d Damage) bool { return d.Name == "contradict" })
	if i >= 0 {
		last := c.Kinds[i]
		c.Kinds = slices.DeleteFunc(c.Kinds, func(d Damage) bool { return d.Name == last.Name })
		c.Kinds = append(c.Kinds, last)
	}
	return c
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
