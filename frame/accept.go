package frame

import (
	"crypto/sha1"
	"encoding/base64"
)

// acceptGUID is the constant of RFC 6455 1.3.
const acceptGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// Accept is the Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455 4.2.2),
// for any key, valid or not. The key is taken as sent, without blanks around it.
func Accept(key string) string {
	sum := sha1.Sum([]byte(key + acceptGUID))
	return base64.StdEncoding.EncodeToString(sum[:])
}
