package dissect

import (
	"bytes"

	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

// backlog keeps what a direction brought until it is known what it is. It keeps pieces,
// not bytes: replayed, each byte still names its packet.
type backlog struct {
	items []heldItem
	bytes int
}

// heldItem is a piece, or a gap where Len is not 0.
type heldItem struct {
	piece reassembly.Piece
	gap   reassembly.Gap
}

// pieceOverhead is what keeping a piece costs beside its bytes.
const pieceOverhead = 128

func (b *backlog) add(p reassembly.Piece) {
	p.Data = bytes.Clone(p.Data)
	b.items = append(b.items, heldItem{piece: p})
	b.bytes += len(p.Data) + pieceOverhead
}

func (b *backlog) addGap(g reassembly.Gap) {
	b.items = append(b.items, heldItem{gap: g})
	b.bytes += pieceOverhead
}

// begins reports whether a probe knows what is held, of one direction, by its first bytes.
func (b *backlog) begins(probe func([]byte) http1.Verdict) bool {
	if len(b.items) == 0 {
		return false
	}
	var buf [leadSize]byte
	n, _, _ := b.peek(b.items[0].offset(), buf[:])
	return probe(buf[:n]) == http1.Yes
}

// take empties the backlog and gives what was in it.
func (b *backlog) take() []heldItem {
	items := b.items
	*b = backlog{}
	return items
}

// dropFirst forgets the oldest item.
func (b *backlog) dropFirst() {
	b.bytes -= len(b.items[0].piece.Data) + pieceOverhead
	b.items = b.items[1:]
}

// shorten leaves of the oldest item what rest is.
func (b *backlog) shorten(rest heldItem) {
	b.bytes -= len(b.items[0].piece.Data) - len(rest.piece.Data)
	b.items[0] = rest
}

func (i *heldItem) offset() int64 {
	if i.gap.Len != 0 {
		return i.gap.Offset
	}
	return i.piece.Offset
}

func (i *heldItem) dir() reassembly.Dir {
	if i.gap.Len != 0 {
		return i.gap.Dir
	}
	return i.piece.Dir
}

func (i *heldItem) end() int64 {
	if i.gap.Len != 0 {
		return i.gap.Offset + i.gap.Len
	}
	return i.piece.Offset + int64(len(i.piece.Data))
}

// peek copies the bytes at a stream offset, of a backlog of one direction, up to a hole
// or the end. more says that it was the end, so that more may come; begins, that a packet
// begins there.
func (b *backlog) peek(at int64, dst []byte) (n int, more, begins bool) {
	i := b.itemAt(at)
	begins = i < len(b.items) && b.items[i].offset() == at
	for ; i < len(b.items) && n < len(dst); i++ {
		it := &b.items[i]
		if it.gap.Len != 0 {
			return n, false, begins
		}
		n += copy(dst[n:], it.piece.Data[at+int64(n)-it.piece.Offset:])
	}
	return n, i == len(b.items), begins
}

// itemAt is the index of the item that has a stream offset.
func (b *backlog) itemAt(at int64) int {
	lo, hi := 0, len(b.items)
	for lo < hi {
		if mid := (lo + hi) / 2; b.items[mid].end() <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// replay gives the items to a stream.
func replay(items []heldItem, s reassembly.Stream) {
	for i := range items {
		if it := &items[i]; it.gap.Len != 0 {
			s.Gap(it.gap)
		} else {
			s.Data(it.piece)
		}
	}
}

// cut is the piece without its first n bytes.
func cut(p reassembly.Piece, n int) reassembly.Piece {
	p.Data = p.Data[n:]
	p.Offset += int64(n)
	return p
}
