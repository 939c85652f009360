package privilege

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// GiveUp makes a process of root one of another user, takes all capabilities from it and
// from any other, and sees to it that nothing it executes gives it new ones. Then it takes
// what a process does not need that reads its open files and sockets: of the file system it
// leaves the writing of files in some folders, and it filters system calls. What the kernel
// does not have is left out.
//
// A program built with cgo has threads that Go does not know. It does without Landlock, and
// does not take capabilities that a user other than root has.
func GiveUp(u User, folders []string) (Result, error) {
	runtime.LockOSThread() // seccomp begins with this one
	defer runtime.UnlockOSThread()
	var dirs []int
	for _, folder := range folders { // which may be out of reach afterwards
		dir, err := unix.Open(folder, unix.O_PATH|unix.O_CLOEXEC, 0)
		if err != nil {
			return Result{}, fmt.Errorf("%s: %w", folder, err)
		}
		defer unix.Close(dir)
		dirs = append(dirs, dir)
	}
	r, err := drop(u)
	if err != nil {
		return r, err
	}
	if r.Landlock, err = restrictFiles(dirs); err != nil && !errors.Is(err, unix.ENOTSUP) {
		return r, fmt.Errorf("landlock: %w", err)
	}
	if r.Seccomp, err = restrictCalls(); err != nil {
		return r, fmt.Errorf("seccomp: %w", err)
	}
	return r, nil
}

// drop gives up the user, the capabilities, and the way to new ones.
func drop(u User) (Result, error) {
	var r Result
	if os.Geteuid() == 0 && u.UID != 0 {
		if err := syscall.Setgroups([]int{u.GID}); err != nil {
			return r, fmt.Errorf("setgroups: %w", err)
		}
		if err := syscall.Setresgid(u.GID, u.GID, u.GID); err != nil {
			return r, fmt.Errorf("setresgid: %w", err)
		}
		if err := syscall.Setresuid(u.UID, u.UID, u.UID); err != nil {
			return r, fmt.Errorf("setresuid: %w", err)
		}
		r.User = u
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := everyThread(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&none)), 0); err != nil && !errors.Is(err, unix.ENOTSUP) {
		return r, fmt.Errorf("capset: %w", err)
	}
	err := everyThread(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0)
	if errors.Is(err, unix.ENOTSUP) {
		err = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) // and seccomp gives it to all
	}
	if err != nil {
		return r, fmt.Errorf("no_new_privs: %w", err)
	}
	return r, nil
}

// everyThread makes a system call on each thread of the process. With cgo it is ENOTSUP.
func everyThread(trap, a, b, c uintptr) error {
	_, _, errno := syscall.AllThreadsSyscall6(trap, a, b, c, 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
