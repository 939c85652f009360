// Package cli is the command: its flags, the wiring of capture, dissection and output,
// the hints on stderr, and the exit codes.
package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
// without a command, which is then read.
func arrange(root *cobra.Command, args []string) []string {
	read, _, _ := root.Find([]string{"read"})
	at := operand(args, finder(read.Flags()))
	if at < 0 {
		return longFlags(args, finder(root.Flags()))
	}
	for _, c := range root.Commands() {
		if c.Name() == args[at] {
			rest := append(append([]string{}, args[:at]...), args[at+1:]...)
			return append([]string{c.Name()}, longFlags(rest, finder(c.Flags()))...)
		}
	}
	if strings.HasPrefix(args[at], "__complete") {
		return args
	}
	return append([]string{"read"}, longFlags(args, finder(read.Flags()))...)
}

// operand is the index of the first argument that is neither a flag nor the value of one,
// -1 if there is none.
func operand(args []string, find func(string) *pflag.Flag) int {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			i++
		} else if strings.HasPrefix(a, "-") && a != "-" {
			name, _, inline := strings.Cut(strings.TrimLeft(a, "-"), "=")
			if f := find(name); f != nil && !inline && f.NoOptDefVal == "" {
				i++
			}
			continue
		}
		if i < len(args) {
			return i
		}
	}
	return -1
}
