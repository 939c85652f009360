package conform_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// keys are masking keys as numbers, most significant byte first.
func keys(next func(i int) uint32, n int) []uint32 {
	var out []uint32
	for i := range n {
		out = append(out, next(i))
	}
	return out
}

func TestMasks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(int) uint32 { return r.Uint32() }
	const reused, predictable = "c2s mask-key-reused", "c2s mask-key-predictable"
	pool := keys(random, 6)
	tests := []struct {
		name string
		keys []uint32
		want []string
	}{
		{"random", keys(random, 200_000), nil},
		{"one, twice", []uint32{0x37fa213d, 0x37fa213d}, []string{reused}},
		{"one, always", keys(func(int) uint32 { return 0x37fa213d }, 1000), []string{reused}},
		{"a few in turn", keys(func(i int) uint32 { return pool[i%len(pool)] }, 100), []string{reused}},
		{"once in a long connection", append(append(keys(random, 5000), 7, 7), keys(random, 100)...), nil},
		{"zero", []uint32{0, 0}, []string{"c2s mask-key-zero", "c2s mask-key-zero"}},
		{"counter", keys(func(i int) uint32 { return 0x0badf00d + uint32(i) }, 3), []string{predictable}},
		{"counter, least significant byte first", keys(func(i int) uint32 { return uint32(0x10+i) << 24 }, 3), []string{predictable}},
		{"fixed step", keys(func(i int) uint32 { return 5 + uint32(i)*0x9e3779b9 }, 3), []string{predictable}},
		{"counter, late", append(keys(random, 5000), 0x100, 0x101, 0x102, 0x103), []string{predictable}},
		{"three in a row, late", append(keys(random, 5000), 0x100, 0x101, 0x102), nil},
		{"repeated bytes", []uint32{0x11111111, 0xabcdef01, 0x77777777}, []string{predictable}},
		{"bytes repeated once", []uint32{0x11111111, 0xabcdef01, 0x76543210}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlay()
			var all []wstest.Frame
			for _, k := range tt.keys {
				all = append(all, masked(k))
			}
			p.c(all...)
			expect(t, p.bye().Packets, tt.want...)
		})
	}
}

func masked(k uint32) wstest.Frame {
	var key [4]byte
	binary.BigEndian.PutUint32(key[:], k)
	return wstest.Binary([]byte{1}).MaskedWith(key)
}

func TestSameKeysInTwoConnections(t *testing.T) {
	run := func(nonce string) *result {
		first, second := newPlay(), newPlay()
		second.Talk = wstest.Talk4()
		second.Now = first.Now.Add(1e9)
		h := wstest.Handshake{Key: nonce}
		second.ClientISN = 70000
		second.Open().Client(h.Request()).Server(h.Response())
		for _, p := range []*play{first, second} {
			p.c(masked(0x12345678)).c(masked(0x9abcdef1)).bye()
		}
		return judge(t, wstest.Merge(first.Talk, second.Talk), dissect.Options{})
	}
	if got := run("cOsZNGUFHsNxCXBw2MkR6g==").codes(); len(got) != 1 || got[0] != "c2s mask-key-predictable" {
		t.Errorf("two clients: %q", got)
	}
	for _, code := range run("q4xkcO32u266gldTuKaSOw==").codes() {
		if code == "c2s mask-key-predictable" {
			t.Error("one client captured twice is taken for two")
		}
	}
}
