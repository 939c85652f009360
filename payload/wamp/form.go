package wamp

// form is a kind of message (WAMP, section 5.4): its code, its name, and the names of the
// elements behind the code.
type form struct {
	code     int64
	name     string
	elements []string
	subject  string // element that says what it is about
	reply    reply
	answers  int64 // code of what it answers; 0 for nothing
	sameWay  bool  // what it refers to was sent by the same endpoint
}

// reply tells whether a message will be answered.
type reply uint8

const (
	never reply = iota
	always
	onDemand // if its options say acknowledge
)

// asks reports whether this message will be answered.
func (f *form) asks(g *unit) bool {
	return f.reply == always || f.reply == onDemand && member(g.values["options"], "acknowledge") == true
}

const (
	heartbeat  = 7
	errorCode  = 8
	subscribed = 33
	registered = 65
)

func formOf(code int64) *form {
	for i := range forms {
		if forms[i].code == code {
			return &forms[i]
		}
	}
	return nil
}

var forms = [...]form{
	{code: 1, name: "HELLO", elements: []string{"realm", "details"}, reply: always},
	{code: 2, name: "WELCOME", elements: []string{"session", "details"}, answers: 1},
	{code: 3, name: "ABORT", elements: []string{"details", "reason", "args", "kwargs"}, answers: 1},
	{code: 4, name: "CHALLENGE", elements: []string{"auth_method", "extra"}, reply: always},
	{code: 5, name: "AUTHENTICATE", elements: []string{"signature", "extra"}, answers: 4},
	{code: 6, name: "GOODBYE", elements: []string{"details", "reason"}, reply: always, answers: 6},
	{code: heartbeat, name: "HEARTBEAT", elements: []string{"incoming", "outgoing", "discard"}},
	{code: errorCode, name: "ERROR", elements: []string{"request_type", "request", "details", "error", "args", "kwargs"}},
	{code: 16, name: "PUBLISH", elements: []string{"request", "options", "topic", "args", "kwargs"}, subject: "topic", reply: onDemand},
	{code: 17, name: "PUBLISHED", elements: []string{"request", "publication"}, answers: 16},
	{code: 32, name: "SUBSCRIBE", elements: []string{"request", "options", "topic"}, subject: "topic", reply: always},
	{code: subscribed, name: "SUBSCRIBED", elements: []string{"request", "subscription"}, answers: 32},
	{code: 34, name: "UNSUBSCRIBE", elements: []string{"request", "subscription"}, subject: "topic", reply: always},
	{code: 35, name: "UNSUBSCRIBED", elements: []string{"request", "details"}, answers: 34},
	{code: 36, name: "EVENT", elements: []string{"subscription", "publication", "details", "args", "kwargs"}},
	{code: 48, name: "CALL", elements: []string{"request", "options", "procedure", "args", "kwargs"}, subject: "procedure", reply: always},
	{code: 49, name: "CANCEL", elements: []string{"request", "options"}, answers: 48, sameWay: true},
	{code: 50, name: "RESULT", elements: []string{"request", "details", "args", "kwargs"}, answers: 48},
	{code: 64, name: "REGISTER", elements: []string{"request", "options", "procedure"}, subject: "procedure", reply: always},
	{code: registered, name: "REGISTERED", elements: []string{"request", "registration"}, answers: 64},
	{code: 66, name: "UNREGISTER", elements: []string{"request", "registration"}, subject: "procedure", reply: always},
	{code: 67, name: "UNREGISTERED", elements: []string{"request", "details"}, answers: 66},
	{code: 68, name: "INVOCATION", elements: []string{"request", "registration", "details", "args", "kwargs"}, subject: "procedure", reply: always},
	{code: 69, name: "INTERRUPT", elements: []string{"request", "options"}, answers: 68, sameWay: true},
	{code: 70, name: "YIELD", elements: []string{"request", "options", "args", "kwargs"}, answers: 68},
}
