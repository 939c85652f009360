package wamp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"

	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/cbor"
	"github.com/wsdissect/wsdissect/payload/msgpack"
)

// Why a message is not read.
var (
	errArray  = errors.New("WAMP: no array with a code")
	errLength = errors.New("WAMP: a message is longer than the batch")
)

// reader is what reads a message of the subprotocol from what begins with one.
func reader(subprotocol string) func([]byte) ([]any, []byte, error) {
	name := strings.ToLower(subprotocol)
	read := readJSON
	switch {
	case strings.Contains(name, "msgpack"):
		read = packed(msgpack.Parse)
	case strings.Contains(name, "cbor"):
		read = packed(cbor.Parse)
	default:
		return read
	}
	if strings.HasSuffix(name, ".batched") {
		return batched(read)
	}
	return read
}

// readJSON reads a message; of a batch, each ends with 0x18.
func readJSON(b []byte) ([]any, []byte, error) {
	text, rest, _ := bytes.Cut(b, []byte{0x18})
	elements, ok := payload.Elements(text)
	if !ok || len(elements) == 0 {
		return nil, nil, errArray
	}
	list := make([]any, len(elements))
	for i, e := range elements {
		list[i] = payload.Value(e)
	}
	return list, rest, nil
}

// packed reads a message by a parser of values.
func packed(parse func([]byte) (any, []byte, error)) func([]byte) ([]any, []byte, error) {
	return func(b []byte) ([]any, []byte, error) {
		v, rest, err := parse(b)
		if err != nil {
			return nil, nil, err
		}
		list, _ := v.([]any)
		if len(list) == 0 {
			return nil, nil, errArray
		}
		for i := range list {
			list[i] = whole(list[i])
		}
		return list, rest, nil
	}
}

// batched reads a message behind its length of 32 bits.
func batched(read func([]byte) ([]any, []byte, error)) func([]byte) ([]any, []byte, error) {
	return func(b []byte) ([]any, []byte, error) {
		if len(b) < 4 {
			return nil, nil, errLength
		}
		size := uint64(binary.BigEndian.Uint32(b))
		if b = b[4:]; size > uint64(len(b)) {
			return nil, nil, errLength
		}
		list, _, err := read(b[:size])
		return list, b[size:], err
	}
}

// whole is an id of up to 53 bits as a whole number: some write it as a float.
func whole(v any) any {
	switch n := v.(type) {
	case float64:
		if i := int64(n); float64(i) == n && -1<<53 <= i && i <= 1<<53 {
			return i
		}
	case uint64:
		if n <= 1<<53 {
			return int64(n)
		}
	}
	return v
}
