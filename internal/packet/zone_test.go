package packet

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"github.com/wsdissect/wsdissect/reassembly"
)

// Both directions of a connection are in the same zone, whatever differs between them.
func TestZoneOfBothDirections(t *testing.T) {
	ip := func(proto int, src, dst netip.Addr, parts ...any) []byte {
		return serialize(ip4Layer(layers.IPProtocol(proto), src, dst), gopacket.Payload(join(parts...)))
	}
	udp := func(port int, parts ...any) []byte {
		body := join(parts...)
		n := len(body) + 8
		return join(0xc0, len(body)&0xff, port>>8, port&0xff, n>>8, n&0xff, 0, 0, body)
	}
	tests := []struct {
		name        string
		there, back []byte
	}{
		{"ipip", ip(4, outerA, outerB, packet4()), ip(4, outerB, outerA, packet4())},
		{"gre key", ip(47, outerA, outerB, 0x20, 0, 8, 0, 0, 0, 0, 1, packet4()), ip(47, outerB, outerA, 0x20, 0, 8, 0, 0, 0, 0, 2, packet4())},
		{"vxlan", ip(17, outerA, outerB, udp(4789, 8, 0, 0, 0, 0, 0, 1, 0, frame4())),
			ip(17, outerB, outerA, udp(4789, 8, 0, 0, 0, 0, 0, 1, 0, frame4(), "x"))},
		{"gtp tunnel endpoint", ip(17, outerA, outerB, udp(2152, 0x30, 0xff, 0, byte3(len(packet4())), 0, 0, 0, 1, packet4())),
			ip(17, outerB, outerA, udp(2152, 0x30, 0xff, 0, byte3(len(packet4())), 0, 0, 0, 2, packet4()))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := NewDecoder()
			there, back := zoneOf(t, d, test.there), zoneOf(t, d, test.back)
			if there == 0 || there != back {
				t.Errorf("there %q, back %q", d.Zone(there), d.Zone(back))
			}
		})
	}
}

func zoneOf(t *testing.T, d *Decoder, data []byte) uint32 {
	t.Helper()
	var seg reassembly.Segment
	if r := d.Decode(linkRaw, data, len(data), &seg); r != TCP {
		t.Fatalf("reason %v", r)
	}
	return seg.Zone
}

// All zones of the samples are different with one Decoder, and equal names mean equal zones.
func TestZonesApart(t *testing.T) {
	d := NewDecoder()
	names := make(map[uint32]string)
	for range 2 {
		for _, s := range samples() {
			var seg reassembly.Segment
			if r := d.Decode(s.link, s.data, len(s.data), &seg); r != TCP {
				t.Fatalf("%s: %v", s.name, r)
			}
			if name, ok := names[seg.Zone]; ok && name != s.zone {
				t.Errorf("zone %d is both %q and %q", seg.Zone, name, s.zone)
			}
			names[seg.Zone] = s.zone
		}
	}
	byName := make(map[string]uint32)
	for id, name := range names {
		if other, ok := byName[name]; ok {
			t.Errorf("zone %q is both %d and %d", name, id, other)
		}
		byName[name] = id
		if id != 0 && d.Zone(id) != name {
			t.Errorf("zone %d is %q, want %q", id, d.Zone(id), name)
		}
	}
}

// Beyond maxZones there are no names, but zones stay apart and the same.
func TestZoneLimit(t *testing.T) {
	z := newZones()
	at := func(n int) zone {
		return zone{kind: zoneGRE, parent: uint32(n % 3), a: outerA, b: netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})}
	}
	seen := make(map[uint32]int)
	for n := range maxZones + 100 {
		id := z.id(at(n))
		if other, ok := seen[id]; ok || id == 0 {
			t.Fatalf("zones %d and %d are both %d", n, other, id)
		}
		seen[id] = n
	}
	for id, n := range seen {
		if again := z.id(at(n)); again != id {
			t.Fatalf("zone %d was %d, is %d", n, id, again)
		}
	}
	if len(z.list) != maxZones || len(z.ids) != maxZones {
		t.Errorf("%d and %d zones kept", len(z.list), len(z.ids))
	}
	beyond := z.id(at(maxZones))
	if got, want := z.name(beyond), fmt.Sprintf("zone %#x", beyond); got != want {
		t.Errorf("name %q, want %q", got, want)
	}
	if z.name(0) != "" {
		t.Errorf("zone 0 is %q", z.name(0))
	}
}
