package payload

import "github.com/wsdissect/wsdissect/dissect"

// Inner explains messages that another protocol carries: by the first of the protocols
// that is sure of one by its content, and from then on by that.
type Inner struct {
	protocols []Protocol
	fallback  Decoder
	chosen    choice
}

// NewInner makes an Inner. A fallback of nil explains nothing.
func NewInner(protocols []Protocol, fallback Decoder) *Inner {
	return &Inner{protocols: protocols, fallback: fallback}
}

// Decode implements Decoder, and tells which protocol it is.
func (n *Inner) Decode(m *dissect.Message) *dissect.Decoded {
	if n.chosen.decoder == nil && n.chosen.tries < maxTries {
		n.chosen.tries++
		n.recognise(m)
	}
	if n.chosen.decoder != nil {
		if d := n.chosen.decoder.Decode(m); d != nil {
			d.Protocol = n.chosen.name
			return d
		}
	}
	if n.fallback == nil {
		return nil
	}
	return n.fallback.Decode(m)
}

func (n *Inner) recognise(m *dissect.Message) {
	for i := range n.protocols {
		if p := &n.protocols[i]; p.Content != nil && p.Content(m) {
			n.chosen.take(p, "content")
			return
		}
	}
}

// takeForgotten implements forgetful.
func (n *Inner) takeForgotten() int64 {
	if d, ok := n.chosen.decoder.(forgetful); ok {
		return d.takeForgotten()
	}
	return 0
}

// Missed implements Streamer.
func (n *Inner) Missed(dir dissect.Dir) {
	if d, ok := n.chosen.decoder.(Streamer); ok {
		d.Missed(dir)
	}
}
