//go:build unix && !linux

package privilege

import (
	"fmt"
	"os"
	"syscall"
)

// GiveUp makes a process of root one of another user. On this system that is all.
func GiveUp(u User, _ []string) (Result, error) {
	if os.Geteuid() != 0 || u.UID == 0 {
		return Result{}, nil
	}
	if err := syscall.Setgroups([]int{u.GID}); err != nil {
		return Result{}, fmt.Errorf("setgroups: %w", err)
	}
	if err := syscall.Setgid(u.GID); err != nil {
		return Result{}, fmt.Errorf("setgid: %w", err)
	}
	if err := syscall.Setuid(u.UID); err != nil {
		return Result{}, fmt.Errorf("setuid: %w", err)
	}
	return Result{User: u}, nil
}
