package frame

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"unsafe"
)

var noLimits = InflateLimits{Output: 1 << 30}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Each case is a conversation: messages as sent, and what is made of each.
func TestInflater(t *testing.T) {
	const hello = "f2 48 cd c9 c9 07 00"
	type message struct {
		wire, payload string
		facts         Violations
	}
	forget := Params{NoContextTakeover: true}
	cases := []struct {
		name     string
		params   Params
		messages []message
	}{
		{"RFC 7692 7.2.3.2", Params{}, []message{{hello, "Hello", 0}, {"f2 00 11 00 00", "Hello", 0}}},
		{"the same, taken over in spite of the agreement", forget, []message{{hello, "Hello", 0}, {"f2 00 11 00 00", "Hello", ContextTakeover}}},
		{"no context takeover", forget, []message{{hello, "Hello", 0}, {hello, "Hello", 0}}},
		{"final blocks", Params{}, []message{{"f3 48 cd c9 c9 07 00 00", "Hello", 0}, {"f2 00 11 00 00", "Hello", 0}}},
		{"final block, padding not zero", Params{}, []message{{"f3 48 cd c9 c9 07 80 00", "Hello", FinalPadding}}},
		{"empty", Params{}, []message{{hello, "Hello", 0}, {"00", "", 0}, {"f2 00 11 00 00", "Hello", 0}}},
		{"no payload at all", Params{}, []message{{hello, "Hello", 0}, {"", "", DataIncomplete}, {"f2 00 11 00 00", "Hello", 0}}},
		{"tail not removed", Params{}, []message{{hello + "00 00 ff ff", "Hello", TailNotRemoved}, {"f2 00 11 00 00", "Hello", 0}}},
		{"cut inside a block", Params{}, []message{{"f2 48 cd c9", "Hel", DataIncomplete}}},
		{"no empty block at the end", Params{}, []message{{"72 04 00", "A", 0}, {"00 01 00 fe ff 41", "A", DataIncomplete}}},
		{"not DEFLATE", Params{}, []message{{"06", "", InflateError}}},
		{"nothing before the first message", Params{}, []message{{"f2 00 11 00 00", "H", InflateError}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var s Scratch
			i := NewInflater(c.params)
			for k, m := range c.messages {
				wire := unhex(t, m.wire)
				r := i.Message(&s, nil, wire, noLimits)
				if string(r.Payload) != m.payload || r.Facts != m.facts || r.Length != uint64(len(m.payload)) {
					t.Errorf("message %d: %q, %v; want %q, %v", k, r.Payload, r.Facts, m.payload, m.facts)
				}
				if r.Unknown != 0 || len(r.Known()) != len(r.Payload) {
					t.Errorf("message %d: %d unknown bytes", k, r.Unknown)
				}
			}
		})
	}
}

func TestInflaterWindowBits(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	noise := make([]byte, 40000)
	for i := range noise {
		noise[i] = 'A' + byte(random.Uint32()%32) // few enough to be worth compressing
	}
	for bits := 8; bits <= 15; bits++ {
		for _, distance := range []int{1<<bits - 1, 1 << bits, 1<<bits + 1} {
			if distance > 32000 {
				continue
			}
			var buf bytes.Buffer
			w, err := flate.NewWriter(&buf, 9)
			if err != nil {
				t.Fatal(err)
			}
			m := append(bytes.Clone(noise[:distance]), noise[:20]...)
			w.Write(m)
			w.Flush()
			var s Scratch
			i := NewInflater(Params{WindowBits: bits})
			r := i.Message(&s, nil, bytes.TrimSuffix(buf.Bytes(), []byte{0, 0, 255, 255}), noLimits)
			if !bytes.Equal(r.Payload, m) || r.Distance != distance {
				t.Fatalf("bits %d: distance %d, want %d", bits, r.Distance, distance)
			}
			want := Violations(0)
			if distance > 1<<bits {
				want = WindowExceeded
			}
			if r.Facts != want {
				t.Errorf("bits %d, distance %d: %v", bits, distance, r.Facts)
			}
		}
	}
}

func TestInflaterLose(t *testing.T) {
	var s Scratch
	i := NewInflater(Params{})
	i.Message(&s, nil, unhex(t, "f2 48 cd c9 c9 07 00"), noLimits)
	i.Lose()
	r := i.Message(&s, nil, unhex(t, "f2 00 11 00 00"), noLimits)
	if string(r.Payload) != "H\x00\x00\x00\x00" || r.Unknown != 4 || r.FirstUnknown != 1 || r.Facts != 0 || !r.Whole {
		t.Errorf("%q: %+v", r.Payload, r)
	}
	if string(r.Known()) != "H" {
		t.Errorf("known %q", r.Known())
	}
	if start, end, ok := s.NextUnknown(0); start != 1 || end != 5 || !ok {
		t.Errorf("unknown %d to %d", start, end)
	}
	if _, _, ok := s.NextUnknown(5); ok {
		t.Error("unknown bytes behind the end")
	}
	i.Release(&s)
	if i.Held() != 0 {
		t.Errorf("%d bytes held", i.Held())
	}
}

