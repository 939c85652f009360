package output

import (
	"fmt"
	"strconv"
	"time"

	"github.com/wsdissect/wsdissect/reassembly"
)

// TimeFormat is how tree and list show the time of a packet, as tshark -t.
type TimeFormat uint8

const (
	TimeDefault  TimeFormat = iota // relative in the list, none in the tree
	TimeRelative                   // r: since the capture's first packet
	TimeAbsolute                   // a: of the day
	TimeDate                       // ad: with the date
	TimeDelta                      // d: since the packet printed before
	TimeEpoch                      // e: since 1970-01-01 UTC
	TimeUTC                        // u: of the day, UTC
)

// ParseTimeFormat is the format that tshark -t knows by that name.
func ParseTimeFormat(name string) (TimeFormat, error) {
	switch name {
	case "r":
		return TimeRelative, nil
	case "a":
		return TimeAbsolute, nil
	case "ad":
		return TimeDate, nil
	case "d":
		return TimeDelta, nil
	case "e":
		return TimeEpoch, nil
	case "u":
		return TimeUTC, nil
	}
	return 0, fmt.Errorf("unknown time format %q (one of a, ad, d, e, r, u)", name)
}

// clock prints the times of packets.
type clock struct {
	format  TimeFormat
	digits  int
	zone    *time.Location
	base    func() int64
	first   reassembly.PacketRef // printed, for want of a base
	last    reassembly.PacketRef // printed
	elapsed int64                // between the last packet and the one before it
}

func newClock(o *Options) clock {
	c := clock{format: o.Time, digits: o.Digits, zone: o.Location, base: o.Base}
	if c.digits < 1 || c.digits > 9 {
		c.digits = 6
	}
	if c.zone == nil {
		c.zone = time.UTC
	}
	return c
}

// see tells the clock which packet is printed now.
func (c *clock) see(p reassembly.PacketRef) {
	switch {
	case c.first.Number == 0:
		c.first = p
	case p.Number != c.last.Number:
		c.elapsed = p.Time - c.last.Time
	}
	c.last = p
}

// relative is nanoseconds since the capture's first packet.
func (c *clock) relative(p reassembly.PacketRef) int64 {
	if c.base != nil {
		return p.Time - c.base()
	}
	return p.Time - c.first.Time
}

// append appends the time of a packet that it has seen.
func (c *clock) append(b []byte, p reassembly.PacketRef) []byte {
	switch c.format {
	case TimeAbsolute:
		return c.appendDay(b, p.Time, c.zone, "15:04:05")
	case TimeDate:
		return c.appendDay(b, p.Time, c.zone, "2006-01-02 15:04:05")
	case TimeUTC:
		return c.appendDay(b, p.Time, time.UTC, "15:04:05")
	case TimeEpoch:
		return appendSeconds(b, p.Time, c.digits)
	case TimeDelta:
		return appendSeconds(b, c.elapsed, c.digits)
	}
	return appendSeconds(b, c.relative(p), c.digits)
}

func (c *clock) appendDay(b []byte, ns int64, zone *time.Location, layout string) []byte {
	t := time.Unix(0, ns).In(zone)
	b = t.AppendFormat(b, layout)
	return appendFraction(b, int64(t.Nanosecond()), c.digits)
}

// appendArrival appends the line of tshark -V about the time of a packet; nil is UTC.
func appendArrival(b []byte, ns int64, zone *time.Location) []byte {
	if zone == nil {
		zone = time.UTC
	}
	b = append(b, "    Arrival Time: "...)
	return time.Unix(0, ns).In(zone).AppendFormat(b, "Jan _2, 2006 15:04:05.000000000 MST\n")
}

// appendSeconds appends nanoseconds as seconds with that many decimals, 1 to 9.
func appendSeconds(b []byte, ns int64, digits int) []byte {
	magnitude := uint64(ns)
	if ns < 0 {
		b = append(b, '-')
		magnitude = -magnitude
	}
	b = strconv.AppendUint(b, magnitude/1e9, 10)
	return appendFraction(b, int64(magnitude%1e9), digits)
}

// appendFraction appends a point and the first 1 to 9 decimals of ns, 0 to 999,999,999.
func appendFraction(b []byte, ns int64, digits int) []byte {
	at := len(b)
	b = strconv.AppendInt(b, 1e9+ns, 10) // one digit more, so that no zero is lost
	b[at] = '.'
	return b[:at+1+digits]
}

// stamp prints times as RFC 3339 in UTC with nine decimals. Packets come many to a
// second, so the part up to the second is kept.
type stamp struct {
	second int64
	text   []byte // "2026-11-24T10:02:10"; nil before the first
}

func (s *stamp) append(b []byte, ns int64) []byte {
	second, rest := ns/1e9, ns%1e9
	if rest < 0 {
		second, rest = second-1, rest+1e9
	}
	if s.text == nil || second != s.second {
		s.second = second
		s.text = time.Unix(second, 0).UTC().AppendFormat(s.text[:0], "2006-01-02T15:04:05")
	}
	b = append(b, s.text...)
	b = appendFraction(b, rest, 9)
	return append(b, 'Z')
}
