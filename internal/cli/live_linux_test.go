package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

// mainEnv makes the test be the command itself: it gives up its privileges for good.
const mainEnv = "WSDISSECT_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(mainEnv) != "" {
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// network moves a test to a network of its own, and does commands of ip(8) there. The test
// is skipped where that is not allowed.
func network(t *testing.T, commands ...string) {
	t.Helper()
	wstest.NeedRing(t)
	runtime.LockOSThread() // for good: the thread ends with the goroutine of the test
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Skipf("no network of its own: %v", err)
	}
	for _, c := range append([]string{"link set lo up"}, commands...) {
		out, err := exec.Command("ip", strings.Fields(c)...).CombinedOutput()
		if errors.Is(err, exec.ErrNotFound) {
			t.Skip("no ip command")
		}
		if err != nil {
			t.Skipf("ip %s: %v: %s", c, err, out)
		}
	}
}

// lives is a running live command.
type lives struct {
	*exec.Cmd
	t   *testing.T
	out io.ReadCloser
	err *bufio.Reader
	all *bytes.Buffer // of stderr

	printed string // on stdout, when it has ended
}

// start begins a live capture, and returns when it listens.
func start(t *testing.T, args ...string) *lives {
	t.Helper()
	l := &lives{t: t, all: new(bytes.Buffer)}
	l.Cmd = exec.Command(os.Args[0], append([]string{"live"}, args...)...)
	l.Env = append(os.Environ(), mainEnv+"=1", "SUDO_UID=", "SUDO_GID=")
	var err error
	if l.out, err = l.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	stderr, err := l.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	l.err = bufio.NewReader(io.TeeReader(stderr, l.all))
	if err := l.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Process.Kill() })
	l.expect("listening on")
	return l
}

// expect waits for a line on stderr.
func (l *lives) expect(want string) string {
	l.t.Helper()
	for {
		line, err := l.err.ReadString('\n')
		if strings.Contains(line, want) {
			return line
		}
		if err != nil {
			l.t.Fatalf("no %q on stderr: %v\n%s", want, err, l.all)
		}
	}
}

// end interrupts the capture and returns its records, all of them read until then.
func (l *lives) end() []record {
	l.t.Helper()
	if err := l.Process.Signal(os.Interrupt); err != nil {
		l.t.Fatal(err)
	}
	return l.rest()
}

// rest reads what the command prints until it ends.
func (l *lives) rest() []record {
	l.t.Helper()
	var rest sync.WaitGroup
	rest.Go(func() { io.Copy(io.Discard, l.err) })
	out, err := io.ReadAll(l.out)
	rest.Wait()
	if err := errors.Join(err, l.Wait()); err != nil {
		l.t.Errorf("%v\n%s", err, l.all)
	}
	l.printed = string(out)
	return records(l.t, out)
}

// texts are those of the messages of a direction.
func texts(all []record, dir string) []string {
	var list []string
	for _, r := range all {
		if r.Type == "message" && r.Dir == dir {
			list = append(list, r.Text)
		}
	}
	return list
}

// summary is the last record.
func summary(t *testing.T, all []record) record {
	t.Helper()
	if len(all) == 0 || all[len(all)-1].Type != "summary" {
		t.Fatalf("no summary in %d records", len(all))
	}
	return all[len(all)-1]
}

// talk is a WebSocket connection, both ends of which are in this test.
type talk struct {
	t              *testing.T
	client, server net.Conn
}

// dial opens a connection to an address of this network.
func dial(t *testing.T, address string) *talk {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	k := &talk{t, client, server}
	var h wstest.Handshake
	k.carry(client, server, h.Request())
	k.carry(server, client, h.Response())
	return k
}

// carry sends bytes and waits until they have arrived.
func (k *talk) carry(from, to net.Conn, b []byte) {
	k.t.Helper()
	done := make(chan error, 1)
	go func() { _, err := from.Write(b); done <- err }()
	_, err := io.CopyN(io.Discard, to, int64(len(b)))
	if err := errors.Join(err, <-done); err != nil {
		k.t.Fatal(err)
	}
}

// echo sends a text both ways.
func (k *talk) echo(text string) {
	k.t.Helper()
	k.carry(k.client, k.server, wstest.Text(text).Masked().Bytes())
	k.carry(k.server, k.client, wstest.Text(text).Bytes())
}

func (k *talk) port() string {
	_, port, _ := net.SplitHostPort(k.server.LocalAddr().String())
	return port
}

