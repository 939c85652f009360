package main

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"

	"github.com/wsdissect/wsdissect/frame"
)

// feed is a ticker over permessage-deflate with context takeover (RFC 7692). Compressing
// is slow, so one tape of compressed messages is made, and all connections play it from
// the start: a context never reaches into another connection.
func feed(_ config, r *rand.Rand) *plan {
	tape := record(r, 5000)
	return &plan{
		frames: len(tape), pack: 50, pings: 2,
		lines: []string{"Sec-WebSocket-Extensions: permessage-deflate"},
		frame: func(_ *rand.Rand, _ side, i int) (frame.Header, []byte) {
			return frame.Header{Fin: true, RSV: frame.RSV1, Opcode: frame.Text, Length: uint64(len(tape[i]))}, tape[i]
		},
	}
}

// record compresses n ticks, each without the last four bytes, as RFC 7692 7.2.1 says:
// "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end".
func record(r *rand.Rand, n int) [][]byte {
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		panic(err)
	}
	prices := make([]int, 200)
	for i := range prices {
		prices[i] = 1000 + r.IntN(100_000)
	}
	tape := make([][]byte, n)
	for i := range tape {
		out.Reset()
		fmt.Fprintf(z, `{"channel":"ticker","sequence":%d,"data":[`, 70_000_000+i)
		for j := range 1 + r.IntN(10) {
			k := r.IntN(len(prices))
			prices[k] += r.IntN(21) - 10
			if j > 0 {
				fmt.Fprint(z, ",")
			}
			fmt.Fprintf(z, `{"symbol":"SYM%03d","price":"%d.%02d","size":"%d","side":"%s","time":%d}`,
				k, prices[k]/100, prices[k]%100, 1+r.IntN(500), [...]string{"buy", "sell"}[r.IntN(2)], 1_700_000_000_000+int64(i)*7)
		}
		fmt.Fprint(z, "]}")
		if err := z.Flush(); err != nil {
			panic(err)
		}
		tape[i] = bytes.Clone(out.Bytes()[:out.Len()-4])
	}
	return tape
}
