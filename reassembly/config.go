package reassembly

import "time"

// Config says what to do with each connection and how much to hold.
// The zero value of a limit means its default.
type Config struct {
	// New makes the consumer of a connection when its first byte or SYN is seen. A nil
	// Stream means that nobody wants it: its packets are followed, its bytes not kept.
	New func(*Conn) Stream

	MaxQueuedPerConn int           // bytes held behind holes of one connection; default 4 MiB
	MaxQueued        int64         // bytes held behind holes in all; default 256 MiB
	MaxConns         int           // open connections; default 1,000,000
	IdleTimeout      time.Duration // without a packet, on the capture's clock; default 1 h
	ReorderPackets   int           // packets of a connection that an acknowledged hole may wait; default 32
	ReorderTime      time.Duration // capture time that an acknowledged hole may wait; default 250 ms
}

// Stats count what an Assembler saw.
type Stats struct {
	Segments    int64
	Connections int64
	Midstream   int64 // connections whose start is not in the capture
	Gaps        int64
	LostBytes   int64 // bytes in gaps
	Evicted     int64 // connections given up at MaxConns
	Idle        int64 // connections given up at IdleTimeout
	Ignored     int64 // segments of no connection: bare ACK, RST or FIN of an unknown flow
}
