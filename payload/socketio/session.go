package socketio

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// sessions are those of Engine.IO that go over HTTP, by their ids, until WebSocket takes
// them over. They may be on any number of connections.
type sessions struct {
	byID map[string]*session
	ids  []string // by age
}

// session is what of one was seen over HTTP.
type session struct {
	decoder *decoder
	opened  int64 // packet of the answer that opened it; 0 if that was not captured
	packets int   // of Engine.IO, both directions
}

const (
	maxSessions = 1024
	maxID       = 256 // bytes of an id
)

// get is the session of that id, a new one where there is none.
func (s *sessions) get(id string, version int) *session {
	if e := s.byID[id]; e != nil {
		return e
	}
	e := &session{decoder: &decoder{version: version}}
	s.put(id, e)
	return e
}

// put keeps a session. Of too many the oldest is forgotten.
func (s *sessions) put(id string, e *session) {
	if id == "" || len(id) > maxID {
		return
	}
	if s.byID == nil {
		s.byID = map[string]*session{}
	}
	s.byID[id] = e
	s.ids = append(s.ids, id)
	if len(s.ids) > maxSessions {
		delete(s.byID, s.ids[0])
		s.ids = s.ids[1:]
	}
}

// decoder is that of a WebSocket connection: of the session that it takes over, where that
// began over HTTP, so that what was asked there is answered here.
func (s *sessions) decoder(of *payload.Session) payload.Decoder {
	id := parameter(of.Query, "sid")
	e := s.byID[id]
	if e == nil {
		return newDecoder(of)
	}
	e.decoder.polled = dissect.Object{{Name: "sid", Value: id}}
	if e.opened != 0 {
		e.decoder.polled = append(e.decoder.polled, dissect.Field{Name: "open_packet", Value: e.opened})
	}
	e.decoder.polled = append(e.decoder.polled, dissect.Field{Name: "polled_packets", Value: e.packets})
	return e.decoder
}

// parameter is the value of a query parameter, empty if it is not there.
func parameter(query, name string) string {
	for pair := range strings.SplitSeq(query, "&") {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// versionOf is the version of Engine.IO that a query names; 0 if none that is known.
func versionOf(query string) int {
	switch parameter(query, "EIO") {
	case "3":
		return 3
	case "4":
		return 4
	}
	return 0
}
