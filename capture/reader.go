package capture

import (
	"io"
	"iter"
	"math"
	"sync/atomic"
	"time"

	"github.com/wsdissect/wsdissect/internal/packet"
	"github.com/wsdissect/wsdissect/reassembly"
)

// Reader reads inputs as one capture. It is not safe for concurrent use. It is for one
// iteration, over Segments or over Packets; another one yields nothing.
type Reader struct {
	inputs   []Input
	live     source // instead of inputs, see FromGopacket and Live
	secrets  func(Secrets)
	idle     func(now int64)
	clockSet func(by time.Duration)
	tap      func(*Packet, *reassembly.Segment)
	room     func(size int) []byte
	filters  *filters // nil for all packets
	used     bool
	stopped  atomic.Bool
	taken    atomic.Int64 // bytes of the inputs, as they are
	size     atomic.Int64 // of all inputs; 0 where that is not known

	window     *window
	interfaces interfaces
	packet     Packet
	segment    reassembly.Segment
	decoder    *packet.Decoder

	first   int64
	stats   Stats // without LeftOut and LinkTypes
	leftOut [packet.NumReasons]int64
	refused int64 // packets that the filter left out
	links   []uint32
	view    *View // the newest that was asked for
}

// Open reads capture files. A directory stands for the capture files in it.
func Open(paths ...string) *Reader {
	inputs := make([]Input, len(paths))
	for i, path := range paths {
		inputs[i] = File(path)
	}
	return New(inputs...)
}

// New reads inputs of any kind.
func New(inputs ...Input) *Reader {
	return &Reader{inputs: inputs, decoder: packet.NewDecoder()}
}

// OnSecrets sets what is called with each Decryption Secrets Block of pcapng, before
// the packets that stand behind it in the file.
func (r *Reader) OnSecrets(f func(Secrets)) { r.secrets = f }

// Packets are all packets of the capture, each on loan until the next. An error, with a
// nil packet, is a defect of an input, mostly an *Error; the iteration goes on with what
// can still be read.
func (r *Reader) Packets() iter.Seq2[*Packet, error] {
	return func(yield func(*Packet, error) bool) { r.each(yield) }
}

// Segments are the TCP segments of the capture, each on loan until the next; Stats count
// the packets that are none. Errors are those of Packets.
func (r *Reader) Segments() iter.Seq2[*reassembly.Segment, error] {
	return func(yield func(*reassembly.Segment, error) bool) {
		r.each(func(p *Packet, err error) bool {
			if err != nil {
				return yield(nil, err)
			}
			p.refer(&r.segment.Packet)
			wire := int(min(p.Length, math.MaxInt32))
			why := r.decoder.Decode(p.LinkType, p.Data, wire, &r.segment)
			if r.tap != nil {
				r.tell(why)
			}
			if why != packet.TCP {
				r.leftOut[why]++
				return true
			}
			r.stats.Segments++
			return yield(&r.segment, nil)
		})
	}
}

// OnPacket sets what is called with each packet that Segments reads, and the segment that is
// yielded for it next; nil if it has none. Both are on loan until the call returns.
func (r *Reader) OnPacket(f func(*Packet, *reassembly.Segment)) { r.tap = f }

// tell calls what OnPacket has set.
func (r *Reader) tell(why packet.Reason) {
	segment := &r.segment
	if why != packet.TCP {
		segment = nil
	}
	switch why {
	case packet.FragmentWaiting, packet.FragmentRepeat, packet.FragmentDropped:
		r.packet.Fragment = true
	default:
		r.packet.Fragment = false
	}
	r.tap(&r.packet, segment)
}

// KeepPackets makes the bytes of packets last: room is called wherever those that follow begin
// to stand elsewhere, and gives a buffer of that size or more. The one before is not written to
// any more; it is looked at until the next packet, or the call of OnIdle. KeepPackets is called
// before reading.
func (r *Reader) KeepPackets(room func(size int) []byte) { r.room = room }

// Kept reports whether the Current packet stands in a buffer of KeepPackets. Large ones do not,
// nor do those that come from no file.
func (r *Reader) Kept() bool { return r.window != nil && r.window.kept }

// Current is the packet behind the segment, or the packet, that was yielded last: the
// one that completed it, if it came in IP fragments. It is on loan like that.
func (r *Reader) Current() *Packet { return &r.packet }

// LimitFragments sets how many bytes of incomplete IP datagrams are held at most, 16 MiB
// unless set; those that wait longest are given up. It is called before reading.
func (r *Reader) LimitFragments(bytes int) { r.decoder.LimitFragments(bytes) }

