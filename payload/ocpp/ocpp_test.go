package ocpp_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/ocpp"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"1.6", "2.0.1"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(ocpp.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		// OCPP-J 1.6, 4.2.1 to 4.2.3.
		{"of the specification", payload.Session{Subprotocol: "ocpp1.6"}, []talk.Message{talk.Text(c2s, `[2, "19223201", "BootNotification", {"chargePointVendor": "VendorX", "chargePointModel": "SingleSocketCharger"}]`), talk.Text(s2c, `[3, "19223201", {"status":"Accepted", "currentTime":"2013-02-01T20:53:32.486Z", "heartbeatInterval":300}]`)},
			`c2s ocpp by subprotocol: "CALL 19223201 BootNotification {\"chargePointVendor\": \"VendorX\", \"chargePointModel\": \"SingleSocketCharger\"}" type: "CALL" id: "19223201" action: "BootNotification" payload: {"chargePointVendor": "VendorX", "chargePointModel": "SingleSocketCharger"} | s2c ocpp by subprotocol: "CALLRESULT 19223201 of BootNotification {\"status\":\"Accepted\", \"currentTime\":\"2013-02-01T20:53:32.486Z\", \"heartbeatInterval\":300}" type: "CALLRESULT" id: "19223201" action: "BootNotification" request_packet: 5 seconds: 0.01 payload: {"status":"Accepted", "currentTime":"2013-02-01T20:53:32.486Z", "heartbeatInterval":300}`},
		{"same id in both directions", payload.Session{Subprotocol: "ocpp1.6"}, []talk.Message{talk.Text(c2s, `[2,"1","A",{}]`), talk.Text(s2c, `[2,"1","B",{}]`), talk.Text(s2c, `[3,"1",{}]`), talk.Text(c2s, `[4,"1","InternalError","",{}]`)},
			`c2s ocpp by subprotocol: "CALL 1 A {}" type: "CALL" id: "1" action: "A" payload: {} | s2c ocpp by subprotocol: "CALL 1 B {}" type: "CALL" id: "1" action: "B" payload: {} | s2c ocpp by subprotocol: "CALLRESULT 1 of A {}" type: "CALLRESULT" id: "1" action: "A" request_packet: 5 seconds: 0.02 payload: {} | c2s ocpp by subprotocol: "CALLERROR 1 of B InternalError" type: "CALLERROR" id: "1" action: "B" request_packet: 6 seconds: 0.02 code: "InternalError" description: "" details: {}`},
		// OCPP-J 2.1, 4.2.4 and 4.2.5.
		{"of 2.1", payload.Session{Subprotocol: "ocpp2.1"}, []talk.Message{talk.Text(c2s, `[6,"2","NotifyPeriodicEventStream",{"id":1}]`), talk.Text(c2s, `[5,"3","FormationViolation","",{}]`)},
			`c2s ocpp by subprotocol: "SEND 2 NotifyPeriodicEventStream {\"id\":1}" type: "SEND" id: "2" action: "NotifyPeriodicEventStream" payload: {"id":1} | c2s ocpp by subprotocol: "CALLRESULTERROR 3 FormationViolation" type: "CALLRESULTERROR" id: "3" code: "FormationViolation" description: "" details: {}`},
		{"by content", payload.Session{}, []talk.Message{talk.Text(c2s, `[2,"1","Heartbeat",{}]`), talk.Text(c2s, `[2,"1","Heartbeat"]`), talk.Text(c2s, `[]`), talk.Text(c2s, `[2,`), talk.Text(c2s, `hello`)},
			`c2s ocpp by content: "CALL 1 Heartbeat {}" heartbeat type: "CALL" id: "1" action: "Heartbeat" payload: {} | c2s ocpp by content: "" error: no message of OCPP-J has this type and so many elements | c2s not explained, 2 bytes | c2s ocpp by content: "" error: not valid JSON, or nested too deep | c2s not explained, 5 bytes`},
		{"not by content", payload.Session{}, []talk.Message{talk.Text(c2s, `[2,"1","Anything",{}]`), talk.Text(c2s, `[2,1,"Heartbeat",{}]`)},
			`c2s not explained, 21 bytes | c2s not explained, 20 bytes`},
	} {
		if got := talk.Line(talk.Explain(ocpp.Protocol(), c.session, c.parts...)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range names {
		_, list := talk.Named(f, name)
		for i := range list {
			f.Add(list[i].Data, list[(i+1)%len(list)].Data)
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		p := ocpp.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
