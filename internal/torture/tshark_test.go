package torture_test

import (
	"encoding/hex"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/torture"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

var (
	compared = flag.Uint64("compared", 2, "number of damaged captures that tshark reads, too")
	kept     = flag.String("kept", "", "folder that the captures compared with tshark are written to, to be kept")
)

// TestAgainstTshark has damaged captures read by tshark and by us, and counts the text
// messages that come out of them against those of the undamaged ones. We print none that
// was not sent.
func TestAgainstTshark(t *testing.T) {
	if testing.Short() {
		t.Skip("tshark takes seconds to start")
	}
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed: ", err)
	}
	originals := generated(t)
	if *captures != "" {
		originals = read(t, *captures)
	}
	dir := *kept
	if dir == "" {
		dir = t.TempDir()
	}
	all, kinds := new(comparison), map[string]*comparison{}
	for n := range *compared {
		c := torture.NewCase(*seed + n)
		o := &originals[c.Seed*0x9E3779B97F4A7C15>>32%uint64(len(originals))]
		path := filepath.Join(dir, fmt.Sprintf("%s-%d.pcap", o.name, c.Seed))
		if err := os.WriteFile(path, asCapture(c.Damaged(o.Packets)), 0o644); err != nil {
			t.Fatal(err)
		}
		var one comparison
		sent := ourTexts(t, slices.Values(o.Packets))
		one.ours.add(sent, ourTexts(t, segmentsOf(t, path)))
		one.tshark.add(sent, tsharkTexts(t, tshark, path))
		if one.ours.wrong > 0 {
			t.Errorf("-seed %d -compared 1 (%s; %s): %d text messages that were not sent", c.Seed, o.name, c.Name(), one.ours.wrong)
		}
		all.add(&one)
		for _, d := range c.Kinds {
			if kinds[d.Name] == nil {
				kinds[d.Name] = new(comparison)
			}
			kinds[d.Name].add(&one)
		}
	}
	t.Log("\n" + listedComparisons(all, kinds))
}

// comparison is what two programs make of the same captures.
type comparison struct{ ours, tshark score }

func (c *comparison) add(o *comparison) {
	for to, from := range map[*score]*score{&c.ours: &o.ours, &c.tshark: &o.tshark} {
		to.right, to.wrong, to.missing = to.right+from.right, to.wrong+from.wrong, to.missing+from.missing
	}
}

func listedComparisons(all *comparison, kinds map[string]*comparison) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s %8s | %8s %8s %8s | %8s %8s %8s\n", "text messages", "sent", "right", "wrong", "missing", "tshark", "wrong", "missing")
	line := func(name string, c *comparison) {
		fmt.Fprintf(&b, "%-22s %8d | %8d %8d %8d | %8d %8d %8d\n", name, c.ours.right+c.ours.missing,
			c.ours.right, c.ours.wrong, c.ours.missing, c.tshark.right, c.tshark.wrong, c.tshark.missing)
	}
	line("all", all)
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		line(k, kinds[k])
	}
	return b.String()
}

// text is a text message and who sent it to whom.
type text struct{ src, dst, payload string }

// score counts text messages.
type score struct{ right, wrong, missing int }

// add counts those told against those sent, which are numbers by message.
func (s *score) add(sent, told map[text]int) {
	for m, n := range sent {
		s.right += min(n, told[m])
		s.missing += max(0, n-told[m])
	}
	for m, n := range told {
		s.wrong += max(0, n-sent[m])
	}
}

// asCapture is a pcap file of segments, in Ethernet.
func asCapture(ps []reassembly.Segment) []byte {
	const most = 60000 // payload bytes that a packet may have; merged ones have more
	b := wstest.AppendFileHeader(nil)
	for i := range ps {
		s := ps[i]
		whole := append(slices.Clone(s.Payload), make([]byte, max(s.Missing, 0))...)
		for first := true; first || len(whole) > 0; first = false {
			n := min(len(whole), most)
			have := min(n, max(0, len(whole)-max(s.Missing, 0)))
			p := wstest.Packet{
				Time: s.Packet.Time, Src: s.Src, Dst: s.Dst, Seq: s.Seq, Ack: s.Ack, Flags: s.Flags, Window: s.Window,
				Payload: whole[:n], Cut: n - have,
			}
			b = wstest.AppendRecord(b, p.Time, p.Size(), p.Bytes())
			whole, s.Seq = whole[n:], s.Seq+uint32(n)
		}
	}
	return b
}

// segmentsOf are those of a capture file.
func segmentsOf(t *testing.T, path string) func(yield func(reassembly.Segment) bool) {
	return func(yield func(reassembly.Segment) bool) {
		for s, err := range capture.Open(path).Segments() {
			if err != nil {
				t.Fatal(err)
			}
			if !yield(*s) {
				return
			}
		}
	}
}

// texts collects the whole text messages of a dissection.
type texts map[text]int

// Emit implements dissect.Sink.
func (ts texts) Emit(e dissect.Event) error {
	if m, ok := e.(*dissect.Message); ok && m.Complete && m.Text && len(m.Payload) > 0 {
		src, dst := m.Conn.Addrs(m.Way)
		ts[text{src.String(), dst.String(), string(m.Payload)}]++
	}
	return nil
}

func ourTexts(t *testing.T, segments func(yield func(reassembly.Segment) bool)) texts {
	ts := texts{}
	d := dissect.New(dissect.Options{}, ts)
	for s := range segments {
		if err := d.Push(&s); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return ts
}

// tsharkTexts are the text messages that tshark prints, with segments put in order as far
// as it can.
func tsharkTexts(t *testing.T, tshark, path string) map[text]int {
	cmd := exec.Command(tshark, "-n", "-r", path, "-o", "tcp.reassemble_out_of_order:TRUE", "-Y", "websocket", "-T", "pdml", "-J", "ip ipv6 tcp websocket")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ts := map[text]int{}
	if err := readPDML(out, func(m text) { ts[m]++ }); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Skipf("tshark cannot read %s: %v", path, err)
	}
	return ts
}

// readPDML gives the text messages in what tshark -T pdml writes.
func readPDML(r io.Reader, found func(text)) error {
	var m text
	var src, dst string
	d := xml.NewDecoder(r)
	d.Strict = false // it writes control characters
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		start, ok := tok.(xml.StartElement)
		if !ok || start.Name.Local != "field" {
			continue
		}
		attr := map[string]string{}
		for _, a := range start.Attr {
			attr[a.Name.Local] = a.Value
		}
		switch attr["name"] {
		case "ip.src", "ipv6.src":
			src = attr["show"]
		case "ip.dst", "ipv6.dst":
			dst = attr["show"]
		case "tcp.srcport":
			m.src = joined(src, attr["show"])
		case "tcp.dstport":
			m.dst = joined(dst, attr["show"])
		case "websocket.payload.text":
			payload, err := hex.DecodeString(attr["value"])
			if err != nil {
				return err
			}
			m.payload = string(payload)
			found(m)
		}
	}
}

func joined(host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + port
}
