package output

import (
	"bytes"
	"encoding/base64"
	"testing"
)

// TestBase64 holds the library, which uses vector instructions, against the standard one:
// at each length, and into a buffer whose end must stay.
func TestBase64(t *testing.T) {
	const guard = 64
	var src []byte
	for i := range 2 * longBase64 {
		src = append(src, byte(i*73+i>>3))
		want := base64.StdEncoding.EncodeToString(src)
		buf := bytes.Repeat([]byte{'#'}, len(want)+1+guard)
		got := appendBase64(append(buf[:0], '^'), src)
		if string(got) != "^"+want {
			t.Fatalf("%d bytes: %s, want ^%s", len(src), got, want)
		}
		if rest := buf[len(got):]; bytes.Count(rest, []byte{'#'}) != len(rest) {
			t.Fatalf("%d bytes: %q behind them", len(src), rest)
		}
	}
}
