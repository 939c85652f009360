package simd

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestCompact(t *testing.T) {
	long := `{"symbol":"a b","list":[1,-2.5e3,true,null],"text":"` + strings.Repeat("words and more words, ", 9) + `"}`
	tests := []struct {
		name, text string
		want       bool
	}{
		{"nothing", "", true},
		{"number", "1", true},
		{"blank in a string", `{"a b":"c d"}`, true},
		{"blank behind a colon", `{"a": 1}`, false},
		{"blank before", " 1", false},
		{"blank behind", "1\n", false},
		{"escape", `{"a":"\u0020"}`, false},
		{"escaped quote", `{"a":"\" "}`, false},
		{"no ASCII", `{"a":"é"}`, false},
		{"delete", "{\"a\":\"\x7f\"}", false},
		{"tab", "[1,\t2]", false},
		{"long", long, true},
		{"long and a blank at its end", long[:len(long)-1] + " }", false},
		{"a string over many blocks", `"` + strings.Repeat(" ", 200) + `"`, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Compact([]byte(test.text)); got != test.want {
				t.Errorf("%s: %v", test.text, got)
			}
		})
	}
}

// compactPlain says the same of any bytes, without blocks.
func compactPlain(text []byte) bool {
	quotes := 0
	for _, c := range text {
		if c == '"' {
			quotes++
		}
		if c < ' ' || c > '~' || c == '\\' || c == ' ' && quotes%2 == 0 {
			return false
		}
	}
	return true
}

func TestCompactAtRandom(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	yes := 0
	for range 100_000 {
		text := make([]byte, r.IntN(150))
		inside := false
		for i := range text {
			text[i] = `abcdef0123{}:,"" `[r.IntN(17)]
			if text[i] == ' ' && !inside {
				text[i] = '-'
			}
			inside = inside != (text[i] == '"')
		}
		if len(text) > 0 && r.IntN(2) == 0 {
			text[r.IntN(len(text))] = byte(r.IntN(256))
		}
		want := compactPlain(text)
		if want {
			yes++
		}
		if got := Compact(text); got != want {
			t.Fatalf("seed %d: %q: %v", seed, text, got)
		}
	}
	if yes < 40_000 || yes > 90_000 {
		t.Errorf("%d of the texts are compact", yes)
	}
}

func FuzzCompact(f *testing.F) {
	f.Add([]byte(`{"price":"1.25","text":"a b", "list":[1,2,3,4,5,6,7,8,9]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, want := Compact(text), compactPlain(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	})
}
