package capture

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// word is a 64-bit option value in the byte order of the blocks.
func (n *blocks) word(v uint64) []byte {
	return n.order.AppendUint64(nil, v)
}

func TestPcapngVariants(t *testing.T) {
	plain := traffic(20)
	at := func(i int, link, iface uint32, time int64) copied {
		p := plain[i]
		p.link, p.iface, p.time = link, iface, time
		return p
	}
	cut := plain[3]
	cut.data = cut.data[:12]
	tests := []struct {
		name  string
		build func(n *blocks)
		want  []copied
	}{
		{"enhanced", func(n *blocks) { n.section().describe(1, 0).packets(plain) }, plain},
		{"no packets", func(n *blocks) { n.section() }, nil},
		{"interface without packets", func(n *blocks) { n.section().describe(1, 0) }, nil},
		{"interfaces late and mixed", func(n *blocks) {
			n.section().describe(1, 0).enhanced(5, at(0, 1, 0, 0))
			n.describe(276, 0).enhanced(6, at(1, 0, 1, 0)).enhanced(7, at(2, 0, 0, 0))
			n.describe(101, 0).enhanced(8, at(3, 0, 2, 0))
		}, []copied{at(0, 1, 0, 5000), at(1, 276, 1, 6000), at(2, 1, 0, 7000), at(3, 101, 2, 8000)}},
		{"sections", func(n *blocks) {
			n.section().describe(101, 0).enhanced(5, at(0, 0, 0, 0)).section().describe(1, 0).enhanced(6, at(1, 0, 0, 0))
		}, []copied{at(0, 101, 0, 5000), at(1, 1, 0, 6000)}},
		{"sections of both byte orders", func(n *blocks) {
			n.section().describe(1, 0).enhanced(5, at(0, 0, 0, 0))
			if n.order == binary.AppendByteOrder(binary.LittleEndian) {
				n.order = binary.BigEndian
			} else {
				n.order = binary.LittleEndian
			}
			n.section().describe(101, 0).enhanced(6, at(1, 0, 0, 0))
		}, []copied{at(0, 1, 0, 5000), at(1, 101, 0, 6000)}},
		{"simple", func(n *blocks) {
			n.section().describe(1, 12).simple(cut).enhanced(9, at(1, 0, 0, 0)).simple(cut)
		}, []copied{
			{0, cut.length, 1, 0, cut.data}, at(1, 1, 0, 9000), {9000, cut.length, 1, 0, cut.data},
		}},
		{"simple without a snapshot length", func(n *blocks) { n.section().describe(1, 0).simple(plain[2]) },
			[]copied{at(2, 1, 0, 0)}},
		{"obsolete", func(n *blocks) {
			n.section().describe(1, 0).describe(101, 0).obsolete(5, at(0, 0, 1, 0)).obsolete(1<<33, at(1, 0, 0, 0))
		}, []copied{at(0, 101, 1, 5000), at(1, 1, 0, 1000<<33)}},
		{"blocks of no interest", func(n *blocks) {
			n.section().block(blockNames, make([]byte, 8)).describe(1, 0).block(blockCustom, []byte("12345678"))
			n.enhanced(5, at(0, 0, 0, 0)).block(0x12345678, []byte("???")).block(blockStatistics, make([]byte, 12))
			n.block(blockCustomNoCopy, make([]byte, 2<<20)).enhanced(6, at(1, 0, 0, 0)).block(0x0bad0000, nil)
		}, []copied{at(0, 1, 0, 5000), at(1, 1, 0, 6000)}},
		{"cut and longer than on the wire", func(n *blocks) {
			long := plain[4]
			long.length = 3
			n.section().describe(1, 0).enhanced(uint64(cut.time/1000), cut).enhanced(0, long)
		}, []copied{cut, {0, 3, 1, 0, plain[4].data}}},
		{"options that go on behind the end of options", func(n *blocks) {
			n.section().describe(1, 0, optionEnd, []byte{}, optionTSResol, []byte{9}).enhanced(5, at(0, 0, 0, 0))
		}, []copied{at(0, 1, 0, 5000)}},
	}
	for _, tt := range tests {
		for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				n := &blocks{order: order}
				tt.build(n)
				compare(t, mustRead(t, n.b), tt.want)
			})
		}
	}
}

