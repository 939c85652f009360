package mqtt

import "strconv"

// reason names a reason code of MQTT 5 2.4; 0 means different things in different packets.
func reason(kind, code byte) string {
	switch code {
	case 0x00:
		switch kind {
		case disconnect:
			return "normal disconnection"
		case suback:
			return "granted QoS 0"
		}
		return "success"
	case 0x01:
		return "granted QoS 1"
	case 0x02:
		return "granted QoS 2"
	case 0x04:
		return "disconnect with will message"
	case 0x10:
		return "no matching subscribers"
	case 0x11:
		return "no subscription existed"
	case 0x18:
		return "continue authentication"
	case 0x19:
		return "re-authenticate"
	}
	if i := int(code) - 0x80; 0 <= i && i < len(failures) && failures[i] != "" {
		return failures[i]
	}
	return "reason " + strconv.Itoa(int(code))
}

// failures are the reason codes from 0x80 on.
var failures = [...]string{
	"unspecified error", "malformed packet", "protocol error", "implementation specific error",
	"unsupported protocol version", "client identifier not valid", "bad user name or password", "not authorized",
	"server unavailable", "server busy", "banned", "server shutting down",
	"bad authentication method", "keep alive timeout", "session taken over", "topic filter invalid",
	"topic name invalid", "packet identifier in use", "packet identifier not found", "receive maximum exceeded",
	"topic alias invalid", "packet too large", "message rate too high", "quota exceeded",
	"administrative action", "payload format invalid", "retain not supported", "QoS not supported",
	"use another server", "server moved", "shared subscriptions not supported", "connection rate exceeded",
	"maximum connect time", "subscription identifiers not supported", "wildcard subscriptions not supported",
}

// returned names a return code of a CONNACK of MQTT 3.1.1 3.2.2.3.
func returned(code byte) string {
	names := [...]string{"accepted", "unacceptable protocol version", "identifier rejected", "server unavailable",
		"bad user name or password", "not authorized"}
	if int(code) < len(names) {
		return names[code]
	}
	return "reason " + strconv.Itoa(int(code))
}
