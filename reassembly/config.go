package reassembly

import "time"

// Config says what to do with each connection and how much to hold.
// The zero value of a limit means its default.
type Config struct {
	// New makes the consumer of a connection when the first byte of it, or a gap, is seen;
	// a connection without any has none. A nil Stream means that nobody wants it: its
	// packets are followed, its bytes not kept. Assembler.Ignore and Overlook have no effect
	// before it returns.
	New func(Conn) Stream

	MaxQueuedPerConn int           // bytes held behind holes of one connection; default 4 MiB
	MaxQueued        int64         // bytes held behind holes in all; default 256 MiB
	MaxConns         int           // open connections; default 1,000,000
	IdleTimeout      time.Duration // without a packet, on the capture's clock; default 1 h
	ReorderPackets   int           // packets of a connection that an acknowledged hole may wait; default 32
	ReorderTime      time.Duration // capture time that an acknowledged hole may wait; default 250 ms
	TimeWait         time.Duration // that a closed connection is remembered, for what trails behind; default 60 s
}

func (c Config) withDefaults() Config {
	setDefault(&c.MaxQueuedPerConn, 4<<20)
	setDefault(&c.MaxQueued, 256<<20)
	setDefault(&c.MaxConns, 1_000_000)
	setDefault(&c.IdleTimeout, time.Hour)
	setDefault(&c.ReorderPackets, 32)
	setDefault(&c.ReorderTime, 250*time.Millisecond)
	setDefault(&c.TimeWait, time.Minute)

	// Above these nothing would ever end, and sums might overflow.
	c.IdleTimeout = min(c.IdleTimeout, century)
	c.TimeWait = min(c.TimeWait, century)
	c.ReorderTime = min(c.ReorderTime, century/blindFactor)
	return c
}

const century = 24 * 36525 * time.Hour

func setDefault[T int | int64 | time.Duration](limit *T, value T) {
	if *limit <= 0 {
		*limit = value
	}
}

// Stats count what an Assembler saw.
type Stats struct {
	Segments    int64
	Connections int64
	Midstream   int64 // connections whose start is not in the capture
	Gaps        int64
	LostBytes   int64 // bytes in gaps
	Limited     int64 // times that MaxQueuedPerConn or MaxQueued was reached
	Evicted     int64 // connections given up at MaxConns
	Idle        int64 // connections given up at IdleTimeout
	Ignored     int64 // segments of no connection: bare ACK, RST, FIN or keep-alive of an unknown flow
}
