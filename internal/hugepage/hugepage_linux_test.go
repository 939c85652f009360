//go:build amd64 || arm64

package hugepage

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

const size = 64 << 20

// What is allocated afterwards lies where large pages were asked for.
func TestHeap(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage/enabled"); err != nil {
		t.Skip("no transparent huge pages: ", err)
	}
	Heap(size)
	var got []string
	for range 8 {
		b := make([]byte, size/16)
		b[len(b)/2] = 1
		got = flags(t, uintptr(unsafe.Pointer(&b[len(b)/2])))
		if slices.Contains(got, "hg") {
			return
		}
	}
	t.Errorf("memory from the heap has the flags %v; want hg among them", got)
}

// Where the address space is limited, the heap does not ask for more than there is.
func TestHeapWithoutRoom(t *testing.T) {
	const child, survived = "HUGEPAGE_TEST_WITHOUT_ROOM", "survived"
	if os.Getenv(child) != "" {
		var used uint64 // pages
		statm, err := os.ReadFile("/proc/self/statm")
		if _, serr := fmt.Sscan(string(statm), &used); err != nil || serr != nil {
			t.Fatal(err, serr)
		}
		most := used*uint64(os.Getpagesize()) + size/2
		if err := unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			t.Fatal(err)
		}
		Heap(size)
		fmt.Println(survived)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), child+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), survived) {
		t.Errorf("%v\n%.300s", err, out)
	}
}

// flags are those that the kernel has for the mapping with an address.
func flags(t *testing.T, address uintptr) []string {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	inside := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var begin, end uintptr
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &begin, &end); n == 2 {
			inside = begin <= address && address < end
		}
		if list, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && inside {
			return strings.Fields(list)
		}
	}
	t.Skipf("no flags of the mapping with %#x", address)
	return nil
}
