//go:build amd64 || arm64

package hugepage

import "golang.org/x/sys/unix"

const asks = true

// advise lets the pages that lie in b be large; an error means that there are none.
func advise(b []byte) { _ = unix.Madvise(b, unix.MADV_HUGEPAGE) }
