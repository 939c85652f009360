package cli

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// patience is for programs that a busy machine has hardly time for.
const patience = 60 * time.Second

// Messages of real clients come once in each direction, as the clients say.
func TestLiveClients(t *testing.T) {
	for _, c := range []struct {
		name     string
		programs []string // the first one that there is
		args     func(host, folder string) []string
	}{
		{"Node", []string{"node"}, func(string, string) []string {
			return []string{"--experimental-websocket", "testdata/echo.js"}
		}},
		{"Chromium", []string{"chromium", "chromium-browser", "google-chrome"}, func(host, folder string) []string {
			return []string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--no-first-run", "--disable-background-networking", "--user-data-dir=" + folder,
				"http://" + host + "/"}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			network(t)
			program := installed(t, c.programs)
			s := serve(t)
			_, port, _ := net.SplitHostPort(s.host)
			l := start(t, "--json", "--no-decode", "-i", "lo", "-port", port)
			folder := scratch(t)
			cmd := exec.Command(program, c.args(s.host, folder)...)
			cmd.Env = append(os.Environ(), "ECHO_HOST="+s.host, "HOME="+folder)
			want := s.logOf(t, cmd)
			all := l.end()
			for _, dir := range []string{"c2s", "s2c"} {
				if got := texts(all, dir); !slices.Equal(got, want) || len(want) == 0 {
					t.Errorf("%s: %d messages, %s says %d", dir, len(got), c.name, len(want))
				}
			}
			if s := summary(t, all); s.Gaps != 0 {
				t.Errorf("%d gaps", s.Gaps)
			}
		})
	}
}

// installed is the path of the first program that there is.
func installed(t *testing.T, names []string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("none of %q is installed", names)
	return ""
}

// scratch is a folder for a program that may not have let go of it when the test ends, which
// is no failure.
func scratch(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "peer")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

// echoServer echoes texts, and serves the page of a client that sends some.
type echoServer struct {
	host   string
	log    chan []string // what a client posted
	opened atomic.Bool   // a WebSocket connection was
}

func serve(t *testing.T) *echoServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &echoServer{host: l.Addr().String(), log: make(chan []string, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `<!doctype html><script src="/echo.js"></script>`)
	})
	mux.HandleFunc("GET /echo.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "testdata/echo.js")
	})
	mux.HandleFunc("POST /log", func(_ http.ResponseWriter, r *http.Request) {
		var list []string
		if err := json.NewDecoder(r.Body).Decode(&list); err != nil {
			t.Error(err)
		}
		s.log <- list
	})
	mux.HandleFunc("GET /echo", func(w http.ResponseWriter, r *http.Request) {
		s.opened.Store(true)
		if err := echo(w, r); err != nil {
			t.Error(err)
		}
	})
	server := &http.Server{Handler: mux}
	done := make(chan struct{})
	go func() { server.Serve(l); close(done) }()
	t.Cleanup(func() { server.Close(); <-done })
	return s
}

// logOf runs a client until it has posted its log. The test is skipped if that never
// connects.
func (s *echoServer) logOf(t *testing.T, cmd *exec.Cmd) []string {
	t.Helper()
	out, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its children end with it
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	select {
	case list := <-s.log:
		return list
	case err = <-ended:
		select {
		case list := <-s.log:
			return list
		default:
		}
	case <-time.After(patience):
		err = fmt.Errorf("nothing within %v", patience)
	}
	said, _ := os.ReadFile(out.Name())
	if s.opened.Load() {
		t.Fatalf("%s posted no log: %v\n%s", cmd.Path, err, said)
	}
	t.Skipf("%s does not connect: %v\n%s", cmd.Path, err, said)
	return nil
}

// echo is the server of a WebSocket connection: it sends frames back as they come, until one
// of them is a Close.
func echo(w http.ResponseWriter, r *http.Request) error {
	conn, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return err
	}
	defer conn.Close()
	h := wstest.Handshake{Key: r.Header.Get("Sec-WebSocket-Key")}
	if _, err := conn.Write(h.Response()); err != nil {
		return err
	}
	for {
		f, err := readFrame(buffered.Reader)
		if err != nil {
			return err
		}
		if _, err := conn.Write(f.Bytes()); err != nil || f.Header.Opcode == frame.Close {
			return err
		}
	}
}

// readFrame reads a frame of a client and unmasks it.
func readFrame(r *bufio.Reader) (wstest.Frame, error) {
	var start [2]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return wstest.Frame{}, err
	}
	n := uint64(start[1] & 0x7F)
	if size := map[uint64]int{126: 2, 127: 8}[n]; size > 0 {
		var length [8]byte
		if _, err := io.ReadFull(r, length[8-size:]); err != nil {
			return wstest.Frame{}, err
		}
		n = binary.BigEndian.Uint64(length[:])
	}
	rest := make([]byte, 4+n)
	if _, err := io.ReadFull(r, rest); err != nil {
		return wstest.Frame{}, err
	}
	key, payload := rest[:4], rest[4:]
	for i := range payload {
		payload[i] ^= key[i%4]
	}
	f := wstest.NewFrame(frame.Opcode(start[0]&0x0F), payload)
	if start[0]&0x80 == 0 {
		f = f.More()
	}
	return f, nil
}
