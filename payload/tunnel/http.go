package tunnel

import (
	"errors"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/http1"
)

// http follows HTTP/1 with its bodies (RFC 9112).
type http struct {
	halves  [3]httpHalf // by dissect.Dir
	methods []string    // of requests without a response yet, oldest first
	other   string      // what both directions carry since the protocol was switched
}

type httpHalf struct {
	parser http1.Parser
	body   http1.Body
}

// maxMethods bounds the requests that wait for a response.
const maxMethods = 256

var (
	errHead    = errors.New("an HTTP head of more than 64 KiB")
	errMethods = errors.New("more than 256 HTTP requests without a response")
	errHTTP    = errors.New("no HTTP message where one begins")
)

func newHTTP() follower {
	h := &http{}
	h.halves[dissect.ServerToClient].parser.Kind = http1.Response
	return h
}

// next implements follower.
func (h *http) next(dir dissect.Dir, b []byte, p *parts) (uint64, string, error) {
	s := &h.halves[dir]
	if h.other != "" {
		return endless, h.other, nil
	}
	if !s.body.Done() {
		n, _ := s.body.Skip(b)
		p.bulk("body", n)
		return uint64(n), "", nil
	}
	n, state := s.parser.Feed(b)
	switch state {
	case http1.TooLong:
		return 0, "", errHead
	case http1.Done:
		head := s.parser.Head()
		s.parser.Reset()
		if head.Version == "" || !strings.HasPrefix(head.Version, "HTTP/1.") {
			return 0, "", errHTTP
		}
		if head.Request {
			return uint64(n), "", h.request(s, head, p)
		}
		h.response(s, head, p)
		return uint64(n), "", nil
	}
	p.bulk("head", n)
	return uint64(n), "", nil
}

// missed implements follower: which request a response answers is not known any more.
func (h *http) missed(dissect.Dir) { h.methods = nil }

func (h *http) request(s *httpHalf, head *http1.Head, p *parts) error {
	if len(h.methods) == maxMethods {
		return errMethods
	}
	h.methods = append(h.methods, head.Method)
	s.body = http1.RequestBody(head)
	o := dissect.Object{{Name: "method", Value: valid(head.Method)}, {Name: "target", Value: valid(head.Target)}}
	if host, ok := head.Value("Host"); ok {
		o = append(o, dissect.Field{Name: "host", Value: valid(host)})
	}
	p.add("request", o, valid(head.Line))
	return nil
}

func (h *http) response(s *httpHalf, head *http1.Head, p *parts) {
	method := ""
	if len(h.methods) > 0 {
		method = h.methods[0]
	}
	if head.Status >= 200 && len(h.methods) > 0 {
		h.methods = h.methods[1:]
	}
	switch {
	case head.Status == 101:
		h.other = "switched"
	case method == "CONNECT" && head.Status/100 == 2:
		h.other = "tunneled"
	case head.Status >= 200:
		s.body = http1.ResponseBody(method, head)
	}
	o := dissect.Object{{Name: "status", Value: head.Status}}
	if kind, ok := head.Value("Content-Type"); ok {
		o = append(o, dissect.Field{Name: "content_type", Value: valid(kind)})
	}
	p.add("response", o, valid(head.Line))
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