// First is the time of the first packet, in nanoseconds since 1970-01-01 UTC.
func (r *Reader) First() int64 { return r.first }

// Zone names what tells apart connections between equal addresses, see
// reassembly.Segment: VLANs and tunnels. It is empty for 0.
func (r *Reader) Zone(id uint32) string { return r.decoder.Zone(id) }

// Stats tell what has been read so far. They share nothing with the Reader.
func (r *Reader) Stats() Stats {
	s := r.stats
	s.Inputs = append([]InputStats(nil), s.Inputs...)
	s.Damages = append([]Damage(nil), s.Damages...)
	for _, link := range r.links {
		s.LinkTypes = append(s.LinkTypes, LinkTypeName(link))
	}
	s.FragmentsEvicted = r.decoder.Fragments().Evicted
	for why, n := range r.leftOut {
		if packet.Reason(why) == packet.FragmentWaiting {
			n -= r.decoder.Joined()
		}
		if n > 0 {
			s.LeftOut = append(s.LeftOut, Count{packet.Reason(why).String(), n})
		}
	}
	if r.refused > 0 {
		s.LeftOut = append(s.LeftOut, Count{"filter", r.refused})
	}
	return s
}

// each reads all inputs, until yield returns false.
func (r *Reader) each(yield func(*Packet, error) bool) {
	if r.used {
		return
	}
	r.used = true
	if r.live != nil {
		if w, ok := r.live.(waiting); ok && r.idle != nil {
			w.idle(r.idle)
		}
		if l, ok := r.live.(live); ok && r.clockSet != nil {
			l.clockSet(r.clockSet)
		}
		r.drain(0, r.live, yield)
		return
	}
	inputs, errs := expand(r.inputs)
	for _, err := range errs {
		if !r.defect(err, yield) {
			return
		}
	}
	inputs = byTime(inputs)
	for _, in := range inputs {
		r.stats.Inputs = append(r.stats.Inputs, InputStats{Name: in.Name})
	}
	r.size.Store(sizeOf(inputs))
	if r.window == nil {
		r.window = newWindow(windowSize)
	}
	for i, in := range inputs {
		if !r.input(i, in, yield) {
			return
		}
	}
}

// input reads the input of an index. It returns false when yield did.
func (r *Reader) input(i int, in Input, yield func(*Packet, error) bool) bool {
	rc, err := in.Open()
	if err != nil {
		return r.defect(openError(in.Name, err), yield)
	}
	r.window.idle, r.window.room = nil, r.room
	if r.idle != nil && !in.mode().IsRegular() {
		r.window.idle = func() { r.idle(0) }
	}
	f, err := openFile(in.Name, counting{rc, &r.taken}, r.window, r.secrets)
	if err != nil {
		return r.defect(err, yield)
	}
	f.interfaces = &r.interfaces
	return r.drain(i, f, yield)
}

// drain reads a source to its end. It returns false when yield did.
func (r *Reader) drain(i int, s source, yield func(*Packet, error) bool) bool {
	defer s.close()
	count := &r.stats.Inputs[i].Packets
	r.packet.Input = uint16(min(i, math.MaxUint16))
	link, known := uint32(0), false
	for {
		if r.stopped.Load() {
			return false
		}
		if err := s.next(&r.packet); err != nil {
			if err == io.EOF {
				return true
			}
			if !r.defect(err, yield) {
				return false
			}
			continue
		}
		r.packet.Number++
		if r.stats.Packets++; r.stats.Packets == 1 {
			r.first = r.packet.Time
		}
		r.stats.Bytes += int64(len(r.packet.Data))
		*count++
		if !known || r.packet.LinkType != link {
			link, known = r.packet.LinkType, true
			r.meet(link)
		}
		if r.filters != nil {
			ok, err := r.filters.match(&r.packet, r.stats.Inputs[i].Name)
			if err != nil && !r.defect(err, yield) {
				return false
			}
			if !ok {
				r.refused++
				continue
			}
		}
		if !yield(&r.packet, nil) {
			return false
		}
	}
}

// meet notes a link type.
func (r *Reader) meet(link uint32) {
	for _, l := range r.links {
		if l == link {
			return
		}
	}
	r.links = append(r.links, link)
}

// defect counts and yields an error.
func (r *Reader) defect(err error, yield func(*Packet, error) bool) bool {
	r.stats.Damaged++
	if len(r.stats.Damages) < maxDamages {
		r.stats.Damages = append(r.stats.Damages, damageOf(err))
	}
	return yield(nil, err)
}
