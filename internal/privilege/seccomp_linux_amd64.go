package privilege

import "golang.org/x/sys/unix"

const (
	arch = unix.AUDIT_ARCH_X86_64

	// foreignCalls are those of the x32 ABI and above.
	foreignCalls = 0x40000000
)

// deniedHere are calls that only this architecture has.
func deniedHere() []uint32 {
	return []uint32{
		unix.SYS_FORK, unix.SYS_VFORK, unix.SYS_MKDIR, unix.SYS_MKNOD, unix.SYS_SYMLINK, unix.SYS_LINK, unix.SYS_UNLINK,
		unix.SYS_RMDIR, unix.SYS_RENAME, unix.SYS_CHMOD, unix.SYS_CHOWN, unix.SYS_LCHOWN, unix.SYS_IOPL, unix.SYS_IOPERM,
		unix.SYS_KEXEC_FILE_LOAD,
	}
}
