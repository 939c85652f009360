// Package all is the list of the protocols that wsdissect understands.
package all

import (
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/actioncable"
	"github.com/wsdissect/wsdissect/payload/amqp"
	"github.com/wsdissect/wsdissect/payload/cbor"
	"github.com/wsdissect/wsdissect/payload/centrifugo"
	"github.com/wsdissect/wsdissect/payload/content"
	"github.com/wsdissect/wsdissect/payload/graphql"
	"github.com/wsdissect/wsdissect/payload/jsonrpc"
	"github.com/wsdissect/wsdissect/payload/kubernetes"
	"github.com/wsdissect/wsdissect/payload/mqtt"
	"github.com/wsdissect/wsdissect/payload/msgpack"
	"github.com/wsdissect/wsdissect/payload/nats"
	"github.com/wsdissect/wsdissect/payload/nostr"
	"github.com/wsdissect/wsdissect/payload/ocpp"
	"github.com/wsdissect/wsdissect/payload/phoenix"
	"github.com/wsdissect/wsdissect/payload/protobuf"
	"github.com/wsdissect/wsdissect/payload/pusher"
	"github.com/wsdissect/wsdissect/payload/signalr"
	"github.com/wsdissect/wsdissect/payload/sip"
	"github.com/wsdissect/wsdissect/payload/socketio"
	"github.com/wsdissect/wsdissect/payload/sockjs"
	"github.com/wsdissect/wsdissect/payload/stomp"
	"github.com/wsdissect/wsdissect/payload/tunnel"
	"github.com/wsdissect/wsdissect/payload/wamp"
	"github.com/wsdissect/wsdissect/payload/xmpp"
)

// Protocols are all protocols, those that are surest of their own first.
func Protocols() []payload.Protocol {
	list := []payload.Protocol{
		socketio.Protocol(),
		actioncable.Protocol(),
		centrifugo.Protocol(),
		graphql.Protocol(),
		nostr.Protocol(),
		ocpp.Protocol(),
		phoenix.Protocol(),
		pusher.Protocol(),
		signalr.Protocol(),
		wamp.Protocol(),
		mqtt.Protocol(),
		msgpack.Protocol(),
		cbor.Protocol(),
		protobuf.Protocol(),
		stomp.Protocol(),
		nats.Protocol(),
		amqp.Protocol(),
		sip.Protocol(),
		xmpp.Protocol(),
		kubernetes.Protocol(),
		tunnel.Protocol(),
	}
	list = append(list, jsonrpc.Protocols()...)
	return append(list, sockjs.Protocol(list, Fallback()))
}

// Fallback explains what no protocol does.
func Fallback() payload.Decoder { return new(content.Decoder) }
