package frame

// Kind says what a Token is.
type Kind uint8

const (
	None Kind = iota // all bytes are consumed, more are needed
	Head             // a header is complete
	Data             // payload bytes
	End              // the payload of the frame is complete
)

func (k Kind) String() string {
	return [...]string{"none", "head", "data", "end"}[k]
}

// Token is a step through the frames of one direction.
type Token struct {
	Kind   Kind
	Offset int64   // of its first byte in the stream; of End, where the frame ends
	Header *Header // of the frame, for all but None: a loan until the next call
	Data   []byte  // of Data: payload as sent, still masked, aliasing what was given to Next
}

// Decoder cuts the bytes of one direction into frames. It holds no payload; a frame of
// any length costs the same. It is a value of about 64 bytes, not to be copied while a
// Header of it is on loan.
type Decoder struct {
	pos     int64
	left    uint64 // payload bytes of the current frame still to come
	head    Header
	state   state
	have    uint8 // bytes of partial in use
	partial [MaxHeaderSize]byte
}

type state uint8

const (
	inHeader state = iota
	inPayload
	lost
)

// NewDecoder begins at a frame boundary, at the given offset of the stream.
func NewDecoder(off int64) Decoder { return Decoder{pos: off} }

// Reset begins anew at a frame boundary, at the given offset of the stream.
func (d *Decoder) Reset(off int64) { *d = Decoder{pos: off} }

// Next consumes a prefix of b, n bytes long, and says what it was. Call it until it gives
// None, which has consumed all of b, and only then fetch more bytes: a frame without
// payload, or one that ended with the last byte, has its End still to give.
//
// Each frame is one Head, any number of Data, and one End.
func (d *Decoder) Next(b []byte) (t Token, n int) {
	switch d.state {
	case inPayload:
		return d.payload(b)
	case inHeader:
		return d.header(b)
	}
	d.pos += int64(len(b))
	return Token{Offset: d.pos}, len(b)
}

func (d *Decoder) payload(b []byte) (Token, int) {
	if d.left == 0 {
		d.state = inHeader
		return Token{Kind: End, Offset: d.pos, Header: &d.head}, 0
	}
	n := len(b)
	if n == 0 {
		return Token{Offset: d.pos}, 0
	}
	if uint64(n) > d.left {
		n = int(d.left)
	}
	t := Token{Kind: Data, Offset: d.pos, Header: &d.head, Data: b[:n:n]}
	d.pos += int64(n)
	d.left -= uint64(n)
	return t, n
}

func (d *Decoder) header(b []byte) (Token, int) {
	if d.have == 0 {
		h, n, err := ParseHeader(b)
		if err == nil {
			return d.begin(h, n), n
		}
	}
	had := int(d.have)
	n := copy(d.partial[had:], b)
	h, size, err := ParseHeader(d.partial[:had+n])
	if err != nil {
		d.have += uint8(n)
		d.pos += int64(n)
		return Token{Offset: d.pos}, n
	}
	n = size - had
	return d.begin(h, n), n
}

// begin starts the frame of h, the last n bytes of whose header are consumed now.
func (d *Decoder) begin(h Header, n int) Token {
	d.pos += int64(n)
	d.head, d.left = h, h.Length
	d.have, d.state = 0, inPayload
	return Token{Kind: Head, Offset: d.pos - int64(h.Size), Header: &d.head}
}

// Skip passes over a gap of n bytes. It reports whether the frame boundary is still known:
// true when the whole gap is payload of the current frame, whose position moves on.
// Otherwise the boundary is lost, and Remaining tells how many of the n bytes, from the
// first on, were payload of the frame that was cut off. Next then gives None until Reset.
func (d *Decoder) Skip(n int64) bool {
	if n <= 0 {
		return d.state != lost
	}
	d.pos += n
	if d.state == inPayload && uint64(n) <= d.left {
		d.left -= uint64(n)
		return true
	}
	if d.state == inHeader {
		d.left = 0
	}
	d.state = lost
	return false
}

// Pos is the offset in the stream of the next byte that Next expects.
func (d *Decoder) Pos() int64 { return d.pos }

// Remaining is how many payload bytes of the current frame are still to come. After Skip
// lost the boundary it is how many were to come before the gap.
func (d *Decoder) Remaining() uint64 { return d.left }

// Current is the header of the frame that has begun and not ended, or that a gap cut off;
// nil between frames and inside a header. It is a loan until the next call of Next.
func (d *Decoder) Current() *Header {
	if d.state == inPayload || d.state == lost && d.left > 0 {
		return &d.head
	}
	return nil
}

// PayloadPos is the position, in the payload of the current frame, of the byte that comes
// next; gaps count. Of a Data just given, PayloadPos less its length is the pos for XOR.
func (d *Decoder) PayloadPos() uint64 { return d.head.Length - d.left }

// Partial are the bytes so far of a header that is not complete, and none otherwise.
// It is a loan until the next call of Next or Reset; they begin at Pos less their number,
// and ParseHeader shows what can be read of them.
func (d *Decoder) Partial() []byte { return d.partial[:d.have] }
