// Package rules is the table of everything that wsdissect can hold against a WebSocket
// connection: the name of each violation, its severity, its source, and who is at fault.
// It is for the packages that judge, and for the command that lists and explains.
package rules

// Severity says how much a violation weighs.
type Severity uint8

const (
	Note    Severity = iota + 1 // legal, worth a remark at most
	Warning                     // a SHOULD is broken, or the evidence is heuristic
	Error                       // a MUST, MUST NOT or the ABNF is broken on the wire
)

func (s Severity) String() string {
	return [...]string{"", "note", "warning", "error"}[s]
}

// Party is the endpoint that a rule binds.
type Party uint8

const (
	Both Party = iota
	Client
	Server
)

func (p Party) String() string { return [...]string{"both", "client", "server"}[p] }

// ID names a rule inside the program; its zero value is none.
type ID uint8

// Rule is a row of the table.
type Rule struct {
	Code     string // stable name, the code of an anomaly
	Group    string // handshake, frame, message, close, compression, masking, timing, http2, tls, capture
	Severity Severity
	RFC      string // "RFC 6455 5.1"; empty where no RFC speaks of it
	Party    Party
	Observed string // what is seen on the wire
}

// Rule is the row of the ID.
func (id ID) Rule() *Rule { return &table[id] }

// Code is the stable name of the rule.
func (id ID) Code() string { return table[id].Code }

// All are the IDs in the order of the table.
func All() []ID {
	ids := make([]ID, 0, end-1)
	for id := ID(1); id < end; id++ {
		ids = append(ids, id)
	}
	return ids
}

// Find is the rule of that code.
func Find(code string) (ID, bool) {
	for id := ID(1); id < end; id++ {
		if table[id].Code == code {
			return id, true
		}
	}
	return 0, false
}
