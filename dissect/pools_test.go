package dissect_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// Many connections receive a large message and begin one that stays small. What the large
// ones leave behind must not pile up with the small ones.
func TestPooledBuffers(t *testing.T) {
	const (
		conns = 120
		large = 1 << 20
		most  = 80 << 20
	)
	d := dissect.New(dissect.Options{}, nobody{})
	both := append(wstest.Text(strings.Repeat("x", large-100)).Masked().Bytes(), wstest.Text("x").More().Masked().Bytes()...)
	before := heap()
	for i := range conns {
		list := idleConnection(i)[:5]
		list[4].Payload = both
		for _, s := range list {
			if err := d.Push(&s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := d.Stats(); n.Messages != conns {
		t.Fatalf("%d messages", n.Messages)
	}
	if held := heap() - before; held > most {
		t.Errorf("%d bytes held, more than %d", held, most)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}
