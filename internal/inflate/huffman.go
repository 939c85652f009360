package inflate

import "math/bits"

const maxCodeLen = 15

// pack puts a symbol and the length of its code together; unpack in build.
func pack(symbol, length int) uint16 { return uint16(symbol)<<4 | uint16(length) }

// build fills the table that decodes a canonical Huffman code (RFC 1951 3.2.2). used are
// the symbols that have a code, packed with its length, in ascending order; base are the
// entries of all symbols. The first level has bits index bits, at most limit.
//
// The table is indexed by codes as they come, first bit lowest. It grows with the length
// of the codes: those of n bits fill their places among 1<<n, then all is doubled.
//
// ok is false for lengths that are no prefix code. As in zlib a code may be incomplete
// only if it has at most one symbol, of one bit: blocks without or with one distance.
func build(table, base []uint32, used []uint16, limit int) (bitsUsed int, ok bool) {
	var count, next [maxCodeLen + 1]int
	for _, u := range used {
		count[u&15]++
	}
	left, top := 1, 0
	for n := 1; n <= maxCodeLen; n++ {
		left = left<<1 - count[n]
		if left < 0 {
			return 0, false
		}
		if count[n] != 0 {
			top = n
		}
	}
	if left > 0 {
		return incomplete(table, base, used)
	}
	for n := 1; n < maxCodeLen; n++ {
		next[n+1] = next[n] + count[n]
	}
	var sorted [fixedLits]uint32
	for _, u := range used {
		n := u & 15
		sorted[next[n]] = base[u>>4] + uint32(n)<<8 + uint32(n)
		next[n]++
	}
	bitsUsed = min(top, limit)
	code, i := 0, 0
	for n := 1; n <= bitsUsed; n++ {
		size := 1 << n
		if i > 0 {
			copy(table[size/2:size], table[:size/2])
		}
		for _, e := range sorted[i : i+count[n]] {
			table[code] = e
			code = after(code, size)
		}
		i += count[n]
	}
	if top > limit {
		subtables(table, sorted[i:len(used)], count[:top+1], code, bitsUsed)
	}
	return bitsUsed, true
}

// after is the next code of the same length, where both are stored first bit lowest and
// size is one above the greatest. The greatest has none: it gives 0.
func after(code, size int) int {
	bit := 1 << bits.Len(uint(code^(size-1))) >> 1
	if bit == 0 {
		return 0
	}
	return code&(bit-1) | bit
}

// subtables places the codes longer than first bits behind the first level, beginning
// with the given one. Each table is as large as the longest code with its prefix asks.
func subtables(table, sorted []uint32, count []int, code, first int) {
	mask := 1<<first - 1
	prefix, start, end := -1, 0, 1<<first
	i := 0
	for n := first + 1; n < len(count); n++ {
		for k := count[n]; k > 0; k-- {
			if code&mask != prefix {
				prefix, start = code&mask, end
				width := n - first
				for space := k; space < 1<<width; {
					width++
					space = space<<1 + count[first+width]
				}
				end = start + 1<<width
				table[prefix] = exceptional | subtable | uint32(start)<<16 | uint32(width)<<8
			}
			for j := start + code>>first; j < end; j += 1 << (n - first) {
				table[j] = sorted[i]
			}
			i++
			code = after(code, 1<<n)
		}
	}
}

// incomplete makes the table of a code with no symbol, or one of one bit.
func incomplete(table, base []uint32, used []uint16) (bitsUsed int, ok bool) {
	const nothing = exceptional | 1<<8 | 1
	table[0], table[1] = nothing, nothing
	if len(used) == 1 && used[0]&15 == 1 {
		table[0] = base[used[0]>>4] + 1<<8 + 1
		return 1, true
	}
	return 1, len(used) == 0
}
