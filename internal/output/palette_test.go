package output

import (
	"regexp"
	"strings"
	"testing"
)

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestColourAddsEscapesOnly(t *testing.T) {
	for name, format := range map[string]func(o Options) string{
		"tree": func(o Options) string { return print(t, treeOf(o), script()) },
		"list": func(o Options) string { return print(t, listOf(o), script()) },
	} {
		t.Run(name, func(t *testing.T) {
			plain := format(Options{Palette: NewPalette(false), Base: base})
			coloured := format(Options{Palette: NewPalette(true), Base: base})
			if strings.Contains(plain, "\x1b") {
				t.Error("escapes without colour")
			}
			if n := len(escapes.FindAllString(coloured, -1)); n < 100 {
				t.Errorf("%d escapes", n)
			}
			if escapes.ReplaceAllString(coloured, "") != plain {
				t.Error("the text differs")
			}
			for line := range strings.SplitSeq(coloured, "\n") {
				if all := escapes.FindAllString(line, -1); len(all)%2 != 0 {
					t.Errorf("a colour goes on past the line: %q", line)
				}
			}
		})
	}
}

func TestPaletteOff(t *testing.T) {
	if NewPalette(false) != (Palette{}) {
		t.Error("not the zero value")
	}
	if p := NewPalette(true); p.fail.on == "" || p.fail.off == "" || p.client == p.server {
		t.Errorf("%+v", p)
	}
}
