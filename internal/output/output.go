package output

import (
	"io"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/reassembly"
)

// Payload bytes printed of a frame or message when nothing else was asked for.
const (
	DefaultTreePayload = 1024
	DefaultListPayload = 80
)

// Printer is a Sink that writes a format. It gathers output in a buffer that it reuses
// and writes it when there is enough. An error of the writer sticks.
type Printer interface {
	dissect.Sink
	// Flush writes what is still in the buffer, and ends the record that is open.
	Flush() error
	// Printed is the number of records printed so far.
	Printed() int64
}

// Options say what is printed, and how. The zero value prints everything, plainly.
type Options struct {
	Palette    Palette
	MaxPayload int  // bytes of a payload that tree and list show; 0 for all
	Hex        bool // the tree adds hex dumps
	Verbose    int  // above 0, the tree shows more of each packet, and the list the ports
	Only       Types
	LineFlush  bool // each record is written at once

	Time     TimeFormat
	Digits   int            // decimals of a second, 1 to 9; 0 means 6
	Location *time.Location // of the local times; nil is UTC
	Base     func() int64   // time of the capture's first packet; nil: of the first one printed

	// Start is asked for the first json record when that is due: before the first event.
	Start func() Start
	// Interface is the name of an interface by its number in a PacketRef, "" to print none.
	// Nil prints none.
	Interface func(n uint16) string
	// Raw is the packet of that number and its link type, if it is still at hand. The
	// bytes are on loan until the Printer returns.
	Raw func(packet int64) (link uint32, data []byte, ok bool)
	// Layers appends the lines of the layers below IP, each with its line end. It is
	// asked when Verbose is above 0 and Raw has the packet.
	Layers func(b []byte, link uint32, data []byte) []byte
}

// Start is what is known before the first event.
type Start struct {
	Files     []string // the inputs in their order; PacketRef.Input counts in it
	LinkTypes []string
	Live      []string // interfaces, of a live capture
	Filter    string   // as given; empty for none
}

// iface is the name of the interface of a packet, "" to print none.
func (o *Options) iface(p reassembly.PacketRef) string {
	if o.Interface == nil {
		return ""
	}
	return o.Interface(p.Interface)
}

// writer gathers output for w. Its methods are no-ops after an error of w.
type writer struct {
	w    io.Writer
	b    []byte
	err  error
	n    int64 // records
	each bool  // write each record at once
}

const (
	flushAt = 64 << 10 // bytes in the buffer that are worth a write
	chunk   = 24 << 10 // bytes of a payload between looks at the buffer; a multiple of 3 for base64
)

func (w *writer) write() {
	if w.err == nil && len(w.b) > 0 {
		_, w.err = w.w.Write(w.b)
	}
	w.b = w.b[:0]
}

// spill keeps the buffer small inside a record with a large payload.
func (w *writer) spill() {
	if len(w.b) > flushAt {
		w.write()
	}
}

// end ends a record.
func (w *writer) end() error {
	w.n++
	if w.each || len(w.b) > flushAt {
		w.write()
	}
	return w.err
}

// Flush implements Printer.
func (w *writer) Flush() error {
	w.write()
	return w.err
}

// Printed implements Printer.
func (w *writer) Printed() int64 { return w.n }
