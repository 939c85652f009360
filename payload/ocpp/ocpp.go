// Package ocpp explains OCPP-J, the JSON form of OCPP 1.6 to 2.1 between charging stations
// and their management: calls paired with their results and errors, in either direction.
package ocpp

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "ocpp",
		Subprotocol: payload.Is("ocpp*"),
		Content:     looksLike,
		New:         func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of a call with an action that charging stations begin with, or that
// they repeat.
func looksLike(m *dissect.Message) bool {
	if len(m.Payload) == 0 || m.Payload[0] != '[' {
		return false
	}
	list, ok := payload.Elements(m.Payload)
	if !ok || len(list) != 4 || string(list[0]) != "2" || list[1][0] != '"' || list[3][0] != '{' {
		return false
	}
	action, _ := payload.String(list[2])
	switch action {
	case "BootNotification", "Heartbeat", "StatusNotification", "Authorize", "MeterValues", "StartTransaction",
		"StopTransaction", "TransactionEvent", "FirmwareStatusNotification", "NotifyReport", "NotifyEvent":
		return true
	}
	return false
}

// decoder follows both directions of a connection.
type decoder struct{ payload.Requests }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	list, ok := payload.Elements(m.Payload)
	if !ok {
		return payload.NotJSON(m.Payload)
	}
	if len(list) < 3 {
		return nil
	}
	switch kind := string(list[0]); {
	case kind == "2" && len(list) == 4:
		return d.call(m, "CALL", list)
	case kind == "3" && len(list) == 3:
		return d.result(m, list)
	case kind == "4" && len(list) == 5:
		return d.failure(m, "CALLERROR", m.Dir.Reverse(), list)
	case kind == "5" && len(list) == 5:
		return d.failure(m, "CALLRESULTERROR", m.Dir.Reverse(), list)
	case kind == "6" && len(list) == 4:
		return d.call(m, "SEND", list)
	}
	return &dissect.Decoded{Error: "no message of OCPP-J has this type and so many elements"}
}

// call is [2, id, action, payload], or the same without an answer: [6, ...].
func (d *decoder) call(m *dissect.Message, kind string, list []dissect.JSON) *dissect.Decoded {
	action := payload.Word(list[2])
	if kind == "CALL" {
		d.Sent(key(m.Dir, list[1]), action, m)
	}
	return &dissect.Decoded{
		Brief:     payload.Line(kind, payload.Word(list[1]), action, payload.Word(list[3])),
		Heartbeat: action == "Heartbeat",
		Fields: dissect.Object{
			{Name: "type", Value: kind},
			{Name: "id", Value: payload.Value(list[1])},
			{Name: "action", Value: payload.Value(list[2])},
			{Name: "payload", Value: list[3]},
		},
	}
}

// result is [3, id, payload].
func (d *decoder) result(m *dissect.Message, list []dissect.JSON) *dissect.Decoded {
	fields, action := d.answer(m, "CALLRESULT", m.Dir.Reverse(), list[1])
	return &dissect.Decoded{
		Brief:     payload.Line("CALLRESULT", payload.Word(list[1]), payload.Of(action), payload.Word(list[2])),
		Heartbeat: action == "Heartbeat",
		Fields:    append(fields, dissect.Field{Name: "payload", Value: list[2]}),
	}
}

// failure is [4, id, code, description, details], or [5, ...] of OCPP 2.1, by which a
// result is refused.
func (d *decoder) failure(m *dissect.Message, kind string, asked dissect.Dir, list []dissect.JSON) *dissect.Decoded {
	fields, action := d.answer(m, kind, asked, list[1])
	return &dissect.Decoded{
		Brief: payload.Line(kind, payload.Word(list[1]), payload.Of(action), payload.Word(list[2]), payload.Word(list[3])),
		Fields: append(fields, dissect.Object{
			{Name: "code", Value: payload.Value(list[2])},
			{Name: "description", Value: payload.Value(list[3])},
			{Name: "details", Value: list[4]},
		}...),
	}
}

// answer tells which call is answered, and gives its action.
func (d *decoder) answer(m *dissect.Message, kind string, asked dissect.Dir, id dissect.JSON) (dissect.Object, string) {
	fields := dissect.Object{{Name: "type", Value: kind}, {Name: "id", Value: payload.Value(id)}}
	q, ok := d.Answered(key(asked, id))
	if !ok {
		return fields, ""
	}
	fields = append(fields, dissect.Field{Name: "action", Value: q.What})
	return append(fields, q.Fields(m)...), q.What
}

func key(dir dissect.Dir, id dissect.JSON) string { return dir.String() + " " + string(id) }
