package output

import (
	"strings"

	"github.com/fatih/color"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// Palette is the colours of tree and list. Its zero value has none.
type Palette struct {
	packet           style // the line that begins a packet
	client, server   style // by direction
	data, control    style // by opcode
	ending           style // a Close, and the end of a connection
	note, warn, fail style // by severity
}

// NewPalette has the colours when on is true, else none.
func NewPalette(on bool) Palette {
	if !on {
		return Palette{}
	}
	return Palette{
		packet:  newStyle(color.Bold),
		client:  newStyle(color.FgCyan),
		server:  newStyle(color.FgGreen),
		data:    newStyle(color.FgHiWhite, color.Bold),
		control: newStyle(color.FgMagenta),
		ending:  newStyle(color.FgYellow),
		note:    newStyle(color.FgBlue),
		warn:    newStyle(color.FgYellow, color.Bold),
		fail:    newStyle(color.FgRed, color.Bold),
	}
}

// style is the escape sequences around what has a colour, made once: asking the colour
// library each time costs a hundred times as much.
type style struct{ on, off string }

func newStyle(attributes ...color.Attribute) style {
	c := color.New(attributes...)
	c.EnableColor()
	on, off, _ := strings.Cut(c.Sprint("|"), "|")
	return style{on, off}
}

func (p *Palette) dir(d dissect.Dir) style {
	switch d {
	case dissect.ClientToServer:
		return p.client
	case dissect.ServerToClient:
		return p.server
	}
	return style{}
}

func (p *Palette) opcode(o frame.Opcode) style {
	switch {
	case o == frame.Close:
		return p.ending
	case o.IsControl():
		return p.control
	case o.IsReserved():
		return p.warn
	}
	return p.data
}

func (p *Palette) severity(s rules.Severity) style {
	switch s {
	case rules.Error:
		return p.fail
	case rules.Warning:
		return p.warn
	}
	return p.note
}
