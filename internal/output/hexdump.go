package output

import "strconv"

// appendSource appends a data source as tshark -x does: its name and size, then its bytes,
// of which no more than limit when that is above 0.
func appendSource(b []byte, name string, data []byte, limit int) []byte {
	b = append(b, name...)
	b = append(b, " ("...)
	b = appendCount(b, uint64(len(data)), "byte")
	b = append(b, "):\n"...)
	shown := data
	if limit > 0 && len(shown) > limit {
		shown = shown[:limit]
	}
	b = appendDump(b, shown)
	if rest := len(data) - len(shown); rest > 0 {
		b = append(b, "["...)
		b = strconv.AppendInt(b, int64(rest), 10)
		b = append(b, " more]\n"...)
	}
	return b
}

// appendDump appends bytes in lines of 16, in hex and as characters.
func appendDump(b, data []byte) []byte {
	const perLine = 16
	digits := 4
	for last := uint64(max(len(data)-1, 0)); last>>(4*digits) != 0; {
		digits++
	}
	for at := 0; at < len(data); at += perLine {
		line := data[at:min(at+perLine, len(data))]
		for i := digits - 1; i >= 0; i-- {
			b = append(b, lowerHex[uint64(at)>>(4*i)&15])
		}
		b = append(b, "  "...)
		for i := range perLine {
			if i < len(line) {
				b = append(b, lowerHex[line[i]>>4], lowerHex[line[i]&15], ' ')
			} else {
				b = append(b, "   "...)
			}
		}
		b = append(b, "  "...)
		for _, c := range line {
			if c < ' ' || c > '~' {
				c = '.'
			}
			b = append(b, c)
		}
		b = append(b, '\n')
	}
	return b
}
