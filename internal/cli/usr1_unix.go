//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// notifyCounts sends the signal that asks for the counts.
func notifyCounts(c chan<- os.Signal) { signal.Notify(c, syscall.SIGUSR1) }
