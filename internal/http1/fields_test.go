package http1

import (
	"reflect"
	"testing"
)

func TestFields(t *testing.T) {
	h := mustParse(t, Request, "GET / HTTP/1.1\r\n"+
		"Sec-WebSocket-Protocol: chat, superchat\r\n"+
		"upgrade: WebSocket\r\n"+
		"SEC-WEBSOCKET-PROTOCOL: ,, v2 ,\r\n"+
		"Connection : keep-alive,Upgrade\r\n"+
		"Empty:\r\n"+
		"X: a; q=\"1,2\", \"b\\\",c\", \"open, d\r\n"+
		"X: e\r\n"+
		"X-Kelvin: \xe2\x84\xaa\r\n\r\n")

	values := map[string][]string{
		"Sec-WebSocket-Protocol": {"chat, superchat", ",, v2 ,"},
		"connection":             {"keep-alive,Upgrade"},
		"Empty":                  {""},
		"Missing":                nil,
		"":                       nil,
	}
	for name, want := range values {
		if got := h.Values(name); !reflect.DeepEqual(got, want) {
			t.Errorf("Values(%q) = %q, want %q", name, got, want)
		}
		v, ok := h.Value(name)
		if ok != (len(want) > 0) || ok && v != want[0] {
			t.Errorf("Value(%q) = %q, %v", name, v, ok)
		}
	}
	lists := map[string][]string{
		"Sec-WebSocket-Protocol": {"chat", "superchat", "v2"},
		"Connection":             {"keep-alive", "Upgrade"},
		"Empty":                  nil,
		"x":                      {`a; q="1,2"`, `"b\",c"`, `"open, d`, "e"},
	}
	for name, want := range lists {
		if got := h.List(name); !reflect.DeepEqual(got, want) {
			t.Errorf("List(%q) = %q, want %q", name, got, want)
		}
	}
	tokens := []struct {
		name, token string
		want        bool
	}{
		{"Upgrade", "websocket", true},
		{"CONNECTION", "upgrade", true},
		{"Connection", "up", false},
		{"Connection", "", false},
		{"Sec-WebSocket-Protocol", "V2", true},
		{"X-Kelvin", "k", false},
		{"Missing", "a", false},
	}
	for _, tt := range tokens {
		if got := h.HasToken(tt.name, tt.token); got != tt.want {
			t.Errorf("HasToken(%q, %q) = %v", tt.name, tt.token, got)
		}
	}
}

func TestLookingUpDoesNotAllocate(t *testing.T) {
	h := mustParse(t, Request, goodRequest)
	found := 0
	n := testing.AllocsPerRun(100, func() {
		if v, ok := h.Value("host"); ok && v == "example.com" && h.HasToken("connection", "upgrade") {
			found++
		}
	})
	if n != 0 || found != 101 {
		t.Errorf("%v allocations, found %d times", n, found)
	}
}

func TestHasProduct(t *testing.T) {
	for _, tt := range []struct {
		value string
		want  bool
	}{
		{"websocket", true},
		{"WebSocket", true},
		{"h2c, websocket", true},
		{"websocket/13", true},
		{"websocket /13", true},
		{"", false},
		{"websockets", false},
		{"h2c/websocket", false},
		{`"a, websocket"`, false},
	} {
		h := parse("GET / HTTP/1.1\r\nUpgrade: "+tt.value+"\r\n\r\n", Request)
		if got := h.HasProduct("upgrade", "websocket"); got != tt.want {
			t.Errorf("%q: %t", tt.value, got)
		}
	}
}
