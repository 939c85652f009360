package frame

import "github.com/wsdissect/wsdissect/internal/inflate"

// Params are what the handshake agreed for the sender of a direction (RFC 7692 7.1). The
// zero value is permessage-deflate without parameters.
type Params struct {
	NoContextTakeover bool
	WindowBits        int // 8 to 15; 0 is 15
}

// forgetful is the history kept where no context takeover is agreed: enough to read what
// a sender that breaks the agreement refers to, in short messages.
const forgetful = 4 << 10

// InflateLimits bound the work on one message.
type InflateLimits struct {
	Output  uint64 // bytes of Payload
	Ratio   uint64 // bytes of Payload for each byte on the wire, looked at above 64 KiB; 0 for any
	Discard uint64 // bytes inflated beyond Payload, to keep the history of the direction right
}

// Scratch is the memory for inflating, about 12 KiB, of which a worker needs one for all
// its directions. It is not safe for concurrent use. The zero value is ready.
type Scratch struct{ decoder inflate.Decoder }

// NextUnknown gives the first run of unknown bytes, [start, end), in the last Payload that
// ends after position from; ok is false if there is none.
func (s *Scratch) NextUnknown(from int) (start, end int, ok bool) {
	return s.decoder.NextUnknown(from)
}

// Inflater inflates the messages of one direction (RFC 7692 7.2.2). Between messages it
// keeps their last 32 KiB at most, also where a smaller window is agreed, so that a
// message of a sender that breaks the agreement can be shown; and nothing before the
// first. Messages that are not compressed are no business of it.
//
// Of the older x-webkit-deflate-frame every frame is what a message is here.
type Inflater struct {
	params Params
	window inflate.Window
}

// NewInflater begins with the first message of a direction. Where the capture begins
// later, call Lose.
func NewInflater(p Params) Inflater {
	if p.WindowBits < 8 || p.WindowBits > 15 {
		p.WindowBits = 15
	}
	return Inflater{params: p}
}

// Inflated is what came of a message.
type Inflated struct {
	Payload      []byte // inflated, as far as InflateLimits.Output; unknown bytes are 0
	Length       uint64 // bytes inflated, those beyond Payload too
	Unknown      uint64 // of these, bytes that the sender took from history that was lost
	FirstUnknown uint64 // position of the first, if Unknown is not 0
	Offset       int    // byte of the source at which inflating ended: the defect, if there is one
	Distance     int    // furthest that a reference went back, 0 to 32768
	Reach        int    // furthest that one went back before the begin of the message, likewise
	Limited      bool   // the message is longer than Payload; Length is its length if Whole
	Whole        bool   // all of the source was inflated
	Facts        Violations
}

// Known is Payload up to its first unknown byte.
func (m *Inflated) Known() []byte {
	if m.Unknown > 0 && m.FirstUnknown < uint64(len(m.Payload)) {
		return m.Payload[:m.FirstUnknown]
	}
	return m.Payload
}

// Message inflates src, the unmasked payload of a whole compressed message with its
// fragments joined, into dst[:cap(dst)], or into more memory when that is too small. The
// payload is that memory.
//
// Where src is not the whole message, because the capture or the caller has no more of
// it, call Lose after it: Payload is right as far as it goes. After a message that is not
// Whole, history is lost without that.
//
// Facts has what the message breaks: InflateError, DataIncomplete, TailNotRemoved,
// FinalPadding, WindowExceeded and ContextTakeover.
func (i *Inflater) Message(s *Scratch, dst, src []byte, l InflateLimits) Inflated {
	keep := inflate.Size
	if i.params.NoContextTakeover {
		keep = forgetful
	}
	r := s.decoder.Inflate(&i.window, dst, src, inflate.Limits(l), keep)
	return Inflated{
		Payload:      r.Out,
		Length:       r.Length,
		Unknown:      r.Unknown,
		FirstUnknown: r.FirstUnknown,
		Offset:       r.Offset,
		Distance:     r.Distance,
		Reach:        r.Reach,
		Limited:      r.Limited,
		Whole:        r.Ending <= inflate.Open,
		Facts:        i.facts(&r),
	}
}

func (i *Inflater) facts(r *inflate.Result) Violations {
	var v Violations
	switch r.Ending {
	case inflate.Corrupt:
		v |= InflateError
	// 7.2.1: "If the resulting data does not end with an empty DEFLATE block with no
	// compression [...], append an empty DEFLATE block with no compression".
	case inflate.Open, inflate.Cut:
		v |= DataIncomplete
	}
	// 7.2.1: "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end."
	if r.Tail {
		v |= TailNotRemoved
	}
	if r.Padding {
		v |= FinalPadding
	}
	if r.Distance > 1<<i.params.WindowBits {
		v |= WindowExceeded
	}
	if i.params.NoContextTakeover && r.Reach > 0 {
		v |= ContextTakeover
	}
	return v
}

// Lose says that bytes of this direction are missing: what was sent before now is unknown
// to messages that refer to it.
func (i *Inflater) Lose() { i.window.Lose() }

// Release gives the history back to s, at the end of the direction or to save memory; it
// is lost then. The Inflater may be dropped without it.
func (i *Inflater) Release(s *Scratch) { i.window.Release(&s.decoder) }

// Held is the memory of the history, in bytes: 0, or about as much as was inflated, up to
// 36 KiB.
func (i *Inflater) Held() int { return i.window.Held() }
