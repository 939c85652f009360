package output

import (
	"fmt"
	"strings"
)

// Types is a set of record types. The zero value stands for all.
type Types uint16

const (
	TypeCapture Types = 1 << iota
	TypeHandshake
	TypeFrame
	TypeMessage
	TypeAnomaly
	TypeGap
	TypeClose
	TypeSummary
	TypeBody
)

// TypeNames are the names of the record types, as they stand in the json format.
func TypeNames() []string {
	return []string{"capture", "handshake", "frame", "message", "anomaly", "gap", "close", "summary", "body"}
}

// ParseTypes is the set of a list of names with commas between them.
func ParseTypes(list string) (Types, error) {
	names := TypeNames()
	var set Types
next:
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		for i, known := range names {
			if name == known {
				set |= 1 << i
				continue next
			}
		}
		return 0, fmt.Errorf("unknown record type %q (one of %s)", name, strings.Join(names, ", "))
	}
	return set, nil
}

// Has reports whether records of the type are wanted.
func (t Types) Has(one Types) bool { return t == 0 || t&one != 0 }

// Names reports whether the type was asked for by name.
func (t Types) Names(one Types) bool { return t&one != 0 }
