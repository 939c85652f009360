// Dump01 writes testdata/dump01.cap, the capture of the first steps with wsdissect: a
// browser and a WebSocket server say hello and good bye, as tcpdump saw it on the server.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	path := flag.String("o", "testdata/dump01.cap", "write the capture to `FILE`")
	flag.Parse()
	if err := os.WriteFile(*path, capture(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "dump01:", err)
		os.Exit(1)
	}
}
