package privilege

import "golang.org/x/sys/unix"

const (
	arch = unix.AUDIT_ARCH_AARCH64

	// foreignCalls begin where no system call is.
	foreignCalls = 0x40000000
)

// deniedHere are calls that only this architecture has under this name.
func deniedHere() []uint32 { return []uint32{unix.SYS_KEXEC_FILE_LOAD} }
