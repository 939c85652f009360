// Package cli is the command: its flags, the wiring of capture, dissection and output,
// the hints on stderr, and the exit codes.
package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitOK      = 0
	exitDamaged = 1 // an input was damaged or unreadable, or output failed
	exitUsage   = 2
)

// exit is an error that has been told to the user already, or needs no telling.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// streams are those of the process.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs the command and returns the exit code of the process.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	s := streams{in, out, errs}
	root := newRoot(s)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	root.SetArgs(arrange(root, args))
	err := root.Execute()
	var code exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	}
	s.complain(err)
	s.hint("see wsdissect --help")
	return exitUsage
}

// complain prints an error as one line.
func (s streams) complain(err error) {
	fmt.Fprintf(s.err, "wsdissect: %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
}

// hint prints a line of advice.
func (s streams) hint(format string, args ...any) {
	fmt.Fprintf(s.err, "wsdissect: "+format+"\n", args...)
}

// arrange makes what users type what cobra takes: long flags with one dash, and a file
// without a command.
func arrange(root *cobra.Command, args []string) []string {
	cmd, at := named(root, args)
	if cmd == nil {
		read, _, _ := root.Find([]string{"read"})
		if rest := longFlags(args, finder(read.Flags(), root.PersistentFlags())); firstFile(rest, read) {
			return append([]string{"read"}, rest...)
		}
		return longFlags(args, finder(root.Flags(), root.PersistentFlags()))
	}
	rest := append(append([]string{}, args[:at]...), args[at+1:]...)
	return append([]string{cmd.Name()}, longFlags(rest, finder(cmd.Flags(), root.PersistentFlags()))...)
}

// named is the command that args begin with, if any, and where its name stands.
func named(root *cobra.Command, args []string) (*cobra.Command, int) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return nil, 0
	}
	for _, c := range root.Commands() {
		if c.Name() == args[0] || c.HasAlias(args[0]) {
			return c, 0
		}
	}
	return nil, 0
}

// firstFile reports whether args, without a command, name a file to read.
func firstFile(args []string, read *cobra.Command) bool {
	find := finder(read.Flags())
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			return i+1 < len(args)
		}
		if !strings.HasPrefix(a, "-") || a == "-" {
			return a != "help" && !strings.HasPrefix(a, "__complete")
		}
		name, _, inline := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if f := find(name); f != nil && !inline && f.NoOptDefVal == "" {
			i++
		}
	}
	return false
}
