package cli

import "strconv"

// counted is "1 packet", "2 packets".
func counted(n int64, noun string) string {
	s := strconv.FormatInt(n, 10) + " " + noun
	if n != 1 {
		s += "s"
	}
	return s
}
