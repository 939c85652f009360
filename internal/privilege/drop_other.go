//go:build !unix

package privilege

// GiveUp does nothing: there is no root on this system.
func GiveUp(User, []string) (Result, error) { return Result{}, nil }
