package capture

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// source yields the packets of one input.
type source interface {
	// next fills all of p but its Number and Input; p.Number is that of the last packet.
	// The error is io.EOF at the end, else an *Error, after which next may be called on.
	next(p *Packet) error
	close()
}

// format reads records of one kind from a file whose head stands at one.
type format interface {
	// next is that of a source, but for errHeader: the header of a new file stands
	// at the head of the window, where a record was to be.
	next(p *Packet) error
}

var errHeader = errors.New("file header in the place of a record")

// file is a capture file that is being read, of any format.
type file struct {
	name    string
	w       *window
	input   io.Closer
	ahead   *ahead // decompresses; nil for a plain file
	codec   codec
	regular bool // looking ahead is not waiting
	format  format
	secrets func(Secrets)

	interfaces *interfaces // where those with a name are put down; nil for nowhere
}

// openFile begins to read a file. Where that fails, the input is closed.
func openFile(name string, in io.ReadCloser, w *window, secrets func(Secrets)) (*file, error) {
	f := &file{name: name, w: w, input: in, regular: isRegular(in), secrets: secrets}
	w.reset(in)
	head := w.need(headSize)
	if f.codec = codecOf(head); f.codec != plain {
		f.ahead = newAhead(f.codec, w.buffered(), in)
		w.reset(f.ahead)
		head = w.need(headSize)
	}
	var err error
	if len(head) == 0 {
		err = f.failed(0)
	}
	if err == nil {
		f.format, err = f.detect(head)
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// next implements source.
func (f *file) next(p *Packet) error {
	for {
		err := f.format.next(p)
		if err != errHeader {
			return err
		}
		if f.format, err = f.detect(f.w.need(headSize)); err != nil {
			f.format = nothing{}
			return err
		}
	}
}

// close implements source.
func (f *file) close() {
	if f.ahead != nil {
		f.ahead.close()
		return
	}
	_ = f.input.Close() // it was only read
}

// detect reads the file header at the head of the window.
func (f *file) detect(head []byte) (format, error) {
	switch {
	case len(head) == 0:
		return nil, &Error{File: f.name, Text: ErrEmpty.Error(), Err: ErrEmpty}
	case isSectionHeader(head):
		return &pcapng{file: f}, nil
	case isPcapMagic(head):
		return newPcap(f)
	}
	text := ErrNotCapture.Error()
	if f.codec != plain {
		text = "not a capture file, when " + f.codec.String() + " is taken off"
	}
	return nil, &Error{File: f.name, Offset: f.w.offset(), Text: text + beginning(head), Err: ErrNotCapture}
}

// at says where an offset is.
func (f *file) at(offset int64) string {
	if f.codec != plain {
		return fmt.Sprintf("at offset %d when unpacked", offset)
	}
	return fmt.Sprintf("at offset %d", offset)
}

// failed is the reason, reported once, why the input could not be read to its end; nil
// when it was. It stands at the end of what the window has.
func (f *file) failed(packet int64) error {
	err := f.w.err
	if err == nil || err == io.EOF {
		return nil
	}
	f.w.err = io.EOF
	end := f.w.offset() + int64(len(f.w.buffered()))
	place := fmt.Sprintf("%s, after packet %d", f.at(end), packet)
	if f.codec == plain {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err // its name may be another one, as that of standard input
		}
		return &Error{f.name, end, "cannot be read " + place + ": " + printable(err.Error()), err}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &Error{f.name, end, f.codec.String() + " data cut short " + place, ErrCut}
	}
	return &Error{f.name, end, f.codec.damage(place, err), ErrDamaged}
}

// cut reports that the input ends at the end of the window, inside of what, and gives
// up the rest.
func (f *file) cut(packet int64, what string, want int64) error {
	if err := f.failed(packet); err != nil {
		f.w.take(len(f.w.buffered()))
		return err
	}
	offset, have := f.w.offset(), len(f.w.buffered())
	f.w.take(have)
	text := fmt.Sprintf("cut short in the middle of %s %s: %d of %d bytes", what, f.at(offset), have, want)
	return &Error{f.name, offset, text, ErrCut}
}

// damaged reports that no record stands at an offset, and what became of it.
func (f *file) damaged(packet, offset int64, skipped int64, found bool) error {
	text := fmt.Sprintf("damaged %s, after packet %d: ", f.at(offset), packet)
	if found {
		text += fmt.Sprintf("%d bytes skipped", skipped)
	} else {
		text += fmt.Sprintf("no packet in the %d bytes that are left", skipped)
	}
	return &Error{f.name, offset, text, ErrDamaged}
}

// nothing is the format of what could not be understood.
type nothing struct{}

func (nothing) next(*Packet) error { return io.EOF }
