package dissect

import (
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// sawClose notes a Close frame in the direction's counts.
func (w *webSocket) sawClose(h *half) {
	if !w.first.sent {
		w.first = closing{true, h.way}
	}
	if t := w.totalsOf(h); t.close == nil {
		code, reason, _ := frame.ParseClose(h.cur.payload)
		t.close = &closeFrame{code, string(reason)}
	}
}

// emitClosed tells how the connection ended, when both directions have.
func (w *webSocket) emitClosed() {
	ends := w.c.ended()
	last := ends[len(ends)-1]
	e := &w.c.d.scratch.closed
	*e = Closed{Client: w.traffic(w.client), Server: w.traffic(w.client.Reverse())}
	e.How, e.By = w.how(ends)
	e.Meta = Meta{Packet: last.Packet, FirstPacket: last.Packet.Number, Conn: &w.c.Conn, Way: w.client, Dir: e.By}
	if e.By == ServerToClient {
		e.Way = w.client.Reverse()
	}
	e.Duration = max(0, time.Duration(last.Packet.Time-w.c.start)) // clocks go back
	w.c.d.emit(e)
}

// traffic is what a direction sent, and how it ended.
func (w *webSocket) traffic(way reassembly.Dir) Traffic {
	h := w.half(way)
	t := h.traffic()
	for _, e := range w.c.ended() {
		if h.has(ended) && e.Dir == way {
			t.Stream, t.End = e.Offset, e
		}
	}
	return t
}

// how tells the way of the end, and who began it: the sender of the first Close, else of
// the reset, else of the first FIN.
func (w *webSocket) how(ends []reassembly.End) (How, Dir) {
	by := Unknown
	how := HowCapture
	for _, e := range ends {
		dir := w.half(e.Dir).dir()
		switch e.Reason {
		case reassembly.Reset:
			how, by = HowReset, dir
		case reassembly.Fin:
			if how != HowReset && how != HowFin {
				how, by = HowFin, dir
			}
		case reassembly.Idle:
			how = worse(how, HowIdle)
		case reassembly.Reused:
			how = worse(how, HowReused)
		case reassembly.Dropped:
			how = worse(how, HowDropped)
		}
	}
	if w.first.sent {
		by = w.half(w.first.way).dir()
		if w.side[0].closed() && w.side[1].closed() {
			how = HowHandshake
		}
	}
	return how, by
}

// worse keeps what the endpoints did over what merely happened to the capture.
func worse(how, other How) How {
	if how == HowCapture {
		return other
	}
	return how
}
