package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What a live capture writes, read reads with the same result.
func TestLiveWrites(t *testing.T) {
	for _, which := range []string{"all", "matched", "websocket"} {
		for _, iface := range []string{"lo", "any"} {
			t.Run(which+" "+iface, func(t *testing.T) {
				network(t)
				file := filepath.Join(t.TempDir(), "out.pcapng")
				l := start(t, "--json", "-i", iface, "-w", file, "--write", which)
				k := dial(t, "127.0.0.1")
				for i := range 30 {
					k.echo(strings.Repeat("text ", i*100))
				}
				k.client.Close()
				k.server.Close()
				live := l.end()
				printed := run("read", "--json", file).out
				if len(live) < 100 || between(printed) != between(l.printed) {
					t.Errorf("live %.3000s\nfile %.3000s", l.printed, printed)
				}
				if a, b := summary(t, live), summary(t, records(t, []byte(printed))); a.Packets != b.Packets || a.Packets == 0 {
					t.Errorf("%d packets live, %d from the file", a.Packets, b.Packets)
				}
				if info, err := os.Stat(file); err != nil || info.Sys().(*syscall.Stat_t).Uid != 65534 {
					t.Errorf("%v; the file does not belong to whom the capture runs as", err)
				}
			})
		}
	}
}

// between is what was printed between the first record and the last.
func between(printed string) string {
	end := strings.LastIndex(printed[:len(printed)-1], "\n")
	return withoutFirst(printed[:end+1])
}

// Files are made by whom the capture runs as, where nothing else can be.
func TestLiveRotates(t *testing.T) {
	network(t)
	dir := t.TempDir()
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	l := start(t, "--json", "-i", "lo", "-w", filepath.Join(dir, "out.pcapng"), "-C", "100k", "-W", "3")
	k := dial(t, "127.0.0.1")
	for range 100 {
		k.echo(strings.Repeat("x", 5000))
	}
	l.end()
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 3 {
		t.Errorf("files %v", files)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err != nil || info.Size() > 100<<10 || info.Sys().(*syscall.Stat_t).Uid != 65534 {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
}

// Where that will not be possible, it shows at the start.
func TestLiveCannotRotate(t *testing.T) {
	network(t)
	cmd := exec.Command(os.Args[0], "live", "-i", "lo", "-w", filepath.Join(t.TempDir(), "out.pcapng"), "-C", "100k")
	cmd.Env = append(os.Environ(), mainEnv+"=1", "SUDO_UID=", "SUDO_GID=")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "permission denied") {
		t.Errorf("%v: %s", err, out)
	}
}
