package filter

import (
	"math"
	"net/netip"
	"strings"
)

// numberLen is the length of a decimal, octal or hexadecimal number.
func numberLen(s string) int {
	if len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && isHex(s[2]) {
		return 2 + hexLen(s[2:], len(s))
	}
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// parseNumber reads what numberLen has found. The message is empty if it is a number.
func parseNumber(s string) (v uint32, msg string) {
	digits, base := s, uint64(10)
	switch {
	case len(s) > 1 && s[1]|0x20 == 'x':
		digits, base = s[2:], 16
	case s[0] == '0':
		digits, base = s[1:], 8
	}
	var n uint64
	for i := range len(digits) {
		d := uint64(digits[i]|0x20) - 'a' + 10
		if isDigit(digits[i]) {
			d = uint64(digits[i] - '0')
		}
		if d >= base {
			return 0, "an octal number, by its 0, with other digits"
		}
		if n = n*base + d; n > math.MaxUint32 {
			return 0, "a number of more than 32 bits"
		}
	}
	return uint32(n), ""
}

// ip4Len is the length of two, three or four numbers with dots between them.
func ip4Len(s string) int {
	n, parts := numberLen(s), 1
	for n > 0 && parts < 4 && n+1 < len(s) && s[n] == '.' {
		more := numberLen(s[n+1:])
		if more == 0 {
			break
		}
		n += 1 + more
		parts++
	}
	if parts == 1 {
		return 0
	}
	return n
}

// maxIP6 is longer than any IPv6 address whose numbers are of a sensible length.
const maxIP6 = 64

// ip6Len is the length of the longest IPv6 address that s starts with.
func ip6Len(s string) int {
	n := 0
	for n < len(s) && n < maxIP6 && (isHex(s[n]) || strings.IndexByte(":.xX", s[n]) >= 0) {
		n++
	}
	if strings.Count(s[:n], ":") < 2 {
		return 0
	}
	for ; n > 1; n-- {
		if looksIP6(s[:n]) {
			return n
		}
	}
	return 0
}

// looksIP6 reports whether tcpdump takes s for an IPv6 address. It may still be none: an
// IPv4 address at its end may have numbers above 255, or too many of them.
func looksIP6(s string) bool {
	groups := 0
	if dot := strings.IndexByte(s, '.'); dot >= 0 {
		tail := s[strings.LastIndexByte(s, ':')+1:]
		if ip4Len(tail) != len(tail) || strings.Count(tail, ".") != 3 {
			return false
		}
		s, groups = s[:len(s)-len(tail)], 2
		if !strings.HasSuffix(s, "::") {
			s = strings.TrimSuffix(s, ":")
		}
	}
	before, after, short := strings.Cut(s, "::")
	for _, part := range []string{before, after} {
		if part == "" {
			continue
		}
		for group := range strings.SplitSeq(part, ":") {
			if group == "" || hexLen(group, 4) != len(group) {
				return false
			}
			groups++
		}
	}
	if short {
		return groups <= 7
	}
	return groups == 8
}

// parseIP6 reads what ip6Len has found.
func parseIP6(t token) (netip.Addr, error) {
	a, err := netip.ParseAddr(t.word)
	if err != nil {
		return a, wrong(t.at, "not an IPv6 address")
	}
	return netip.AddrFrom16(a.As16()), nil
}

// parseIP4 reads what ip4Len has found: bits is 8 for each number given.
func parseIP4(t token) (addr uint32, bits int, err error) {
	for part := range strings.SplitSeq(t.word, ".") {
		v, msg := parseNumber(part)
		if msg == "" && v > 255 {
			msg = "not an IPv4 address"
		}
		if msg != "" {
			return 0, 0, wrong(t.at, "%s", msg)
		}
		addr = addr<<8 | v
		bits += 8
	}
	return addr, bits, nil
}

// macLen is the length of an Ethernet address: 2:0:0:0:0:1 also with - or . for :, or
// 0200.0000.0001, or 020000000001.
func macLen(s string) int {
	longest := 0
	for _, sep := range []byte(":-.") {
		longest = max(longest, bytesLen(s, sep))
	}
	if len(s) >= 14 && s[4] == '.' && s[9] == '.' &&
		hexLen(s, 4) == 4 && hexLen(s[5:], 4) == 4 && hexLen(s[10:], 4) == 4 {
		longest = max(longest, 14)
	}
	if hexLen(s, 12) == 12 {
		longest = max(longest, 12)
	}
	return longest
}

// bytesLen is the length of six bytes with a sign between them.
func bytesLen(s string, sep byte) int {
	n := 0
	for i := range 6 {
		if i > 0 {
			if n >= len(s) || s[n] != sep {
				return 0
			}
			n++
		}
		digits := hexLen(s[n:], 2)
		if digits == 0 {
			return 0
		}
		n += digits
	}
	return n
}

// badMACLen is the length of what tcpdump takes for a broken Ethernet address: two bytes or
// more, each with colons behind it.
func badMACLen(s string) int {
	n, bytes := 0, 0
	for n < len(s) {
		end := n + hexLen(s[n:], 2)
		colons := end
		for colons < len(s) && s[colons] == ':' {
			colons++
		}
		if end == n || colons == end {
			break
		}
		n = colons
		bytes++
	}
	if bytes < 2 {
		return 0
	}
	return n
}

// parseMAC reads what macLen has found.
func parseMAC(s string) (mac [6]byte) {
	digit := func(c byte) byte {
		if isDigit(c) {
			return c - '0'
		}
		return c | 0x20 - 'a' + 10
	}
	if len(s) == 12 || len(s) == 14 && s[4] == '.' {
		s = strings.ReplaceAll(s, ".", "")
		if len(s) == 12 && !strings.ContainsAny(s, ":-") {
			for i := range mac {
				mac[i] = digit(s[2*i])<<4 | digit(s[2*i+1])
			}
			return mac
		}
	}
	i := 0
	for j := range len(s) {
		if isHex(s[j]) {
			mac[i] = mac[i]<<4 | digit(s[j])
		} else {
			i++
		}
	}
	return mac
}
