package cli

// explain says on stderr why nothing was found, and what to try.
func (j *job) explain(filtered bool) {
	s := &j.summary
	if s.WebSocketConnections+s.Handshakes > 0 || j.failed && s.Packets == 0 {
		return
	}
	j.hint("no WebSocket traffic found in %s", counted(s.Packets, "packet"))
	j.hint("seen: %s, %s with HTTP, %s without keys, %s with WebSocket from the middle",
		counted(s.TCPConnections, "TCP connection"), counted(s.HTTPConnections, "connection"),
		counted(s.TLSConnections, "TLS session"), counted(s.Midstream, "connection"))
	switch {
	case j.filter != "" && s.TCPConnections == 0:
		j.hint("the filter may leave out too much; try without it")
	case filtered && s.OtherPorts > 0:
		j.hint("--port left out %s; try without it", counted(s.OtherPorts, "TCP connection"))
	case s.TLSConnections > 0:
		j.hint("TLS cannot be read without its keys; capture where the traffic is plain, behind the proxy that ends TLS")
	case s.Packets > 0 && s.TCPConnections == 0:
		j.hint("no TCP connection with payload; was the capture taken on the right interface?")
	}
}
