//go:build !linux || !(amd64 || arm64)

package hugepage

const asks = false

func advise([]byte) {}
