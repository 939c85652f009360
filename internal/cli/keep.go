package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/keep"
	"github.com/wsdissect/wsdissect/reassembly"
)

// kept are the flags about packets that are written to files.
type kept struct {
	path    string
	mode    string
	bytes   megabytes
	seconds int64
	count   int
}

func (k *kept) register(f *pflag.FlagSet) {
	f.StringVarP(&k.path, "write-file", "w", "", "write packets to this pcapng `FILE`")
	f.StringVar(&k.mode, "write", "matched", "`WHICH` packets to write: matched (TCP on the ports looked at), all (that pass the filter), websocket (of WebSocket connections)")
	f.VarP(&k.bytes, "rotate-size", "C", "begin another file when one has this size; a number is in units of 1,000,000 bytes")
	f.Int64VarP(&k.seconds, "rotate-seconds", "G", 0, "begin another file after N `SECONDS` of capture time")
	f.IntVarP(&k.count, "rotate-count", "W", 0, "write at most N `FILES`, then the first anew")
}

// keeping is what a run does with its packets besides showing them.
type keeping struct {
	*keep.Keeper
	files *keep.Files
	err   error
}

// to makes a run write its packets. Nothing is written before begin.
func (k *kept) to(j *job) error {
	mode, err := keep.ParseMode(k.mode)
	switch {
	case err != nil:
		return fmt.Errorf("--write: %w", err)
	case k.path == "":
		if k.bytes.n > 0 || k.seconds != 0 || k.count != 0 {
			return errors.New("-C, -G and -W are for the files of -w")
		}
		return nil
	case k.path == "-":
		return errors.New("-w needs a file: results go to standard output")
	case k.seconds < 0 || k.count < 0:
		return errors.New("-G and -W are numbers above 0")
	}
	rotation := keep.Rotation{Bytes: k.bytes.n, Seconds: k.seconds, Count: k.count}
	if k.count > 0 && !rotation.Rotates() {
		return errors.New("-W needs -C or -G")
	}
	files, err := keep.NewFiles(k.path, rotation, j.reader.Interfaces)
	if err != nil {
		j.complain(err)
		return exit(exitDamaged)
	}
	j.kept = &keeping{Keeper: keep.New(mode, j.options.Ports, files), files: files}
	j.options.Ignored = j.kept.Ignored
	j.reader.OnPacket(j.keep)
	return nil
}

// folders are those in which files will be made while the run goes on.
func (k *kept) folders() []string {
	if k.path == "" || k.bytes.n == 0 && k.seconds == 0 {
		return nil
	}
	return []string{filepath.Dir(k.path)}
}

// keep takes a packet of the reader.
func (j *job) keep(p *capture.Packet, s *reassembly.Segment) {
	if j.kept.err == nil {
		j.kept.failed(j, j.kept.Packet(p, j.reader.InterfaceOf(p), s))
	}
}

// failed ends the run when packets cannot be written.
func (k *keeping) failed(j *job, err error) {
	if err != nil && k.err == nil {
		k.err = err
		j.reader.Stop()
	}
}

// see learns from an event what its connection is.
func (k *keeping) see(e dissect.Event) {
	switch e := e.(type) {
	case *dissect.Handshake:
		k.Found(e.Conn)
	case *dissect.Frame:
		k.Found(e.Conn)
	}
}

// close writes the rest. The error is the first that there was.
func (k *keeping) close() error {
	return errors.Join(k.err, k.Keeper.Close(), k.files.Close())
}

// megabytes is a size for those who know tcpdump: a number alone is in millions.
type megabytes struct{ n int64 }

// String implements pflag.Value.
func (m *megabytes) String() string { return strconv.FormatInt(m.n, 10) }

// Type implements pflag.Value.
func (m *megabytes) Type() string { return "SIZE" }

// Set implements pflag.Value.
func (m *megabytes) Set(s string) error {
	if s != "" && strings.Trim(s, "0123456789") == "" {
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil || n == 0 {
			return fmt.Errorf("%q is no size", s)
		}
		m.n = n * 1e6
		return nil
	}
	var n size
	err := n.Set(s)
	m.n = int64(n)
	return err
}
