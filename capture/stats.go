package capture

import (
	"errors"
	"slices"
)

// maxDamages bounds Stats.Damages.
const maxDamages = 1000

// Stats tell what a Reader has read so far.
type Stats struct {
	Packets   int64
	Bytes     int64        // captured bytes of these packets
	Segments  int64        // packets that are TCP segments; counted by Segments only
	LeftOut   []Count      // packets that are none, by reason, in a fixed order
	Inputs    []InputStats // all of them, in the order of reading
	LinkTypes []string     // names of the link types of the packets, as they were met
	Damaged   int64        // defects of the inputs
	Damages   []Damage     // the first 1000 of them

	// FragmentsEvicted counts the incomplete IP datagrams that were given up for others.
	FragmentsEvicted int64
}

// Several reports whether packets came from more than the first input.
func (s Stats) Several() bool {
	return slices.ContainsFunc(s.Inputs[min(1, len(s.Inputs)):], func(in InputStats) bool { return in.Packets > 0 })
}

// InputStats is what came from an input.
type InputStats struct {
	Name    string
	Packets int64
}

// Count is a number of packets with what they have in common.
type Count struct {
	Reason string
	N      int64
}

// Damage is a defect of an input, see Error.
type Damage struct {
	File   string
	Offset int64
	Text   string
}

func damageOf(err error) Damage {
	var e *Error
	if errors.As(err, &e) {
		return Damage{e.File, e.Offset, e.Text}
	}
	return Damage{Text: err.Error()}
}
