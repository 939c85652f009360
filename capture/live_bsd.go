//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package capture

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"syscall"

	"github.com/google/gopacket"
	"github.com/google/gopacket/bsdbpf"

	"github.com/wsdissect/wsdissect/internal/filter"
)

// Link types whose numbers differ between systems.
const (
	dltLoopOpenBSD = 12
	linkLoop       = 108
)

// openLive implements Live through /dev/bpf.
func openLive(o LiveOptions, expr *filter.Expr) (live, error) {
	name, err := o.single()
	if err != nil {
		return nil, err
	}
	link, err := linkOfInterface(name)
	if err != nil {
		return nil, err
	}
	p, err := newPolled(o, expr, link)
	if err != nil {
		return nil, err
	}
	timeout := syscall.NsecToTimeval(int64(pollEvery))
	b, err := openBPF(name, &bsdbpf.Options{
		ReadBufLen: 512 << 10, // the system lowers it to what it can
		Timeout:    &timeout, Promisc: o.Promiscuous, Immediate: true, PreserveLinkAddr: true,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: cannot capture: %w", printable(name), err)
	}
	p.release = func() { _ = b.Close() }
	p.drops = func() int64 { return 0 } // the system counts them; bsdbpf does not tell
	p.poll = func() ([]byte, gopacket.CaptureInfo, error) {
		data, info, err := b.ReadPacketData()
		switch {
		case errors.Is(err, syscall.EINTR), err == nil && len(data) == 0:
			return nil, info, errNothing
		case errors.Is(err, syscall.ENXIO):
			err = fmt.Errorf("the interface has gone: %w", err)
		}
		return data, info, err
	}
	return p, nil
}

// openBPF opens a device of its own. That no device is free, or none is ours to open, is a
// panic of bsdbpf.
func openBPF(name string, o *bsdbpf.Options) (b *bsdbpf.BPFSniffer, err error) {
	defer func() {
		if recover() != nil {
			err = fs.ErrPermission
		}
	}()
	return bsdbpf.NewBPFSniffer(name, o)
}

// linkOfInterface asks the system, with a device of its own.
func linkOfInterface(name string) (uint32, error) {
	for i := range 256 {
		fd, err := syscall.Open(fmt.Sprintf("/dev/bpf%d", i), syscall.O_RDONLY, 0)
		switch {
		case errors.Is(err, syscall.EBUSY):
			continue
		case err != nil:
			return 0, fmt.Errorf("cannot capture: %w", err)
		}
		defer syscall.Close(fd)
		if err := syscall.SetBpfInterface(fd, name); errors.Is(err, syscall.ENXIO) {
			return 0, fmt.Errorf("%s: %w", printable(name), ErrNoInterface)
		} else if err != nil {
			return 0, fmt.Errorf("%s: cannot capture: %w", printable(name), err)
		}
		dlt, err := syscall.BpfDatalink(fd)
		if runtime.GOOS == "openbsd" && dlt == dltLoopOpenBSD {
			dlt = linkLoop
		}
		return uint32(dlt), err
	}
	return 0, errors.New("cannot capture: all of /dev/bpf is in use")
}
