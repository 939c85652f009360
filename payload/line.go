package payload

import "strings"

// Line is a line of the list made of words, with a blank between; those that are empty are
// left out. It ends with … where it is long.
func Line(words ...string) string {
	var b strings.Builder
	for _, w := range words {
		if w == "" || b.Len() > maxShown {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return cut(b.String())
}

// Of is the "of what" of an answer in a Line; empty where what was asked is not known.
func Of(what string) string {
	if what == "" {
		return ""
	}
	return "of " + what
}
