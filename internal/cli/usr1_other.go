//go:build !unix

package cli

import "os"

// notifyCounts does nothing where there is no signal that could ask for the counts.
func notifyCounts(chan<- os.Signal) {}