// Each message comes once, whatever it is captured from, and however large it is.
func TestLiveMessages(t *testing.T) {
	wire := []string{"link add wa type veth peer name wb", "addr add 192.0.2.1/24 dev wa", "link set wa up", "link set wb up"}
	big6 := []string{"link set lo gso_max_size 262144 gro_max_size 262144"}
	big4 := append(big6, "link set lo gso_ipv4_max_size 262144 gro_ipv4_max_size 262144") // ip of 2023 at least
	for _, c := range []struct {
		name    string
		setup   []string
		address string
		args    []string
		iface   string // that the records name
	}{
		{"loopback", nil, "127.0.0.1", []string{"-i", "lo"}, ""},
		{"IPv6", nil, "::1", []string{"-i", "lo"}, ""},
		{"any", wire, "127.0.0.1", []string{"-i", "any"}, "lo"},
		{"several", wire, "127.0.0.1", []string{"-i", "wa", "-i", "lo"}, "lo"},
		{"filter words", nil, "127.0.0.1", []string{"-i", "lo", "tcp", "and", "host", "127.0.0.1"}, ""},
		{"BIG TCP", big4, "127.0.0.1", []string{"-i", "lo"}, ""},
		{"BIG TCP over IPv6", big6, "::1", []string{"-i", "lo"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			network(t, c.setup...)
			l := start(t, append([]string{"--json", "--no-decode"}, c.args...)...)
			var want []string
			k := dial(t, c.address)
			for i := range 20 {
				text := fmt.Sprintf("message %d ", i)
				text += strings.Repeat("x", i*i*i*100)
				want = append(want, text)
				k.echo(text)
			}
			all := l.end()
			for _, dir := range []string{"c2s", "s2c"} {
				if got := texts(all, dir); !slices.Equal(got, want) {
					t.Errorf("%s: %d messages, want %d as they were sent", dir, len(got), len(want))
				}
			}
			s := summary(t, all)
			if s.Gaps != 0 || s.Frames != 40 || s.Dropped["kernel"] != 0 {
				t.Errorf("summary %+v", s)
			}
			if got := all[1].Interface; got != c.iface {
				t.Errorf("interface %q, want %q", got, c.iface)
			}
		})
	}
}

// Real programs talk, and what they say they have sent is there.
func TestLivePython(t *testing.T) {
	network(t)
	if err := exec.Command("/usr/bin/python3", "-c", "import websockets").Run(); err != nil {
		t.Skip("no python3 with websockets")
	}
	l := start(t, "--json", "-i", "lo", "-port", "8799", "--no-decode")
	out, err := exec.Command("/usr/bin/python3", "testdata/echo.py").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(string(out))
	all := l.end()
	for _, dir := range []string{"c2s", "s2c"} {
		if got := texts(all, dir); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: got %v, want %v", dir, got, want)
		}
	}
}

// Each line is there when its frame is, without waiting for the next one.
func TestLivePrintsAtOnce(t *testing.T) {
	network(t)
	l := start(t, "-q", "-i", "lo")
	k := dial(t, "127.0.0.1")
	lines := bufio.NewScanner(l.out)
	for i := range 5 {
		text := fmt.Sprintf("text-%d", i)
		k.echo(text)
		for n := 0; n < 2; {
			if !lines.Scan() {
				t.Fatalf("no line for %s: %v", text, lines.Err())
			}
			if strings.Contains(lines.Text(), text) {
				n++
			}
		}
	}
	l.Process.Signal(syscall.SIGTERM)
	l.rest()
}

func TestLivePorts(t *testing.T) {
	network(t)
	k := dial(t, "127.0.0.1") // from the middle
	l := start(t, "--json", "-i", "lo", "-port", k.port(), "-f", "greater 100")
	k.echo(strings.Repeat("long", 50))
	k.echo("short")
	dial(t, "127.0.0.1").echo(strings.Repeat("else", 50))
	all := l.end()
	if got := texts(all, "c2s"); len(got) != 1 || !strings.HasPrefix(got[0], "long") {
		t.Errorf("messages %q", got)
	}
	if all[0].Filter != "greater 100" || !slices.Equal(all[0].Interfaces, []string{"lo"}) {
		t.Errorf("first record %+v", all[0])
	}
}

// After the start nothing is left of root.
func TestLivePrivileges(t *testing.T) {
	network(t)
	l := start(t, "-i", "lo")
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Uid:\t65534\t65534\t65534\t65534"} {
		if !strings.Contains(string(status), want) {
			t.Errorf("no %q in\n%s", want, status)
		}
	}
	l.end()
}

