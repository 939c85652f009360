package torture_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/torture"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

var (
	cases    = flag.Uint64("cases", 2000, "number of damaged captures")
	seed     = flag.Uint64("seed", 1, "seed of the first; a failing one is run again by its own and -cases 1")
	captures = flag.String("captures", "", "damage the captures below this folder, each whole in memory, instead of generated ones")
	faults   = flag.Int("faults", 1, "end after so many cases at fault")
	largest  = flag.Int64("largest", 1<<20, "leave out files of more bytes")
)

// seedsOfScene is how many captures are generated of each scene.
const seedsOfScene = 4

// Whatever happens to a capture: what is told whole was sent, nothing is told that was
// not, and what TCP alone can place is told.
func TestTorture(t *testing.T) {
	originals := generated(t)
	if *captures != "" {
		originals = read(t, *captures)
	}
	f := figures{faults: map[string][]uint64{}, byKind: map[string]*torture.Verdict{}, byScene: map[string]*torture.Verdict{}}
	var next atomic.Uint64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for f.failed() < *faults {
				n := next.Add(1) - 1
				if n >= *cases {
					return
				}
				run(t, originals, *seed+n, &f)
			}
		})
	}
	wg.Wait()
	if f.total.Sent[torture.Certain] == 0 || f.total.Told[torture.Searched] == 0 && *cases > 1 {
		t.Errorf("nothing was at stake: %+v", f.total)
	}
	t.Logf("seed %d\n%s", *seed, &f)
}

func run(t *testing.T, originals []original, seed uint64, f *figures) {
	c := torture.NewCase(seed)
	o := &originals[seed*0x9E3779B97F4A7C15>>32%uint64(len(originals))]
	damaged := c.Damaged(o.Packets)
	v := o.Judge(slices.Clone(damaged))
	f.add(o.name, c, &v)
	if len(v.Faults) == 0 {
		return
	}
	first := kindOf(v.Faults[0])
	if f.fault(first, seed) > 2 {
		t.Fail()
		return
	}
	few := torture.Shrink(damaged, func(ps []reassembly.Segment) bool {
		v := o.Judge(ps)
		return len(v.Faults) > 0 && kindOf(v.Faults[0]) == first
	})
	v2 := o.Judge(slices.Clone(few))
	t.Errorf("-seed %d -cases 1 (%s; %s): %d faults:\n%s\nin %d packets of %d:\n%s%s", seed, o.name, c.Name(), len(v.Faults),
		strings.Join(v.Faults, "\n"), len(few), len(damaged), listed(few), strings.Join(v2.Faults, "\n"))
}

// kindOf is a fault without what differs from case to case.
func kindOf(fault string) string {
	var kind []string
	for _, w := range strings.Fields(fault) {
		if strings.IndexFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) < 0 && len(kind) < 5 {
			kind = append(kind, w)
		}
	}
	return strings.Join(kind, " ")
}

func listed(ps []reassembly.Segment) string {
	var b strings.Builder
	for i := range ps {
		p := &ps[i]
		fmt.Fprintf(&b, "%d %v > %v flags %02x seq %d ack %d len %d missing %d %.32x\n", i+1, p.Src, p.Dst, p.Flags, p.Seq, p.Ack, len(p.Payload), p.Missing, p.Payload)
		if i == 40 {
			b.WriteString("...\n")
			break
		}
	}
	return b.String()
}

// original is a capture with its name.
type original struct {
	*torture.Original
	name string
}

// validated puts the Validator before a sink.
func validated(next dissect.Sink) (dissect.Sink, func() error) {
	v := &wstest.Validator{Next: next}
	return v, v.Err
}

func generated(t *testing.T) []original {
	t.Helper()
	var all []original
	for i := range scenes {
		for seed := range uint64(seedsOfScene) {
			o, err := torture.NewOriginal(scenes[i].play(seed).Segments(), validated)
			if err != nil {
				t.Fatalf("%s: %v", scenes[i].name, err)
			}
			if v := o.Judge(slices.Clone(o.Packets)); v.Sent[torture.Certain] != o.Items || len(v.Faults) > 0 {
				t.Fatalf("%s, undamaged: %+v", scenes[i].name, v)
			}
			all = append(all, original{o, scenes[i].name})
		}
	}
	return all
}

// read reads captures into memory.
func read(t *testing.T, dir string) []original {
	t.Helper()
	var all []original
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(filepath.Ext(path), ".pcap") && filepath.Ext(path) != ".cap" {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() > *largest {
			return err
		}
		var ps []reassembly.Segment
		for s, err := range capture.Open(path).Segments() {
			if err != nil {
				t.Logf("%s: %v", path, err)
				break
			}
			c := *s
			c.Payload = slices.Clone(s.Payload)
			ps = append(ps, c)
		}
		o, err := torture.NewOriginal(ps, validated)
		if err != nil {
			t.Logf("%s is left out: %v", path, err)
			return nil
		}
		all = append(all, original{o, filepath.Base(filepath.Dir(path))})
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("no captures in %s: %v", dir, err)
	}
	return all
}

// figures are the counts of a run.
type figures struct {
	mu      sync.Mutex
	cases   int
	faults  map[string][]uint64 // seeds by kind of fault
	total   torture.Verdict
	byKind  map[string]*torture.Verdict // of damage; cases with several count for each
	byScene map[string]*torture.Verdict
}

func (f *figures) add(scene string, c torture.Case, v *torture.Verdict) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cases++
	f.total.Add(v)
	count := func(m map[string]*torture.Verdict, k string) {
		if m[k] == nil {
			m[k] = &torture.Verdict{}
		}
		m[k].Add(v)
	}
	count(f.byScene, scene)
	for _, d := range c.Kinds {
		count(f.byKind, d.Name)
	}
}

// fault notes a fault, and gives how many of its kind there are.
func (f *figures) fault(kind string, seed uint64) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[kind] = append(f.faults[kind], seed)
	return len(f.faults[kind])
}

// failed is the number of cases at fault.
func (f *figures) failed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, seeds := range f.faults {
		n += len(seeds)
	}
	return n
}

func (f *figures) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d cases; messages told of those sent:\n%-22s", f.cases, "")
	for c := range torture.ClassSize {
		fmt.Fprintf(&b, " %19s", c)
	}
	b.WriteByte('\n')
	line := func(name string, v *torture.Verdict) {
		fmt.Fprintf(&b, "%-22s", name)
		for c := range torture.ClassSize {
			if v.Sent[c] == 0 {
				fmt.Fprintf(&b, " %19s", "-")
				continue
			}
			fmt.Fprintf(&b, " %12d %5.1f%%", v.Sent[c], 100*float64(v.Told[c])/float64(v.Sent[c]))
		}
		b.WriteByte('\n')
	}
	line("all", &f.total)
	for _, m := range []map[string]*torture.Verdict{f.byKind, f.byScene} {
		b.WriteByte('\n')
		for _, k := range slices.SortedFunc(maps.Keys(m), cmp.Compare[string]) {
			line(k, m[k])
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(f.faults), cmp.Compare[string]) {
		fmt.Fprintf(&b, "%d cases at fault: %s: seeds %d\n", len(f.faults[k]), k, f.faults[k][:min(len(f.faults[k]), 12)])
	}
	return b.String()
}
