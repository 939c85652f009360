package capture

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Input is one source of packets: bytes of a capture file, compressed or not.
type Input struct {
	// Name stands for the input in errors and statistics.
	Name string

	// Open is called when the input's turn comes. What it returns is closed when the
	// input has been read, and before that when the iteration is given up.
	Open func() (io.ReadCloser, error)

	path string // of the file, for File
}

// File is a capture file, or all capture files of a directory (not of those below it),
// in the order of their names. A file that comes again, by this or another name, is read once.
func File(path string) Input {
	open := func() (io.ReadCloser, error) { return os.Open(path) }
	return Input{Name: path, Open: open, path: path}
}

// Stream is a capture file that comes from r, such as standard input: each packet is
// handed out as soon as it is complete. The Reader does not close r.
func Stream(name string, r io.Reader) Input {
	return Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
}

// expand puts in the place of each directory the capture files in it.
func expand(inputs []Input) ([]Input, []error) {
	var files []Input
	var errs []error
	for _, in := range inputs {
		if !in.mode().IsDir() {
			files = append(files, in)
			continue
		}
		found, err := capturesIn(in.path)
		if err != nil {
			errs = append(errs, openError(in.path, err))
		} else if len(found) == 0 {
			errs = append(errs, &Error{File: in.Name, Text: ErrNoCaptures.Error(), Err: ErrNoCaptures})
		}
		files = append(files, found...)
	}
	return once(files), errs
}

// once leaves out regular files that were there before, such as a link to the newest one
// in a directory: their packets would all be repeats.
func once(inputs []Input) []Input {
	type stamp struct{ size, changed int64 } // tells most files apart
	seen := make(map[stamp][]fs.FileInfo)
	return slices.DeleteFunc(inputs, func(in Input) bool {
		if !in.mode().IsRegular() {
			return false
		}
		info, err := os.Stat(in.path)
		if err != nil {
			return false // its opening will tell
		}
		at := stamp{info.Size(), info.ModTime().UnixNano()}
		if slices.ContainsFunc(seen[at], func(other fs.FileInfo) bool { return os.SameFile(other, info) }) {
			return true
		}
		seen[at] = append(seen[at], info)
		return false
	})
}

// capturesIn are the regular files in a directory that begin as captures do, or where
// that cannot be known, or whose names say so: a capture may have lost its beginning.
func capturesIn(dir string) ([]Input, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	w := newWindow(peekSize)
	var found []Input
	for _, e := range entries {
		in := File(filepath.Join(dir, e.Name()))
		if !in.mode().IsRegular() {
			continue
		}
		r, err := in.Open()
		if err == nil {
			f, err := openFile(in.Name, r, w, nil)
			if errors.Is(err, ErrNotCapture) && !namedCapture(e.Name()) || errors.Is(err, ErrEmpty) {
				continue
			}
			if err == nil {
				f.close()
			}
		}
		found = append(found, in)
	}
	return found, nil
}

// namedCapture reports whether a file has the name of a capture: dump.pcap, dump.pcap12,
// dump.pcapng.gz.
func namedCapture(name string) bool {
	switch ext := filepath.Ext(name); ext {
	case ".gz", ".zst", ".lz4", ".xz":
		name = strings.TrimSuffix(name, ext)
	}
	switch strings.TrimRight(filepath.Ext(name), "0123456789") {
	case ".pcap", ".pcapng", ".cap":
		return true
	}
	return false
}

// mode is what the input is for the file system. Without a path it is irregular; what
// cannot be found is taken for a file, and its opening tells what is wrong.
func (in Input) mode() fs.FileMode {
	if in.path == "" {
		return fs.ModeIrregular
	}
	info, err := os.Stat(in.path)
	if err != nil {
		return 0
	}
	return info.Mode()
}

// peekSize is the window for a look at the first packet.
const peekSize = 64 << 10

// byTime puts inputs in the order of their first packets, if all are regular files. One
// without a packet stays behind the one that it was behind.
func byTime(inputs []Input) []Input {
	if len(inputs) < 2 {
		return inputs
	}
	type timed struct {
		in    Input
		first int64
	}
	list := make([]timed, len(inputs))
	w := newWindow(peekSize)
	var last int64
	for i, in := range inputs {
		if !in.mode().IsRegular() {
			return inputs
		}
		if t, ok := firstTime(in, w); ok {
			last = t
		}
		list[i] = timed{in, last}
	}
	slices.SortStableFunc(list, func(a, b timed) int { return cmp.Compare(a.first, b.first) })
	sorted := make([]Input, len(list))
	for i, t := range list {
		sorted[i] = t.in
	}
	return sorted
}

// firstTime is the time of the first packet of an input, behind the damages before it.
func firstTime(in Input, w *window) (int64, bool) {
	r, err := in.Open()
	if err != nil {
		return 0, false
	}
	f, err := openFile(in.Name, r, w, nil)
	if err != nil {
		return 0, false
	}
	defer f.close()
	var p Packet
	for {
		if err = f.next(&p); err == nil || err == io.EOF {
			return p.Time, err == nil
		}
	}
}
