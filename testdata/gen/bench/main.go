// Bench writes captures to measure wsdissect with, as large as wanted and the same for
// equal flags. The kinds:
//
//	mixed      unrelated TCP and WebSocket, many connections at once, a little reordering
//	           and retransmission
//	small      WebSocket frames of a few bytes, most in packets of their own
//	bulk       WebSocket frames of up to 4 MiB
//	flows      mixed, of 200,000 connections at once
//	feed       compressed JSON ticks with context takeover
//	one-frame  one frame of the given size
//	fragments  one message of very many fragments
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
)

func main() {
	out := flag.String("o", "", "write the capture to `FILE`")
	var c config
	c.size = 1e9
	flag.Func("size", "about `BYTES` of capture, of payload for one-frame and fragments: 500MB, 1GB (default 1GB)", func(s string) (err error) {
		c.size, err = parseSize(s)
		return err
	})
	flag.IntVar(&c.flows, "flows", 0, "`NUMBER` of connections at once (default 1000; 200,000 for flows)")
	flag.IntVar(&c.websocket, "websocket", 30, "`PERCENT` of bytes that are WebSocket, for mixed and flows")
	flag.IntVar(&c.fragments, "fragments", 1_000_000, "`NUMBER` of fragments of the message, for fragments")
	flag.Uint64Var(&c.seed, "seed", 1, "`NUMBER` that decides what is random")
	flag.StringVar(&c.kind, "kind", "mixed", "mixed, small, bulk, flows, feed, one-frame or fragments")
	flag.Parse()
	if err := run(*out, c); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(path string, c config) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	return generate(f, c)
}

// parseSize reads bytes with an optional unit of powers of ten.
func parseSize(s string) (int64, error) {
	number, unit := strings.TrimRight(strings.ToUpper(s), "KMGB"), int64(1)
	switch s := strings.ToUpper(s)[len(number):]; s {
	case "", "B":
	case "K", "KB":
		unit = 1e3
	case "M", "MB":
		unit = 1e6
	case "G", "GB":
		unit = 1e9
	default:
		return 0, fmt.Errorf("%q is no unit", s)
	}
	n, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil:
		return 0, err
	case !(n > 0) || n > math.MaxInt64/2/float64(unit):
		return 0, fmt.Errorf("%s is out of range", s)
	}
	return int64(n * float64(unit)), nil
}

// config says what to write.
type config struct {
	kind      string
	size      int64
	flows     int
	websocket int // percent
	fragments int
	seed      uint64
}

// generate writes the capture.
func generate(w io.Writer, c config) error {
	g, err := newGenerator(w, c)
	if err != nil {
		return err
	}
	for g.out.written < c.size || g.toTheEnd {
		if !g.burst() {
			break
		}
	}
	return g.out.flush()
}
