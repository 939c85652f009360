package dissect

import "github.com/wsdissect/wsdissect/frame"

// pass takes payload bytes of a message that is not held, which stand at offset pos of a
// frame.
func (m *message) pass(b []byte, h frame.Header, pos uint64) {
	m.passed += len(b)
	if m.opcode != frame.Text || m.sound >= 0 {
		return
	}
	if !h.Masked {
		m.text.Write(b)
		return
	}
	var plain [512]byte
	for len(b) > 0 {
		n := min(len(b), len(plain))
		frame.XOR(plain[:n], b[:n], h.Key, pos)
		m.text.Write(plain[:n])
		b, pos = b[n:], pos+uint64(n)
	}
}

// judge tells of a message that is not held what its payload would.
func (m *message) judge(e *Message) {
	e.Unheld = true
	if e.Opcode != frame.Text {
		return
	}
	_, ok := m.text.Write(nil)
	e.Text, e.NotUTF8 = m.text.Close(), !ok
}
