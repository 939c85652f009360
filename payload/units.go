package payload

import (
	"errors"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// Units gathers what one message has of a protocol that puts any number of its units, its
// packets or frames, into a message. The zero value is ready.
type Units struct {
	list  []any
	brief strings.Builder
	alive int // units that are no heartbeat
	beats int
}

// ErrUnits is for a message with more units than are told apart.
var ErrUnits = errors.New("too many in one message")

const maxUnits = 4096

// Add appends a unit and its line; false if there are too many.
func (u *Units) Add(o dissect.Object, brief string) bool {
	u.alive++
	return u.add(o, brief)
}

// Beat appends a unit that only keeps the connection open; nil has no fields to tell.
func (u *Units) Beat(o dissect.Object, brief string) bool {
	u.beats++
	return u.add(o, brief)
}

func (u *Units) add(o dissect.Object, brief string) bool {
	if len(u.list) >= maxUnits {
		return false
	}
	if o != nil {
		u.list = append(u.list, o)
	}
	switch {
	case u.brief.Len() > maxShown:
		return true
	case u.brief.Len() > 0:
		u.brief.WriteString("; ")
	}
	u.brief.WriteString(brief)
	return true
}

// Decoded is what became of the message. The units are the field name, which is there even
// if none is whole; held are the bytes of the next one, which is not.
func (u *Units) Decoded(name string, held int, err error) *dissect.Decoded {
	if u.list == nil {
		u.list = []any{}
	}
	d := &dissect.Decoded{
		Brief:     strings.ToValidUTF8(u.brief.String(), "\uFFFD"),
		Heartbeat: u.beats > 0 && u.alive == 0 && held == 0 && err == nil,
		Fields:    dissect.Object{{Name: name, Value: u.list}},
	}
	if held > 0 {
		d.Fields = append(d.Fields, dissect.Field{Name: "held", Value: held})
		if d.Brief != "" {
			d.Brief += "; "
		}
		d.Brief += "(" + bytesOf(held) + ", more to come)"
	}
	if err != nil {
		d.Error = err.Error()
	}
	return d
}
