package main

import (
	"bytes"
	"compress/flate"
	"fmt"
	"strings"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// compression are the rules for compressed messages (RFC 7692 6, 7.2).
func compression() []example {
	const (
		plain   = "permessage-deflate"
		reset   = plain + "; client_no_context_takeover"
		bits    = plain + "; client_max_window_bits=9"
		offBits = plain + "; client_max_window_bits"
		twice   = "Hello, hello!"
	)
	hello := alone("Hello, hello, hello!")
	// RFC 7692 7.2.3.4 has this message in a final block, in front of an empty one.
	final := "\xf3\x48\xcd\xc9\xc9\x07\x00"
	far := fmt.Sprint(strings.Repeat("ab", 20), letters(1000), strings.Repeat("ab", 20))
	return []example{
		{rule: rules.PMDRSV1Control, build: agreed(terms{plain, plain}, true,
			these(wstest.Ping("ping").RSV(frame.RSV1)), these(wstest.Text("ping")))},
		{rule: rules.PMDRSV1Continuation, build: agreed(terms{plain, plain}, true,
			these(packed(hello[:4]).More(), wstest.Continuation(hello[4:]).RSV(frame.RSV1)),
			these(packed(hello[:4]).More(), wstest.Continuation(hello[4:])))},
		{rule: rules.PMDInflateError, build: agreed(terms{plain, plain}, true,
			these(packed("\xff\xff")), these(packed(hello)))},
		{rule: rules.PMDDataIncomplete, build: agreed(terms{plain, plain}, true,
			these(packed(hello[:len(hello)-3])), these(packed(hello)))},
		{rule: rules.PMDTailNotRemoved, build: agreed(terms{plain, plain}, false,
			these(packed(hello+"\x00\x00\xff\xff")), these(packed(hello)))},
		{rule: rules.PMDFinalPadding, build: agreed(terms{plain, plain}, false,
			these(packed(final[:6]+"\x80\x00")), these(packed(final+"\x00")))},
		{rule: rules.PMDWindowExceeded, build: agreed(terms{offBits, bits}, false,
			these(packed(alone(far))), these(packed(hello)))},
		{rule: rules.PMDContextTakeover, build: agreed(terms{reset, reset}, false,
			all(inContext(twice, twice)...), all(alone(twice), alone(twice)))},
		{rule: rules.PMDClientHintBroken, build: agreed(terms{reset, plain}, false,
			all(inContext(twice, twice)...), all(alone(twice), alone(twice)))},
	}
}

// agreed makes a connection with compression as agreed, on which the client sends frames,
// bad ones or good ones. The server fails the connection for those that are fatal.
func agreed(t terms, fatal bool, bad, good []wstest.Frame) func(bool) wstest.Packets {
	return func(broken bool) wstest.Packets {
		s := newScene(0)
		s.request.add("Sec-WebSocket-Extensions: " + t.offer)
		s.response.add("Sec-WebSocket-Extensions: " + t.answer)
		s.shake().chat()
		switch {
		case broken && fatal:
			s.clientSends(bad...).serverFails(1002)
		case broken:
			s.clientSends(bad...).bye()
		default:
			s.clientSends(good...).bye()
		}
		return s.Packets
	}
}

// packed is a compressed text message.
func packed(payload string) wstest.Frame { return wstest.Text(payload).RSV(frame.RSV1) }

func all(payloads ...string) []wstest.Frame {
	var fs []wstest.Frame
	for _, p := range payloads {
		fs = append(fs, packed(p))
	}
	return fs
}

// alone compresses a message that refers to none before it.
func alone(message string) string { return inContext(message)[0] }

// inContext compresses messages, each with those before it as context.
func inContext(messages ...string) []string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	var out []string
	for _, m := range messages {
		b.Reset()
		w.Write([]byte(m))
		w.Flush()
		out = append(out, strings.TrimSuffix(b.String(), "\x00\x00\xff\xff"))
	}
	return out
}

// letters are n that hardly repeat.
func letters(n int) string {
	s := newScene(9)
	b := make([]byte, n)
	s.rand.Read(b)
	for i := range b {
		b[i] = 'c' + b[i]%24
	}
	return string(b)
}
