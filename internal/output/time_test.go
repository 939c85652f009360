package output

import (
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/reassembly"
)

func TestTimeFormats(t *testing.T) {
	zone := time.FixedZone("X", 2*3600)
	first := reassembly.PacketRef{Number: 1, Time: epoch}
	second := reassembly.PacketRef{Number: 5, Time: epoch + 1_002_003_004}
	earlier := reassembly.PacketRef{Number: 6, Time: epoch - 1_500_000_000}
	for _, c := range []struct {
		name, flag             string
		digits                 int
		base                   func() int64
		first, second, earlier string
	}{
		{"relative", "r", 0, nil, "0.000000", "1.002003", "-1.500000"},
		{"relative to a base", "r", 0, func() int64 { return epoch - 1e9 }, "1.000000", "2.002003", "-0.500000"},
		{"nanoseconds", "r", 9, nil, "0.000000000", "1.002003004", "-1.500000000"},
		{"milliseconds", "r", 3, nil, "0.000", "1.002", "-1.500"},
		{"absolute", "a", 0, nil, "00:13:20.000000", "00:13:21.002003", "00:13:18.500000"},
		{"date", "ad", 0, nil, "2023-11-15 00:13:20.000000", "2023-11-15 00:13:21.002003", "2023-11-15 00:13:18.500000"},
		{"UTC", "u", 0, nil, "22:13:20.000000", "22:13:21.002003", "22:13:18.500000"},
		{"epoch", "e", 0, nil, "1700000000.000000", "1700000001.002003", "1699999998.500000"},
		{"delta", "d", 0, nil, "0.000000", "1.002003", "-2.502003"},
	} {
		t.Run(c.name, func(t *testing.T) {
			format, err := ParseTimeFormat(c.flag)
			if err != nil {
				t.Fatal(err)
			}
			clock := newClock(&Options{Time: format, Digits: c.digits, Base: c.base, Location: zone})
			for i, want := range []string{c.first, c.second, c.earlier} {
				p := []reassembly.PacketRef{first, second, earlier}[i]
				clock.see(p)
				clock.see(p) // two records of a packet
				if got := string(clock.append(nil, p)); got != want {
					t.Errorf("packet %d: got %s, want %s", p.Number, got, want)
				}
			}
		})
	}
	if _, err := ParseTimeFormat("x"); err == nil {
		t.Error("x is accepted")
	}
}

func TestStamp(t *testing.T) {
	var s stamp
	for _, ns := range []int64{0, 1, 999_999_999, 1_000_000_000, epoch, epoch + 5, epoch + 1e9, 5,
		-1, -1_000_000_000, -1_000_000_001, 1<<63 - 1, -1 << 63} {
		want := time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.000000000Z")
		if got := string(s.append(nil, ns)); got != want {
			t.Errorf("%d: got %s, want %s", ns, got, want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for _, c := range []struct {
		ns     int64
		digits int
		want   string
	}{
		{0, 9, "0.000000000"}, {-1, 9, "-0.000000001"}, {-1 << 63, 9, "-9223372036.854775808"},
		{1_999_999_999, 6, "1.999999"}, {12_000_000_000, 1, "12.0"},
	} {
		if got := string(appendSeconds(nil, c.ns, c.digits)); got != c.want {
			t.Errorf("%d with %d digits: got %s, want %s", c.ns, c.digits, got, c.want)
		}
	}
}
