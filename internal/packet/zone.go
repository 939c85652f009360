package packet

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"net/netip"
	"strings"
)

// maxZones bounds the zones that are kept by name. Captures have a few; more come
// from random bytes.
const maxZones = 1 << 16

// hashedZone marks the id of a zone beyond maxZones: a hash, so that it still is the
// same for each packet, without a name.
const hashedZone = 1 << 31

// zoneKind is what sets a zone apart from the one around it.
type zoneKind uint8

const (
	zoneVLAN zoneKind = iota
	zoneISID
	zoneIP
	zoneMPLS
	zoneGRE
	zoneVXLAN
	zoneGeneve
	zoneGTP
	zoneL2TP
	zoneTeredo
)

var zoneKinds = [...]string{
	zoneVLAN:   "vlan",
	zoneISID:   "i-sid",
	zoneIP:     "ip",
	zoneMPLS:   "mpls",
	zoneGRE:    "gre",
	zoneVXLAN:  "vxlan",
	zoneGeneve: "geneve",
	zoneGTP:    "gtp",
	zoneL2TP:   "l2tp",
	zoneTeredo: "teredo",
}

// zone is a part of a network in which addresses are unique: what the headers before
// the innermost IP header say about where the packet belongs. Only what is the same in
// both directions of a connection may be part of it; so no MPLS labels, GRE keys, GTP
// tunnel endpoint identifiers, and the two ends of a tunnel in order of address.
type zone struct {
	parent uint32
	kind   zoneKind
	value  uint32     // VLAN, VNI
	a, b   netip.Addr // ends of a tunnel, a first; the zero Addr for a tag
}

// zones numbers zones from 1, in the order in which they are first seen.
type zones struct {
	ids    map[zone]uint32
	list   []zone // by id, less 1
	recent [8]recentZone
}

type recentZone struct {
	zone zone
	id   uint32 // 0 for none yet
}

func newZones() zones { return zones{ids: make(map[zone]uint32)} }

// tag is the number of the zone of a tag, whose kind has no ends. It is the fast path
// of id.
func (t *zones) tag(parent uint32, kind zoneKind, value uint32) uint32 {
	if r := t.slot(parent, value); r.id != 0 && r.zone.parent == parent && r.zone.kind == kind && r.zone.value == value {
		return r.id
	}
	return t.id(zone{parent: parent, kind: kind, value: value})
}

// id is the number of z.
func (t *zones) id(z zone) uint32 {
	r := t.slot(z.parent, z.value)
	if r.id != 0 && r.zone == z {
		return r.id
	}
	id, ok := t.ids[z]
	if !ok {
		if len(t.list) >= maxZones {
			return z.hash() | hashedZone
		}
		t.list = append(t.list, z)
		id = uint32(len(t.list))
		t.ids[z] = id
	}
	r.zone, r.id = z, id
	return id
}

// slot is where a zone is kept that was used lately.
func (t *zones) slot(parent, value uint32) *recentZone {
	return &t.recent[(value^parent)%uint32(len(t.recent))]
}

// hash does not differ from run to run.
func (z zone) hash() uint32 {
	h := fnv.New32a()
	var b [41]byte
	binary.BigEndian.PutUint32(b[0:], z.parent)
	binary.BigEndian.PutUint32(b[4:], z.value)
	b[8] = byte(z.kind)
	if z.a.IsValid() {
		ends := [2][16]byte{z.a.As16(), z.b.As16()}
		copy(b[9:], ends[0][:])
		copy(b[25:], ends[1][:])
	}
	h.Write(b[:])
	return h.Sum32()
}

// numbered reports whether zones of kind k have a number, which may be 0.
func (k zoneKind) numbered() bool {
	return k == zoneVLAN || k == zoneISID || k == zoneVXLAN || k == zoneGeneve
}

func (t *zones) name(id uint32) string {
	var s strings.Builder
	for id != 0 {
		if s.Len() > 0 {
			s.WriteString(" in ")
		}
		if uint64(id) > uint64(len(t.list)) {
			fmt.Fprintf(&s, "zone %#x", id)
			break
		}
		z := t.list[id-1]
		s.WriteString(zoneKinds[z.kind])
		if z.kind.numbered() {
			fmt.Fprintf(&s, " %d", z.value)
		}
		if z.a.IsValid() {
			fmt.Fprintf(&s, " between %v and %v", z.a, z.b)
		}
		id = z.parent
	}
	return s.String()
}
