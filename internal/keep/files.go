package keep

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wsdissect/wsdissect/capture"
)

// Rotation says when a new file begins. The zero value is one file.
type Rotation struct {
	Bytes   int64 // length that no packet goes beyond; 0 for any
	Seconds int64 // of capture time in a file, also where it goes back; 0 for any
	Count   int   // files, after which the first is written anew; 0 for any number
}

// Rotates reports whether there may be more than one file.
func (r Rotation) Rotates() bool { return r.Bytes > 0 || r.Seconds > 0 }

// Files is an Output of pcapng files. Rotated ones have a number before the extension:
// out-00001.pcapng.
type Files struct {
	dir   *os.Root // where they are made, also when the path to it is out of reach
	name  string
	rot   Rotation
	known func() []capture.Interface

	file   *os.File
	w      *capture.Writer
	number int
	begun  bool  // it has a packet
	since  int64 // time of the first
}

// NewFiles makes files at a path, replacing what is there. It opens the folder; the first
// file is made by Begin. Known are the interfaces that each file describes at its beginning.
func NewFiles(path string, r Rotation, known func() []capture.Interface) (*Files, error) {
	dir, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	return &Files{dir: dir, name: filepath.Base(path), rot: r, known: known}, nil
}

// Begin makes the first file, if there is none yet. Where root makes it, it belongs to a
// user who may go on with it.
func (f *Files) Begin(uid, gid int) error {
	if f.file != nil {
		return nil
	}
	if err := f.next(); err != nil {
		return err
	}
	if uid == 0 || os.Geteuid() != 0 {
		return nil
	}
	return f.file.Chown(uid, gid)
}

// Write implements Output.
func (f *Files) Write(p *capture.Packet, on capture.Interface) error {
	if f.over(p) {
		if err := f.finish(); err != nil {
			return err
		}
		if err := f.next(); err != nil {
			return err
		}
	}
	if !f.begun {
		f.begun, f.since = true, p.Time
	}
	return f.w.Write(p, on)
}

// over reports whether a packet belongs in the next file.
func (f *Files) over(p *capture.Packet) bool {
	if !f.begun { // a file has a packet at least
		return false
	}
	const block = 64 // more than what a packet costs besides its data
	return f.rot.Bytes > 0 && f.w.Size()+int64(len(p.Data))+block > f.rot.Bytes ||
		f.rot.Seconds > 0 && time.Duration(p.Time-f.since).Abs()/time.Second >= time.Duration(f.rot.Seconds)
}

// next begins a file.
func (f *Files) next() error {
	name := f.name
	if f.rot.Rotates() {
		f.number++
		if f.rot.Count > 0 && f.number > f.rot.Count {
			f.number = 1
		}
		ext := filepath.Ext(name)
		name = fmt.Sprintf("%s-%05d%s", strings.TrimSuffix(name, ext), f.number, ext)
	}
	file, err := f.dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	f.file, f.w, f.begun = file, capture.NewWriter(file, f.known()...), false
	return nil
}

// Flush writes what is still in memory.
func (f *Files) Flush() error {
	if f.w == nil {
		return nil
	}
	return f.w.Flush()
}

func (f *Files) finish() error {
	err := f.w.Flush()
	if cerr := f.file.Close(); err == nil {
		err = cerr
	}
	f.file = nil
	return err
}

// Close ends the last file.
func (f *Files) Close() error {
	var err error
	if f.file != nil {
		err = f.finish()
	}
	if cerr := f.dir.Close(); err == nil {
		err = cerr
	}
	return err
}
