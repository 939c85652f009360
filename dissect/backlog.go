package dissect

import (
	"bytes"

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

// take empties the backlog and gives what was in it.
func (b *backlog) take() []heldItem {
	items := b.items
	*b = backlog{}
	return items
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
