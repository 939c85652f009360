package privilege

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// In a process with this in its environment, which is the test itself run again, privileges are given up for good.
const childEnv = "PRIVILEGE_TEST_FOLDER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(childEnv); folder != "" {
		if err := child(folder); err != nil {
			fmt.Println("child:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child gives everything up, tries what must fail, and what must not.
func child(folder string) error {
	open, err := os.Create(filepath.Join(folder, "opened"))
	if err != nil {
		return err
	}
	u, err := Find("", func(string) string { return "" })
	if err != nil {
		return err
	}
	if err := os.Chown(folder, u.UID, u.GID); err != nil && os.Geteuid() == 0 {
		return err
	}
	_ = time.Local.String()
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	r, err := GiveUp(u, []string{folder})
	if err != nil {
		return err
	}
	fmt.Printf("%v; seccomp %v\n", r, r.Seccomp)
	busy := make(chan bool)
	for range 8 { // threads of their own, made after all that
		go func() { unix.Nanosleep(&unix.Timespec{Nsec: 1e6}, nil); busy <- true }()
	}
	for range 8 {
		<-busy
	}
	if _, err := open.WriteString("still open"); err != nil {
		return err
	}
	if err := root.WriteFile("new", []byte("x"), 0o600); err != nil {
		return fmt.Errorf("writing where it is allowed: %w", err)
	}
	forbidden := map[string]func() error{
		"a program": func() error { return exec.Command("/bin/true").Run() },
		"a removal": func() error { return root.Remove("new") },
		"a file":    func() error { return os.WriteFile(filepath.Join(os.TempDir(), "escaped"), nil, 0o600) },
		"reading":   func() error { _, err := os.ReadFile("/etc/passwd"); return err },
		"root":      func() error { return syscall.Setuid(0) },
		"kill":      func() error { return syscall.Kill(os.Getppid(), 0) },
	}
	if r.Seccomp { // nothing else forbids these: Landlock knows no MPTCP
		forbidden["a socket"] = func() error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err }
		forbidden["code"] = func() error {
			_, err := unix.Mmap(-1, 0, 4096, unix.PROT_EXEC, unix.MAP_ANON|unix.MAP_PRIVATE)
			return err
		}
	}
	for name, try := range forbidden {
		if err := try(); !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EACCES) {
			return fmt.Errorf("%s is possible: %v", name, err)
		}
	}
	status, err := os.ReadFile("/proc/self/status") // out of reach, and so
	if err == nil {
		return fmt.Errorf("read %d bytes of /proc", len(status))
	}
	fmt.Println("ready")
	_, err = bufio.NewReader(os.Stdin).ReadString('\n')
	return err
}

// runChild runs this test again, to the point where it waits, and returns what it has
// printed and what /proc says of each of its threads.
func runChild(t *testing.T) (printed string, threads []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+t.TempDir())
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); errors.Is(err, unix.ENOEXEC) {
		t.Skipf("emulated: the kernel does not run the test's own program: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintln(&all, lines.Text())
		if lines.Text() == "ready" {
			found, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", cmd.Process.Pid))
			for _, name := range found {
				if text, err := os.ReadFile(name); err == nil {
					threads = append(threads, string(text))
				}
			}
			fmt.Fprintln(in)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, all.String())
	}
	return all.String(), threads
}

func TestNothingIsLeft(t *testing.T) {
	if err := everyThread(unix.SYS_GETPID, 0, 0, 0); errors.Is(err, unix.ENOTSUP) {
		t.Skip("built with cgo, which has threads of its own")
	}
	printed, threads := runChild(t)
	if len(threads) < 2 {
		t.Fatalf("%d threads seen: %s", len(threads), printed)
	}
	wants := []string{"NoNewPrivs:\t1", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapAmb:\t0000000000000000"}
	if os.Geteuid() == 0 {
		wants = append(wants, "Uid:\t65534\t65534\t65534\t65534", "Gid:\t65534\t65534\t65534\t65534")
	}
	if strings.Contains(printed, "seccomp true") {
		wants = append(wants, "Seccomp:\t2")
	}
	for i, status := range threads {
		for _, want := range wants {
			if !strings.Contains(status, want) {
				t.Errorf("thread %d lacks %q:\n%s", i, want, status)
			}
		}
	}
	t.Log(printed)
}
