package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/dissect"
)

// limits are the flags that bound what is held. Reaching one is told in the output.
type limits struct {
	message, allMessages, held, allHeld, head, pending, allPending, fragments size
	connections                                                               int
	idle                                                                      time.Duration
}

func (l *limits) register(f *pflag.FlagSet) {
	*l = limits{
		message: dissect.DefaultMessage, allMessages: 512 << 20, held: 256 << 10, allHeld: 256 << 20, head: 64 << 10, pending: 4 << 20, allPending: 256 << 20, fragments: 16 << 20,
		connections: 1_000_000, idle: time.Hour,
	}
	f.Var(&l.message, "max-message", "hold at most this much of a message")
	f.Var(&l.allMessages, "max-messages", "hold at most this much of all messages in progress")
	f.Var(&l.held, "max-held", "hold at most this much of a direction until it is known what it is")
	f.Var(&l.allHeld, "max-held-all", "hold at most this much of all connections until it is known what they are")
	f.Var(&l.head, "max-head", "read HTTP heads up to this size")
	f.Var(&l.pending, "max-pending", "hold at most this much behind a hole of a connection")
	f.Var(&l.allPending, "max-pending-all", "hold at most this much behind the holes of all connections")
	f.Var(&l.fragments, "max-fragments", "hold at most this much of IP datagrams whose fragments are not all there")
	f.IntVar(&l.connections, "max-connections", l.connections, "follow at most `N` connections; the one longest silent goes")
	f.DurationVar(&l.idle, "idle", l.idle, "give up connections without a packet for this `TIME`, on the capture's clock")
}

func (l *limits) apply(o *dissect.Options) {
	o.Limits.Message, o.Limits.Held, o.Limits.Head = int(l.message), int(l.held), int(l.head)
	o.Limits.Messages, o.Limits.AllHeld = int64(l.allMessages), int64(l.allHeld)
	r := &o.Reassembly
	r.MaxQueuedPerConn, r.MaxQueued = int(l.pending), int64(l.allPending)
	r.MaxConns, r.IdleTimeout = l.connections, l.idle
}

// size is the value of a flag in bytes: a number, with k, M or G behind it.
type size int

// String implements pflag.Value.
func (l *size) String() string {
	n := int(*l)
	for _, unit := range "GMk" {
		if shift := map[rune]int{'G': 30, 'M': 20, 'k': 10}[unit]; n > 0 && n%(1<<shift) == 0 {
			return strconv.Itoa(n>>shift) + string(unit)
		}
	}
	return strconv.Itoa(n)
}

// Type implements pflag.Value.
func (l *size) Type() string { return "BYTES" }

// Set implements pflag.Value.
func (l *size) Set(s string) error {
	unit := int64(1)
	digits := strings.TrimRight(s, "kKmMgG")
	switch strings.ToLower(s[len(digits):]) {
	case "":
	case "k":
		unit = 1 << 10
	case "m":
		unit = 1 << 20
	case "g":
		unit = 1 << 30
	default:
		digits = ""
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n <= 0 || n > math.MaxInt/unit {
		return fmt.Errorf("%q is no number of bytes (1500, 64k, 16M, 1G)", s)
	}
	*l = size(n * unit)
	return nil
}
