package capture

import (
	"io"
	"os"
)

// variants are the lengths of record headers besides the usual one that files with a magic
// number have. Only their records tell them apart.
func variants(usual int) []int {
	if usual == 16 {
		// Nokia IPSO; and Red Hat Linux 6.1, with the fields of magicModified.
		return []int{20, 24}
	}
	return []int{28} // SuSE Linux 6.3: the processor behind those fields
}

// recognize settles the length of record headers by the first records, which are at the
// head of the window.
func (f *pcap) recognize() {
	usual := f.header
	if f.follow(0, 0) {
		return
	}
	for _, f.header = range variants(usual) {
		// One record that ends where the file does may as well be one of the usual kind
		// with the beginning of another.
		if f.follow(0, 0) && len(f.w.buffered()) > f.header+int(f.record(f.w.buffered()).captured) {
			return
		}
	}
	f.header = usual
}

// isRegular reports whether an input is a file on a disk.
func isRegular(in io.Closer) bool {
	if c, ok := in.(counting); ok {
		in = c.ReadCloser
	}
	file, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}
