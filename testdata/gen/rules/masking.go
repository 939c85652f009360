package main

import (
	"encoding/binary"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// masking are the rules for masks (RFC 6455 5.1, 5.3).
func masking() []example {
	text := wstest.Text("How are you?")
	return []example{
		{rule: rules.FrameClientUnmasked, build: after(
			func(s *scene) {
				s.Client(text.Bytes())
				s.serverFails(1002)
			},
			func(s *scene) { s.clientSends(text).bye() })},
		{rule: rules.FrameServerMasked, build: after(
			func(s *scene) { s.serverSends(text.MaskedWith(s.mask())).clientFails(1002) },
			func(s *scene) { s.serverSends(text).bye() })},
		{rule: rules.MaskKeyZero, build: after(
			func(s *scene) { s.clientSends(text.MaskedWith([4]byte{})).bye() },
			func(s *scene) { s.clientSends(text).bye() })},
		{rule: rules.MaskKeyReused, build: after(
			func(s *scene) {
				key := s.mask()
				s.clientSends(text.MaskedWith(key), text.MaskedWith(key)).bye()
			},
			func(s *scene) { s.clientSends(text, text).bye() })},
		{rule: rules.MaskKeyPredictable, build: after(
			func(s *scene) {
				key := s.mask()
				for range 4 {
					s.clientSends(text.MaskedWith(key))
					binary.BigEndian.PutUint32(key[:], binary.BigEndian.Uint32(key[:])+1)
				}
				s.bye()
			},
			func(s *scene) { s.clientSends(text).clientSends(text).clientSends(text).clientSends(text).bye() })},
	}
}