func TestPcapngResolution(t *testing.T) {
	n := newBlocks()
	tests := []struct {
		name    string
		options []any
		ts      uint64
		want    int64
	}{
		{"microseconds by default", nil, 1_500_000, 1_500_000_000},
		{"seconds", []any{optionTSResol, []byte{0}}, 1714979289, start},
		{"milliseconds", []any{optionTSResol, []byte{3}}, 1714979289_123, start + 123e6},
		{"nanoseconds", []any{optionTSResol, []byte{9}}, uint64(start) + 7, start + 7},
		{"picoseconds", []any{optionTSResol, []byte{12}}, 12_345_678_901, 12_345_678},
		{"1e-19 s", []any{optionTSResol, []byte{19}}, 1e19, 1e9},
		{"1e-28 s", []any{optionTSResol, []byte{28}}, math.MaxUint64, 1},
		{"1e-29 s", []any{optionTSResol, []byte{29}}, math.MaxUint64, 0},
		{"1e-127 s", []any{optionTSResol, []byte{127}}, math.MaxUint64, 0},
		{"1/1 s", []any{optionTSResol, []byte{0x80}}, 3, 3e9},
		{"1/1024 s", []any{optionTSResol, []byte{0x8a}}, 1536, 1.5e9},
		{"2^-32 s", []any{optionTSResol, []byte{0xa0}}, 1714979289<<32 | 1<<31, start + 5e8},
		{"2^-63 s", []any{optionTSResol, []byte{0xbf}}, 1 << 63, 1e9},
		{"2^-64 s", []any{optionTSResol, []byte{0xc0}}, 1 << 63, 5e8},
		{"2^-65 s", []any{optionTSResol, []byte{0xc1}}, 1 << 63, 25e7},
		{"2^-127 s", []any{optionTSResol, []byte{0xff}}, math.MaxUint64, 0},
		{"offset", []any{optionTSOffset, n.word(1714979289)}, 5, start + 5000},
		{"offset before resolution", []any{optionTSOffset, n.word(2), optionTSResol, []byte{9}}, 5, 2e9 + 5},
		{"negative offset", []any{optionTSOffset, n.word(math.MaxUint64)}, 5, 5000 - 1e9},
		{"beyond 64 bits", []any{optionTSResol, []byte{0}}, math.MaxUint64, math.MaxInt64},
		{"offset beyond 64 bits", []any{optionTSOffset, n.word(1 << 62)}, math.MaxUint64 / 1000 / 2, math.MaxInt64},
		{"negative offset beyond 64 bits", []any{optionTSOffset, n.word(1 << 63)}, 0, -9223372036e9},
		{"options of the wrong size", []any{optionTSResol, []byte{9, 9}, optionTSOffset, []byte{1}}, 5, 5000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := traffic(1)[0]
			got := mustRead(t, newBlocks().section().describe(1, 0, tt.options...).enhanced(tt.ts, p).b)
			if len(got) != 1 || got[0].time != tt.want {
				t.Errorf("got %+v, want time %d", got, tt.want)
			}
		})
	}
}

func TestPcapngSecrets(t *testing.T) {
	log := "CLIENT_RANDOM 00 11\n"
	n := newBlocks()
	n.section().block(blockSecrets, append(n.words(nil, 0x544c534b, uint32(len(log))), log...))
	n.block(blockSecrets, n.words(nil, 1, math.MaxUint32, 0)).block(blockSecrets, []byte{1})
	r := New(Stream("keys", bytes.NewReader(n.describe(1, 0).packets(traffic(1)).b)))
	var got []Secrets
	r.OnSecrets(func(s Secrets) {
		s.Data = bytes.Clone(s.Data)
		got = append(got, s)
		if r.Stats().Packets > 0 {
			t.Error("secrets after the packet")
		}
	})
	if _, errs := readAll(t, r); errs != nil {
		t.Error(errs)
	}
	if len(got) != 2 || got[0].Type != 0x544c534b || string(got[0].Data) != log || got[0].Input != "keys" ||
		got[1].Type != 1 || len(got[1].Data) != 4 {
		t.Errorf("%+v", got)
	}
}

// TestPcapngBadBlocks has blocks that are framed well, but whose content cannot be read:
// the rest is.
func TestPcapngBadBlocks(t *testing.T) {
	plain := traffic(2)
	on7 := plain[0]
	on7.iface = 7
	tests := []struct {
		name  string
		build func(n *blocks)
		want  string
	}{
		{"interface not described", func(n *blocks) { n.enhanced(1, on7).enhanced(2, on7).obsolete(3, on7) },
			"a packet of interface 7, which is not described, at offset 128, after packet 1"},
		{"packet longer than its block", func(n *blocks) {
			n.block(blockEnhanced, n.words(nil, 0, 0, 0, 9, 9, 0, 0))
		}, "a packet of 9 bytes in a block for 8, at offset 128, after packet 1"},
		{"packet of 4 GiB", func(n *blocks) {
			n.block(blockEnhanced, n.words(nil, 0, 0, 0, math.MaxUint32, math.MaxUint32, 0))
		}, "a packet of 4294967295 bytes in a block for 4, "},
		{"enhanced too short", func(n *blocks) { n.block(blockEnhanced, make([]byte, 16)) }, "a packet block that is too short, "},
		{"obsolete too short", func(n *blocks) { n.block(blockPacket, make([]byte, 16)) }, "a packet block that is too short, "},
		{"simple too short", func(n *blocks) { n.block(blockSimple, nil) }, "a packet block that is too short, "},
		{"interface too short", func(n *blocks) { n.block(blockInterface, make([]byte, 4)) }, "an interface description that is too short, "},
		{"lengths differ", func(n *blocks) {
			n.block(blockNames, make([]byte, 4))
			n.b[len(n.b)-1]++
		}, "a block whose two lengths differ, at offset 128, after packet 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := newBlocks().section().describe(1, 0).packets(plain[:1])
			tt.build(n)
			n.packets(plain[1:])
			got, errs := readBytes(t, n.b)
			compare(t, got, plain)
			if len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), "test: "+tt.want) {
				t.Errorf("%v", errs)
			}
		})
	}
}

func TestPcapngSimpleWithoutInterface(t *testing.T) {
	got, errs := readBytes(t, newBlocks().section().simple(traffic(1)[0]).b)
	if len(got) != 0 || len(errs) != 1 {
		t.Errorf("%v, %v", got, errs)
	}
}

func TestPcapngOtherVersion(t *testing.T) {
	n := newBlocks().section()
	n.b[12] = 2
	got, errs := readBytes(t, n.describe(1, 0).packets(traffic(3)).b)
	compare(t, got, traffic(3))
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "version 2") {
		t.Error(errs)
	}
}