func TestInflaterSize(t *testing.T) {
	if size := unsafe.Sizeof(Inflater{}); size > 80 {
		t.Errorf("an Inflater is %d bytes", size)
	}
	i := NewInflater(Params{})
	if i.Held() != 0 {
		t.Errorf("%d bytes held before the first message", i.Held())
	}
}

func TestInflaterAllocs(t *testing.T) {
	var s Scratch
	i := NewInflater(Params{})
	wire := unhex(t, "f2 48 cd c9 c9 07 00")
	dst := make([]byte, 512)
	n := 0
	i.Message(&s, dst, wire, noLimits)
	allocs := testing.AllocsPerRun(100, func() {
		n += len(i.Message(&s, dst, wire, noLimits).Payload)
	})
	if allocs != 0 || n != 101*5 {
		t.Errorf("%v allocations a run, %d bytes", allocs, n)
	}
}

// zlibScript compresses messages with Node's zlib: a line of JSON in, one out.
const zlibScript = `
const zlib = require('zlib');
const job = JSON.parse(require('fs').readFileSync(0, 'utf8'));
(async () => {
  const out = [];
  let z, parts;
  for (const m of job.messages) {
    if (!z || job.fresh) { z = zlib.createDeflateRaw(job.options); parts = []; z.on('data', d => parts.push(d)); }
    z.write(Buffer.from(m, 'base64'));
    await new Promise(done => z.flush(zlib.constants.Z_SYNC_FLUSH, done));
    out.push(Buffer.concat(parts.splice(0)).toString('base64'));
  }
  console.log(JSON.stringify(out));
})();`

type zlibJob struct {
	Fresh    bool           `json:"fresh"`
	Options  map[string]int `json:"options"`
	Messages [][]byte       `json:"messages"`
}

// zlibMessages gives the messages of the job as permessage-deflate sends them.
func zlibMessages(t *testing.T, job zlibJob) [][]byte {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	in, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "-e", zlibScript)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("node does not run: %v", err)
	}
	var texts []string
	if err := json.Unmarshal(out, &texts); err != nil || len(texts) != len(job.Messages) {
		t.Fatalf("node gives %d messages of %d: %v", len(texts), len(job.Messages), err)
	}
	wires := make([][]byte, len(texts))
	for k, text := range texts {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		wires[k] = bytes.TrimSuffix(b, []byte{0, 0, 0xFF, 0xFF})
	}
	return wires
}

// zlib's streams with messages lost at random: whatever is given as known is right.
func TestInflaterZlib(t *testing.T) {
	jobs := []zlibJob{
		{Options: map[string]int{}},
		{Options: map[string]int{"level": 0}},
		{Options: map[string]int{"level": 9, "memLevel": 9}},
		{Options: map[string]int{"level": 1, "memLevel": 1}},
		{Options: map[string]int{"strategy": 4}}, // fixed codes
		{Options: map[string]int{"strategy": 2}}, // no references
		{Options: map[string]int{"strategy": 3}}, // runs
		{Options: map[string]int{"windowBits": 9}},
		{Options: map[string]int{"windowBits": 12}, Fresh: true},
	}
	for n, job := range jobs {
		t.Run(fmt.Sprint(job.Options), func(t *testing.T) {
			random := rand.New(rand.NewPCG(uint64(n), 8))
			for k := range 120 {
				m := fmt.Appendf(nil, `{"id":%d,"price":%d,"text":"%x"}`, k, random.IntN(1000), random.Uint32())
				if k%10 == 0 {
					m = bytes.Repeat(m, random.IntN(300))
				}
				job.Messages = append(job.Messages, m)
			}
			wires := zlibMessages(t, job)
			for _, losses := range []int{1 << 30, 20} {
				zlibConversation(t, job, wires, random, losses)
			}
		})
	}
}

func zlibConversation(t *testing.T, job zlibJob, wires [][]byte, random *rand.Rand, losses int) {
	t.Helper()
	var s Scratch
	i := NewInflater(Params{WindowBits: job.Options["windowBits"], NoContextTakeover: job.Fresh})
	lost, unknown := false, 0
	for k, m := range job.Messages {
		if random.IntN(losses) == 0 {
			i.Lose()
			lost = true
			continue
		}
		r := i.Message(&s, nil, wires[k], noLimits)
		if r.Facts != 0 || r.Length != uint64(len(m)) || !r.Whole {
			t.Fatalf("message %d: %+v", k, r.Facts)
		}
		if r.Unknown > 0 && (!lost || job.Fresh) {
			t.Fatalf("message %d: %d unknown bytes", k, r.Unknown)
		}
		for at := 0; at < len(m); {
			start, end, ok := s.NextUnknown(at)
			if !ok {
				start, end = len(m), len(m)
			}
			if !bytes.Equal(r.Payload[at:start], m[at:start]) {
				t.Fatalf("message %d: bytes %d to %d are %q, want %q", k, at, start, r.Payload[at:start], m[at:start])
			}
			unknown += end - start
			at = end
		}
	}
	if level, ok := job.Options["level"]; lost && unknown == 0 && !job.Fresh && !(ok && level == 0) && job.Options["strategy"] < 2 {
		t.Error("no unknown bytes after losses")
	}
}
