// Wsdissect takes WebSocket out of packet captures and shows it.
package main

import (
	"os"

	"github.com/wsdissect/wsdissect/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
