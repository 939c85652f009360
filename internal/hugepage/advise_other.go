//go:build !linux || !(amd64 || arm64)

package hugepage

func fits(int) bool { return false }

func advise([]byte) {}
