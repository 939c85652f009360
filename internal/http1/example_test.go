package http1_test

import (
	"fmt"

	"github.com/wsdissect/wsdissect/internal/http1"
)

func Example() {
	pieces := []string{
		"GET /chat HTTP/1.1\r\nHost: exam",
		"ple.com\r\nUpgrade: websocket\r",
		"\n\r\n\x81\x80",
	}
	var p http1.Parser
	for _, piece := range pieces {
		n, state := p.Feed([]byte(piece))
		if state == http1.Done {
			h := p.Head()
			host, _ := h.Value("host")
			fmt.Println(h.Method, h.Target, "of", host)
			fmt.Println(h.HasToken("upgrade", "WebSocket"), h.Size)
			fmt.Printf("% x\n", piece[n:])
		}
	}
	// Output:
	// GET /chat of example.com
	// true 61
	// 81 80
}
