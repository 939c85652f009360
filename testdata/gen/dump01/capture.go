package main

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

// start is the time of the first packet.
var start = time.Date(2012, time.December, 15, 13, 24, 7, 318452000, time.UTC)

const (
	ms = time.Millisecond
	us = time.Microsecond
)

// record is a packet of any kind.
type record struct {
	time int64
	data []byte
}

// capture is the file: what happened on the server's network card, in the order of time.
func capture() []byte {
	records := []record{
		{at(402*ms + 117*us), nameQuery(0x5a31)},
		{at(911*ms + 740*us), askAddress(client, server)},
		{at(911*ms + 765*us), tellAddress(server, client)},
		{at(1788*ms + 203*us), lookUp(0x9c07, 48312)},
		{at(1806*ms + 519*us), lookedUp(0x9c07, 48312)},
		{at(3402*ms + 380*us), nameQuery(0x5a32)},
	}
	for _, p := range wstest.Merge(terminal().Talk, page().Talk, hello().Talk) {
		records = append(records, record{p.Time, p.Bytes()})
	}
	slices.SortStableFunc(records, func(a, b record) int { return cmp.Compare(a.time, b.time) })
	file := wstest.AppendFileHeader(nil)
	for _, r := range records {
		file = wstest.AppendRecord(file, r.time, len(r.data), r.data)
	}
	return file
}

func at(offset time.Duration) int64 { return start.Add(offset).UnixNano() }

// hello is the WebSocket connection. It is still open when the capture ends.
func hello() *connection {
	c := newConnection(49253, 8080, 3)
	c.at(1043*ms + 812*us)
	c.Step = 131 * us
	c.Open()
	c.Step = 0
	c.at(1044*ms + 460*us).Client(wstest.Head(
		"GET / HTTP/1.1",
		"Upgrade: websocket",
		"Connection: upgrade",
		"Host: 192.168.206.132:8080",
		"Origin: http://192.168.206.132:8080",
		"Sec-WebSocket-Key: ByrM/ZMQsliJ3ARpSzF6lg==",
		"Sec-WebSocket-Version: 13",
		"Sec-WebSocket-Extensions: x-webkit-deflate-frame",
	))
	c.at(1044*ms + 491*us).ServerAck()
	c.at(1051*ms + 26*us).Server(wstest.Head(
		"HTTP/1.1 101 Switching Protocols",
		"Upgrade: websocket",
		"Connection: Upgrade",
		"Sec-WebSocket-Accept: j+6fEtOsvfgsycBMCfLxWNzPFxk=",
		"Origin: http://192.168.206.132:8080",
	))
	c.at(1052*ms + 338*us).Server(wstest.Text("Hello, world").Bytes())
	c.at(1052*ms + 604*us).ClientAck()
	c.at(2056*ms + 91*us).Client(wstest.Text("Good bye.").MaskedWith([4]byte{0x95, 0x39, 0xff, 0xdd}).Bytes())
	c.at(2056*ms + 130*us).ServerAck()
	return c
}

const clientHTML = `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<title>WebSocket</title>
<script>
var ws = new WebSocket("ws://" + location.host + "/");
ws.onmessage = function (event) {
  document.body.textContent = event.data;
  setTimeout(function () { ws.send("Good bye."); }, 1000);
};
</script>
</head>
<body></body>
</html>
`

// page is the connection that loads client.html.
func page() *connection {
	c := newConnection(49252, 8080, 2)
	c.at(1002*ms + 274*us)
	c.Step = 143 * us
	c.Open()
	c.Step = 0
	c.at(1002*ms + 981*us).Client(wstest.Head(
		"GET / HTTP/1.1",
		"Host: 192.168.206.132:8080",
		"Connection: keep-alive",
		"User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_8_2) AppleWebKit/537.11 (KHTML, like Gecko) Chrome/23.0.1271.97 Safari/537.11",
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		"Accept-Encoding: gzip,deflate,sdch",
		"Accept-Language: en-US,en;q=0.8",
		"Accept-Charset: ISO-8859-1,utf-8;q=0.7,*;q=0.3",
	))
	c.at(1003*ms + 12*us).ServerAck()
	head := wstest.Head(
		"HTTP/1.1 200 OK",
		"Content-Type: text/html",
		"Date: "+start.Add(time.Second).Format("Mon, 02 Jan 2006 15:04:05")+" GMT",
		"Content-Length: "+strconv.Itoa(len(clientHTML)),
		"Connection: close",
	)
	c.at(1007*ms + 655*us).Server(append(head, clientHTML...))
	c.at(1007*ms + 849*us).ClientAck()
	c.at(1007*ms + 872*us).ServerFin()
	c.at(1008*ms + 40*us).ClientAck()
	c.at(1008*ms + 217*us).ClientFin()
	c.at(1008*ms + 243*us).ServerAck()
	return c
}

// terminal is the SSH connection in which the server and tcpdump were started.
func terminal() *connection {
	c := newConnection(49170, 22, 1)
	c.midway = true
	c.LoseClient(3791)
	c.LoseServer(11263)
	bytes := rand.NewChaCha8([32]byte([]byte("what a terminal says, encrypted.")))
	encrypted := func(n int) []byte {
		b := make([]byte, n)
		bytes.Read(b)
		return b
	}
	// tcpdump: listening on eth0
	c.at(0).Server(encrypted(128))
	c.at(259 * us).ClientAck()
	// Connection accepted.
	c.at(1054*ms + 760*us).Server(encrypted(80))
	c.at(1055*ms + 18*us).ClientAck()
	// Received: Good bye.
	c.at(2059*ms + 402*us).Server(encrypted(96))
	c.at(2059*ms + 633*us).ClientAck()
	// Control-C, and its echo
	c.at(4820*ms + 95*us).Client(encrypted(48))
	c.at(4820*ms + 701*us).Server(encrypted(48))
	return c
}
