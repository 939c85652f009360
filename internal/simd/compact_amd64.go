package simd

// compactAVX2 looks at whole blocks of the n bytes at text, up to the first with a byte
// that Compact refuses. It returns how many bytes they have, and whether they end inside a
// string.
//
//go:noescape
func compactAVX2(text *byte, n int) (read int, inside bool)

// compactBlocks looks at the blocks that text begins with. What it leaves over is to be
// looked at byte by byte, from where it says whether that is inside a string.
func compactBlocks(text []byte) (n int, inside bool) {
	if !vectors || len(text) < block {
		return 0, false
	}
	return compactAVX2(&text[0], len(text))
}
