package privilege

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The rights that versions of Landlock know, by the first that does.
const (
	filesV1 = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR |
		unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_DIR |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM
	filesV2 = unix.LANDLOCK_ACCESS_FS_REFER
	filesV3 = unix.LANDLOCK_ACCESS_FS_TRUNCATE
	filesV5 = unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	netV4   = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	scopeV6 = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
)

// toWrite are the rights in a folder where files may be made.
const toWrite = unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_TRUNCATE

// ruleset is what a version of Landlock can take away, and the size of its description.
func ruleset(version int) (unix.LandlockRulesetAttr, uintptr) {
	a := unix.LandlockRulesetAttr{Handled_access_fs: filesV1}
	size := unsafe.Sizeof(a.Handled_access_fs)
	if version >= 2 {
		a.Handled_access_fs |= filesV2
	}
	if version >= 3 {
		a.Handled_access_fs |= filesV3
	}
	if version >= 5 {
		a.Handled_access_fs |= filesV5
	}
	if version >= 4 {
		a.Handled_access_net = netV4
		size += unsafe.Sizeof(a.Handled_access_net)
	}
	if version >= 6 {
		a.Scoped = scopeV6
		size += unsafe.Sizeof(a.Scoped)
	}
	return a, size
}

// restrictFiles leaves of the file system only the writing in some folders. It reports false
// where the kernel has no Landlock.
func restrictFiles(folders []int) (bool, error) {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return false, nil
	}
	attr, size := ruleset(int(version))
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
	if errno != 0 {
		return false, errno
	}
	defer unix.Close(int(fd))
	for _, folder := range folders {
		if err := allow(int(fd), folder, toWrite&attr.Handled_access_fs); err != nil {
			return false, err
		}
	}
	err := everyThread(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0)
	return err == nil, err
}

// allow gives rights in a folder and all that is in it.
func allow(ruleset, folder int, rights uint64) error {
	beneath := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(folder)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&beneath)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
