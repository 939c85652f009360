// Package packet turns the bytes of one captured packet into a TCP segment: it reads
// the headers of the link, of VLANs and tunnels, of IP and TCP, and puts fragmented IP
// datagrams together. A packet without a segment gets a Reason.
//
// Headers say where things are, and nothing is guessed where they say it: the length
// in the IP header decides where the payload ends, so that Ethernet padding is never
// payload and what the snap length cut off is counted. Checksums are not verified: a
// sender that leaves them to its network card is captured with wrong ones.
//
// All bytes are on loan from the caller and are never changed.
package packet

import "github.com/wsdissect/wsdissect/reassembly"

const (
	// maxDepth bounds the headers inside each other: tags, label stacks, tunnels.
	maxDepth = 16

	// maxWire bounds the length of a packet that carries no length of its own. Linux
	// builds none above 512 KiB (GSO_MAX_SIZE); a longer one is a damaged capture.
	maxWire = 1 << 20
)

// Decoder decodes the packets of one capture, in their order. It holds the fragments
// that wait for the rest of their datagram, bounded in number, bytes and capture time,
// and the zones seen so far. It is not safe for concurrent use.
type Decoder struct {
	fragments fragments
	zones     zones
}

// NewDecoder returns a Decoder that has seen nothing.
func NewDecoder() *Decoder {
	return &Decoder{fragments: newFragments(), zones: newZones()}
}

// Decode reads the packet data of link type link (a LINKTYPE value, as in a capture
// file) and fills seg; orig is the length on the wire. It returns TCP when seg is filled,
// and else why there is no segment; what seg holds then is unspecified.
//
// The caller has filled seg.Packet; Decode sets its Len alone. seg.Payload aliases data, or, for a
// fragmented datagram, a buffer of d that is valid until the next Decode: its packet
// is the one that completed it. seg.Missing counts the payload bytes that the IP
// length promises behind Payload; a segment whose TCP options are cut has no Payload
// and all of it Missing.
func (d *Decoder) Decode(link uint32, data []byte, orig int, seg *reassembly.Segment) Reason {
	wire := len(data)
	if orig > wire && orig <= maxWire {
		wire = orig
	}
	// Field by field: a literal is built elsewhere and copied, which stalls on its own
	// stores for longer than the headers take.
	var c cursor
	c.b, c.wire, c.seg = data, wire, seg
	if link == linkEthernet {
		return d.ethernet(&c)
	}
	return d.link(&c, link)
}

// Zone names a zone, innermost first: "vlan 100", "vxlan 42 between 192.0.2.1 and
// 192.0.2.2 in vlan 7". Zone 0 is the empty string.
func (d *Decoder) Zone(id uint32) string { return d.zones.name(id) }

// Fragments counts the fragmented IP datagrams so far.
func (d *Decoder) Fragments() FragmentStats { return d.fragments.stats }

// Joined counts the packets that Decode returned FragmentWaiting for and that were not in
// vain: their datagrams are complete.
func (d *Decoder) Joined() int64 { return d.fragments.joined }

// LimitFragments sets how many bytes of incomplete datagrams wait at most; 16 MiB unless
// set. It is called before the first Decode.
func (d *Decoder) LimitFragments(bytes int) { d.fragments.limit = bytes }

// cursor is the rest of a packet, from the header that is read next.
type cursor struct {
	b     []byte // what was captured, up to the end that the headers so far declare
	wire  int    // the same on the wire, at least len(b)
	zone  uint32
	depth int

	seg *reassembly.Segment
}

// skip moves past n bytes, which must be in c.b.
func (c *cursor) skip(n int) {
	c.b = c.b[n:]
	c.wire -= n
}

// limit ends the layer n bytes on: behind them are padding and trailers.
func (c *cursor) limit(n int) {
	if n < c.wire {
		c.wire = n
		if n < len(c.b) {
			c.b = c.b[:n]
		}
	}
}

// short is the reason for a header of n bytes that is not all in c.b: it was cut, or,
// if it was not on the wire either, bad.
func (c *cursor) short(n int, bad Reason) Reason {
	if c.wire >= n {
		return Cut
	}
	return bad
}

// enter counts a header that carries a packet, and reports whether it may.
func (c *cursor) enter() bool {
	c.depth++
	return c.depth <= maxDepth
}
