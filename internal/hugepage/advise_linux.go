//go:build amd64 || arm64

package hugepage

import "golang.org/x/sys/unix"

// fits reports whether the process may have so much more address space. The heap may not ask
// for what it cannot have: that ends the program.
func fits(size int) bool {
	b, err := unix.Mmap(-1, 0, 2*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	return err == nil && unix.Munmap(b) == nil
}

// advise lets the pages that lie in b be large; an error means that there are none.
func advise(b []byte) { _ = unix.Madvise(b, unix.MADV_HUGEPAGE) }