// An interrupt under load loses nothing that was sent before.
func TestLiveInterruptUnderLoad(t *testing.T) {
	network(t)
	l := start(t, "--json", "-i", "lo")
	k := dial(t, "127.0.0.1")
	stop := make(chan struct{})
	var senders sync.WaitGroup
	var before, sent int
	senders.Go(func() {
		for ; ; sent++ {
			select {
			case <-stop:
				return
			default:
				k.client.Write(wstest.Text(fmt.Sprint(sent)).Masked().Bytes())
			}
		}
	})
	go io.Copy(io.Discard, k.server)
	out := bufio.NewReader(l.out)
	var lines bytes.Buffer
	for before < 1000 { // it is under way
		line, err := out.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(line)
		before++
	}
	l.Process.Signal(os.Interrupt)
	time.AfterFunc(time.Second, func() { close(stop) })
	rest, err := io.ReadAll(out)
	senders.Wait()
	if err != nil {
		t.Fatal(err)
	}
	l.out = io.NopCloser(strings.NewReader(""))
	l.rest()
	all := records(t, append(lines.Bytes(), rest...))
	got := texts(all, "c2s")
	for i, text := range got {
		if text != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, text)
		}
	}
	if s := summary(t, all); s.Gaps != 0 || s.Dropped["kernel"] != 0 || len(got) < 300 {
		t.Errorf("%d messages, summary %+v", len(got), s)
	}
}

// Who reads our output too slowly is told what that costs.
func TestLiveSlowReader(t *testing.T) {
	network(t)
	l := start(t, "--json", "-i", "lo", "-B", "4096")
	k := dial(t, "127.0.0.1")
	go io.Copy(io.Discard, k.server)
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		frame := wstest.Text(strings.Repeat("x", 10_000)).Masked().Bytes()
		for {
			select {
			case <-stop:
				return
			default:
				k.client.Write(frame)
			}
		}
	}()
	l.expect("dropped by the kernel so far")
	close(stop)
	<-done
	s := summary(t, l.end())
	if s.Dropped["kernel"] == 0 {
		t.Errorf("summary %+v", s)
	}
	if want := fmt.Sprintf("%d packets captured, %d dropped by the kernel", s.Packets, s.Dropped["kernel"]); !strings.Contains(l.all.String(), want) {
		t.Errorf("no %q in %s", want, l.all)
	}
}

func TestLiveCounts(t *testing.T) {
	network(t)
	l := start(t, "-q", "-i", "lo", "--only", "frame", "-c", "2")
	l.Process.Signal(syscall.SIGUSR1)
	l.expect(" packets captured, 0 dropped")
	l.expect("0 TCP connections, 0 of them WebSocket; 0 frames")
	dial(t, "127.0.0.1").echo("x")
	l.expect("1 TCP connection, 1 of them WebSocket; 2 frames, 1 message, ")
	if out, err := io.ReadAll(l.out); err != nil || bytes.Count(out, []byte("\n")) != 2 {
		t.Errorf("%v: %s", err, out)
	}
	if err := l.Wait(); err != nil {
		t.Error(err)
	}
}

func TestLiveMistakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{nil, 2, "which interface?"},
		{[]string{"-i", "lo", "-f", "tcp", "udp"}, 2, "either -f or the words"},
		{[]string{"-i", "lo", "tcp prot 80"}, 2, "^^^^"},
		{[]string{"-i", "lo", "-s", "-1"}, 2, "-s is a number"},
		{[]string{"-i", "lo", "-B", "x"}, 2, "no number of bytes"},
		{[]string{"-i", "lo", "-Z", "no such user"}, 2, "no such user"},
	} {
		if r := run(append([]string{"live"}, c.args...)...); r.code != c.code || !strings.Contains(r.err, c.want) {
			t.Errorf("%q: %+v, want %d, %q", c.args, r, c.code, c.want)
		}
	}
}

// Without permission, one line says what to do.
func TestLiveWithoutPermission(t *testing.T) {
	done := make(chan ran)
	go func() {
		runtime.LockOSThread()
		var none [2]unix.CapUserData
		if err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &none[0]); err != nil {
			t.Error(err)
		}
		done <- run("live", "-i", "lo")
	}()
	r := <-done
	if r.code != 1 || strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, "sudo setcap cap_net_raw") {
		t.Errorf("got %+v", r)
	}
}

func TestListInterfaces(t *testing.T) {
	network(t, "link add wa type veth peer name wb", "addr add 192.0.2.1/24 dev wa", "link set wa up")
	r := run("live", "-D")
	for _, want := range []string{"lo   up          127.0.0.1/8", "wa   no carrier  ", "  192.0.2.1/24\n", "wb   down", "any  all"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	if r.code != 0 || r.err != "" {
		t.Errorf("got %+v", r)
	}
}
