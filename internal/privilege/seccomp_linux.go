//go:build linux && (amd64 || arm64)

package privilege

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// denied are calls that a program does not make which reads its open sockets and files.
func denied() []uint32 {
	return append(deniedHere(),
		// the network
		unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_ACCEPT, unix.SYS_ACCEPT4, unix.SYS_LISTEN,
		unix.SYS_SENDTO, unix.SYS_SENDMSG, unix.SYS_SENDMMSG, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER,
		unix.SYS_IO_URING_REGISTER,
		// other programs and processes
		unix.SYS_EXECVE, unix.SYS_EXECVEAT, unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV,
		unix.SYS_KILL, unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_SEND_SIGNAL,
		// names in the file system
		unix.SYS_MKDIRAT, unix.SYS_MKNODAT, unix.SYS_SYMLINKAT, unix.SYS_LINKAT, unix.SYS_UNLINKAT, unix.SYS_RENAMEAT,
		unix.SYS_RENAMEAT2, unix.SYS_TRUNCATE, unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_FCHOWN, unix.SYS_FCHOWNAT,
		unix.SYS_SETXATTR, unix.SYS_FSETXATTR, unix.SYS_OPEN_BY_HANDLE_AT,
		// privileges and the system
		unix.SYS_SETUID, unix.SYS_SETGID, unix.SYS_SETREUID, unix.SYS_SETREGID, unix.SYS_SETRESUID, unix.SYS_SETRESGID,
		unix.SYS_SETGROUPS, unix.SYS_CAPSET, unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2,
		unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_PERSONALITY, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE,
		unix.SYS_DELETE_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT,
		unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_CLOCK_ADJTIME, unix.SYS_ADJTIMEX, unix.SYS_SETHOSTNAME,
		unix.SYS_SETDOMAINNAME, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_ADD_KEY,
		unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL, unix.SYS_MEMFD_CREATE, unix.SYS_FANOTIFY_INIT)
}

// Offsets in struct seccomp_data. Of an argument, the lower half comes first: both
// architectures are little-endian.
const (
	dataNumber = 0
	dataArch   = 4
	dataArgs   = 16

	deny   = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	absent = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	permit = unix.SECCOMP_RET_ALLOW
)

// restrictCalls filters the system calls of all threads. It reports false where the kernel
// has no seccomp.
func restrictCalls() (bool, error) {
	p := callFilter()
	prog := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	thread, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	switch {
	case errno == unix.ENOSYS || errno == unix.EINVAL:
		return false, nil
	case errno != 0:
		return false, errno
	case thread != 0:
		return false, unix.EBUSY // that thread could not be synchronised
	}
	return true, nil
}

// callFilter is the program that judges a system call.
func callFilter() []unix.SockFilter {
	p := calls{load(dataArch), jump(unix.BPF_JEQ, arch, 1, 0), ret(unix.SECCOMP_RET_KILL_PROCESS), load(dataNumber)}
	p = append(p, jump(unix.BPF_JGE, foreignCalls, 0, 1), ret(deny))
	// A new thread, but not a new process. What clone3 asks for cannot be seen from here.
	p = append(p, jump(unix.BPF_JEQ, unix.SYS_CLONE3, 0, 1), ret(absent))
	p = p.unlessFlag(unix.SYS_CLONE, 0, unix.CLONE_THREAD, permit, deny)
	// No new code.
	p = p.unlessFlag(unix.SYS_MMAP, 2, unix.PROT_EXEC, deny, permit)
	p = p.unlessFlag(unix.SYS_MPROTECT, 2, unix.PROT_EXEC, deny, permit)
	for _, number := range denied() {
		p = append(p, jump(unix.BPF_JEQ, number, 0, 1), ret(deny))
	}
	return append(p, ret(permit))
}

type calls []unix.SockFilter

// unlessFlag judges a call by whether a flag is set in an argument.
func (p calls) unlessFlag(number uint32, argument int, flag, set, unset uint32) calls {
	return append(p,
		jump(unix.BPF_JEQ, number, 0, 4),
		load(dataArgs+8*uint32(argument)),
		jump(unix.BPF_JSET, flag, 0, 1),
		ret(set),
		ret(unset))
}

func load(at uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
}

func jump(test uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, Jt: yes, Jf: no, K: k}
}

func ret(action uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}
}
