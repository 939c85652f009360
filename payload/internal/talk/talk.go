// Package talk runs messages through a payload.Stage, for the tests of decoders.
package talk

import (
	"bytes"
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/reassembly"
)

// Message is one of a conversation.
type Message struct {
	Dir    dissect.Dir
	Opcode frame.Opcode
	Data   string
}

// Text is a text message.
func Text(d dissect.Dir, s string) Message { return Message{d, frame.Text, s} }

// Binary is a binary message.
func Binary(d dissect.Dir, s string) Message { return Message{d, frame.Binary, s} }

// Explain gives what a Stage with the protocol alone makes of a connection: for each
// message its direction and what stands in the list, and its fields in the line below.
// Messages come 10 ms apart in packets from 5 on; the bytes of each are destroyed as soon
// as it is decoded, for they are on loan.
func Explain(p payload.Protocol, s payload.Session, messages ...Message) []byte {
	var out bytes.Buffer
	stage := payload.NewStage(payload.Options{Protocols: []payload.Protocol{p}}, printer{&out})
	conn := &reassembly.Conn{ID: 1}
	meta := func(packet int64, d dissect.Dir) dissect.Meta {
		return dissect.Meta{Conn: conn, Dir: d, Packet: reassembly.PacketRef{Number: packet, Time: packet * 10_000_000}}
	}
	uri := s.Path
	if s.Query != "" {
		uri += "?" + s.Query
	}
	stage.Emit(&dissect.Handshake{Meta: meta(4, dissect.ServerToClient), URI: uri, Subprotocol: s.Subprotocol, Upgraded: true})
	for i, t := range messages {
		data := []byte(t.Data)
		m := &dissect.Message{Meta: meta(int64(5+i), t.Dir), Opcode: t.Opcode, Payload: data, Length: uint64(len(data)), Complete: true}
		stage.Emit(&dissect.Frame{Meta: m.Meta, Header: frame.Header{Opcode: t.Opcode}, Message: m})
		for j := range data {
			data[j] ^= 0x5A
		}
		stage.Emit(m)
	}
	return out.Bytes()
}

// printer prints what was made of each message.
type printer struct{ out *bytes.Buffer }

// Emit implements dissect.Sink.
func (p printer) Emit(e dissect.Event) error {
	m, ok := e.(*dissect.Message)
	if !ok {
		return nil
	}
	d := m.Decoded
	if d == nil {
		fmt.Fprintf(p.out, "%v not explained, %d bytes\n", m.Dir, m.Length)
		return nil
	}
	fmt.Fprintf(p.out, "%v %s by %s: %q", m.Dir, d.Protocol, d.By, d.Brief)
	if d.Heartbeat {
		p.out.WriteString(" heartbeat")
	}
	if d.Error != "" {
		fmt.Fprintf(p.out, " error: %s", d.Error)
	}
	p.out.WriteByte('\n')
	for i := range d.Fields {
		fmt.Fprintf(p.out, "    %s: %s\n", d.Fields[i].Name, payload.Diagnostic(d.Fields[i].Value))
	}
	return nil
}

// Units are the packets or frames that a decoder finds when each message is cut into
// messages of n bytes, a line for each: the same for every n. It ends with an error.
func Units(d payload.Decoder, n int, messages ...Message) string {
	var all bytes.Buffer
	for _, t := range messages {
		for b := []byte(t.Data); len(b) > 0; b = b[min(n, len(b)):] {
			m := &dissect.Message{Meta: dissect.Meta{Dir: t.Dir}, Opcode: t.Opcode, Payload: b[:min(n, len(b))]}
			e := d.Decode(m)
			for _, u := range e.Fields[0].Value.([]any) {
				fmt.Fprintln(&all, payload.Diagnostic(u))
			}
			if e.Error != "" {
				fmt.Fprintln(&all, "error:", e.Error)
				return all.String()
			}
		}
	}
	return all.String()
}
