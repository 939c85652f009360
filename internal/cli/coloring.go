package cli

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/fatih/color"
	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/internal/output"
)

// coloring is when to use colour: auto, always or never.
type coloring string

func (c *coloring) register(f *pflag.FlagSet) {
	f.StringVar((*string)(c), "color", "auto", "`WHEN` to use colour: auto, always, never")
}

// palette decides on colour for what is written to w: auto is on a terminal, and
// respects NO_COLOR.
func (c coloring) palette(w io.Writer) (output.Palette, error) {
	switch c {
	case "always":
		return output.NewPalette(true), nil
	case "never":
		return output.NewPalette(false), nil
	case "auto":
		return output.NewPalette(w == io.Writer(os.Stdout) && !color.NoColor), nil
	}
	return output.Palette{}, fmt.Errorf("--color is auto, always or never, not %s", strconv.Quote(string(c)))
}
