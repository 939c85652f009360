package cli

import (
	"strings"

	"github.com/spf13/pflag"
)

// longFlags rewrites -name and -name=value to --name, for the long names of a command, so
// that -port 8080 is --port 8080 as tcpdump's users type it. Single letters are therefore
// never bundled. What follows a flag that takes a value is that value, whatever it looks
// like, and behind -- nothing is touched.
func longFlags(args []string, find func(name string) *pflag.Flag) []string {
	out := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(out, args[i:]...)
		}
		name, _, inline := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		f := find(name)
		if f == nil || !strings.HasPrefix(arg, "-") || arg == "-" {
			out = append(out, arg)
			continue
		}
		if len(name) > 1 && !strings.HasPrefix(arg, "--") {
			arg = "-" + arg
		}
		out = append(out, arg)
		if !inline && f.NoOptDefVal == "" && i+1 < len(args) {
			i++
			out = append(out, args[i])
		}
	}
	return out
}

// finder looks a flag up by its long name or its letter.
func finder(sets ...*pflag.FlagSet) func(string) *pflag.Flag {
	return func(name string) *pflag.Flag {
		for _, s := range sets {
			if f := s.Lookup(name); f != nil && len(name) > 1 {
				return f
			}
			if len(name) == 1 {
				if f := s.ShorthandLookup(name); f != nil {
					return f
				}
			}
		}
		return nil
	}
}
