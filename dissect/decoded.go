package dissect

// Decoded is what the payload of a message means in the protocol that rides on WebSocket.
type Decoded struct {
	Protocol  string // stable name, "socket.io"
	By        string // what chose the decoder: subprotocol, path, content or option
	Brief     string // a line for the list: `EVENT /chat "message" {"id":1}`
	Heartbeat bool   // only keeps the connection open
	Error     string // why the decoder could not read the message; empty if it could
	Fields    Object
}

// Object is a list of named values, in the order in which they are shown.
type Object []Field

// Field is a named value. Names are the keys of the json format: lower case, with
// underscores, none twice in an Object. The value is one of
//
//	nil, bool, int, int64, uint64, float64, string, []byte, JSON, Object, []any (of these)
//
// A string that is not UTF-8 is given as []byte.
type Field struct {
	Name  string
	Value any
}

// JSON is a valid JSON text. It stands as it is in the json format, and is indented in
// the tree.
type JSON []byte
