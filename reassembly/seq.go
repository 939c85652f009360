package reassembly

// seq is a sequence number: RFC 9293 3.4 arithmetic modulo 2^32. Two of them are only
// ever compared through their signed distance, so nothing special happens at the wrap.
type seq uint32

// add is the number n bytes after s.
func (s seq) add(n int64) seq { return s + seq(n) }

// from is the distance from t to s in bytes: negative where s lies before t.
func (s seq) from(t seq) int64 { return int64(int32(s - t)) }

// before reports whether s lies before t.
func (s seq) before(t seq) bool { return int32(s-t) < 0 }
