package capture

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

// frames are Ethernet frames of these lengths.
func frames(link uint32, lengths ...int) []copied {
	var list []copied
	for i, n := range lengths {
		list = append(list, copied{time: start + int64(i)*1e6, length: uint32(n), link: link, data: strings.Repeat("\x00", n)})
	}
	return list
}

func TestFilter(t *testing.T) {
	file := pcapFile{network: linkRawIP}.bytes(frames(linkRawIP, 60, 200, 61, 300, 62))
	r := New(Stream("-", bytes.NewReader(file)))
	if err := r.Filter("greater 100"); err != nil {
		t.Fatal(err)
	}
	var numbers []int64
	for p, err := range r.Packets() {
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, p.Number)
	}
	if len(numbers) != 2 || numbers[0] != 2 || numbers[1] != 4 {
		t.Errorf("packets %v match, want 2 and 4", numbers)
	}
	st := r.Stats()
	if st.Packets != 5 || len(st.LeftOut) != 1 || st.LeftOut[0] != (Count{"filter", 3}) {
		t.Errorf("stats %+v", st)
	}
}

const linkRawIP = 101

func TestFilterErrors(t *testing.T) {
	var wrong *FilterError
	if err := New().Filter("tcp porrt 80"); !errors.As(err, &wrong) || wrong.Word != "porrt" {
		t.Errorf("got %v", err)
	}

	// The file goes on where the filter does not fit.
	n := newBlocks().section().describe(147, 0).describe(1, 0)
	for i, p := range frames(0, 60, 60, 200) {
		p.iface = uint32(i % 2)
		n.enhanced(uint64(i), p)
	}
	r := New(Stream("-", bytes.NewReader(n.b)))
	if err := r.Filter("less 100"); err != nil {
		t.Fatal(err)
	}
	var numbers []int64
	var errs []error
	for p, err := range r.Packets() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		numbers = append(numbers, p.Number)
	}
	if len(numbers) != 1 || numbers[0] != 2 {
		t.Errorf("packets %v match, want 2", numbers)
	}
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "USER0") {
		t.Errorf("errors %v, want one about USER0", errs)
	}
}

func TestStopEndsFiles(t *testing.T) {
	file := pcapFile{network: 1}.bytes(traffic(10))
	r := New(Stream("a", bytes.NewReader(file)), Stream("b", bytes.NewReader(file)))
	n := 0
	for range r.Packets() {
		if n++; n == 3 {
			r.Stop()
		}
	}
	if n != 3 {
		t.Errorf("%d packets, want 3", n)
	}
}

// What was read is handed out, and the hook called, before more is waited for.
func TestIdleBeforeWait(t *testing.T) {
	file := pcapFile{network: 1}.bytes(traffic(4))
	for _, c := range []codec{plain, gzipped, zstandard} {
		b := file
		if c != plain {
			b = compressed(t, c, file)
		}
		r := New(Stream("-", &inChunks{slices.Collect(slices.Chunk(b, 50))}))
		calls := 0
		r.OnIdle(func(now int64) {
			if calls++; now != 0 {
				t.Errorf("now is %d", now)
			}
		})
		packets, errs := readAll(t, r)
		if len(packets) != 4 || len(errs) != 0 {
			t.Errorf("%v: %d packets, %v", c, len(packets), errs)
		}
		if calls < 2 {
			t.Errorf("%v: the hook was called %d times", c, calls)
		}
	}
}

func TestInterfaceNames(t *testing.T) {
	n := newBlocks().section().describe(1, 0).describe(101, 0, 2, []byte{}).describe(1, 0, 2, []byte("lo\x00\x00"))
	for i, p := range frames(0, 60, 61, 62, 63) {
		p.iface = uint32(i % 3)
		n.enhanced(uint64(i), p)
	}
	n.section().describe(1, 0, 2, []byte("lo")).enhanced(9, copied{data: "x", length: 1})
	r := New(Stream("-", bytes.NewReader(n.b)))
	var got []string
	for p, err := range r.Packets() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.InterfaceName(p.named))
	}
	if want := "eth0,,lo,eth0,lo"; strings.Join(got, ",") != want {
		t.Errorf("names %v, want %s", got, want)
	}
	if l := r.Interfaces(); len(l) != 2 || l[1] != (Interface{"lo", 1}) {
		t.Errorf("interfaces %+v", l)
	}
}
