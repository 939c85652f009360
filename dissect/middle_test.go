package dissect_test

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// inferences is a Sink that keeps what is said of connections without a handshake.
type inferences []string

func (s *inferences) Emit(e dissect.Event) error {
	if a, ok := e.(*dissect.Anomaly); ok && a.Rule == rules.HandshakeInferred {
		*s = append(*s, a.Text)
	}
	return nil
}

// That a connection is WebSocket by its frames alone is said with how sure that is.
func TestInferenceStatesItsConfidence(t *testing.T) {
	talk := wstest.Talk4()
	for range 10 {
		talk.Server(wstest.Text(`{"tick":"some text"}`).Bytes()).Client(wstest.Text(`{"tock":"other text"}`).Masked().Bytes())
	}
	var said inferences
	d := dissect.New(dissect.Options{}, &said)
	for _, s := range talk.Segments() {
		if err := d.Push(&s); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil || len(said) != 1 {
		t.Fatalf("%q, %v", said, err)
	}
	m := regexp.MustCompile(`frames found at offset \d+, by chance once in 2\^(\d+) times$`).FindStringSubmatch(said[0])
	if m == nil {
		t.Fatal(said[0])
	}
	if bits, _ := strconv.Atoi(m[1]); bits < 20 || bits > 200 {
		t.Error(said[0])
	}
}
