package http1

import (
	"strings"
	"testing"
)

func TestProbeRequest(t *testing.T) {
	long := "/" + strings.Repeat("x", 2*maxProbe)
	tests := []struct {
		in   string
		want Verdict
	}{
		{"", More},
		{"G", More},
		{"GET", More},
		{"GET ", More},
		{"GET /chat", More},
		{"GET /chat HTTP", More},
		{"GET /chat HTTP/", More},
		{"GET /chat HTTP/1", Yes},
		{"\r\n\r\nGET / HTTP/1.1\r\n", Yes},
		{"get / HTTP/1.1\r\n", Yes},
		{"POST  / HTTP/1.1\r\n", Yes},
		{"GET /a b c HTTP/1.1\r\n", Yes},
		{"GET / HTTP/1.0\r\n", Yes},
		{"GET / HTTP/2.0\r\n", Yes},
		{"GET http://example.com/ HTTP/1.1\r\n", Yes},
		{"CONNECT example.com:443 HTTP/1.1\r\n", Yes},
		{"OPTIONS * HTTP/1.1\r\n", Yes},
		{"VERSION-CONTROL /x HTTP/1.1\r\n", Yes},
		{"GET /\r\n", Yes},
		{"GET /\n", Yes},
		{"GET http://example.com/\r\n", Yes},
		{"GET /\xc3\xa4 HTTP/1.1", Yes},
		{"GET " + long, Yes},
		{"GET " + long[:maxProbe-5], More},
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", No},
		{"PRI ", No},
		{"PRI", More},
		{"OPTIONS * RTSP/1.0\r\n", No},
		{"DESCRIBE rtsp://h/x RTSP/1.0\r\n", No},
		{"INVITE sip:a@b SIP/2.0\r\n", No},
		{"GET / RTSP/1.0\r\n", No},
		{"HELO mail.example.com\r\n", No},
		{"RETR /file\r\n", No},
		{"USER anonymous\r\n", No},
		{"get key\r\n", No},
		{"GET \x00", No},
		{"GET / \x00", No},
		{"GET /\r\r\n", No},
		{"GET\r\n", No},
		{" GET / HTTP/1.1\r\n", No},
		{"ABCDEFGHIJKLMNOPQRSTU", No},
		{"ABCDEFGHIJKLMNOPQRST", More},
		{"SSH-2.0-OpenSSH_5.9p1\r\n", No},
		{"HTTP/1.1 200 OK\r\n", No},
		{"\x16\x03\x01\x02\x00\x01", No},
		{"\x81\x85\x37\xfa\x21\x3d", No},
		{strings.Repeat("\r\n", maxProbe), No},
	}
	for _, tt := range tests {
		if got := ProbeRequest([]byte(tt.in)); got != tt.want {
			t.Errorf("ProbeRequest(%.60q) = %d, want %d", tt.in, got, tt.want)
		}
	}
}

func TestProbeResponse(t *testing.T) {
	tests := []struct {
		in   string
		want Verdict
	}{
		{"", More},
		{"HTTP", More},
		{"HTTP/1", More},
		{"HTTP/1.", Yes},
		{"HTTP/1.1 101 Switching Protocols\r\n", Yes},
		{"HTTP/1.0 200 OK\r\n", Yes},
		{"HTTP/2", No},
		{"http/1.1", No},
		{"RTSP/1.0 200 OK\r\n", No},
		{"\x81\x05Hello", No},
	}
	for _, tt := range tests {
		if got := ProbeResponse([]byte(tt.in)); got != tt.want {
			t.Errorf("ProbeResponse(%q) = %d, want %d", tt.in, got, tt.want)
		}
	}
}

func FuzzProbe(f *testing.F) {
	for _, s := range []string{goodRequest, goodResponse, "GET /\r\r\n", "PRI * HTTP/2.0\r\n", "\r\nGET / RTSP/1.0\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for name, probe := range map[string]func([]byte) Verdict{"request": ProbeRequest, "response": ProbeResponse} {
			told := More
			for n := range len(b) + 1 {
				v := probe(b[:n])
				if told != More && v != told {
					t.Fatalf("%s: %q is %d, but %q was %d", name, b[:n], v, b[:n-1], told)
				}
				told = v
			}
		}
	})
}
