package mqtt

import (
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
)

// property is a row of MQTT 5 2.2.2.2.
type property struct {
	name string
	kind kind
}

type kind uint8

const (
	kindByte kind = iota
	kindU16
	kindU32
	kindVarint
	kindText
	kindData
	kindPair
)

func propertyOf(id int) (property, bool) {
	switch id {
	case 0x01:
		return property{"payload_format_indicator", kindByte}, true
	case 0x02:
		return property{"message_expiry_interval", kindU32}, true
	case 0x03:
		return property{"content_type", kindText}, true
	case 0x08:
		return property{"response_topic", kindText}, true
	case 0x09:
		return property{"correlation_data", kindData}, true
	case 0x0B:
		return property{"subscription_identifiers", kindVarint}, true
	case 0x11:
		return property{"session_expiry_interval", kindU32}, true
	case 0x12:
		return property{"assigned_client_identifier", kindText}, true
	case 0x13:
		return property{"server_keep_alive", kindU16}, true
	case 0x15:
		return property{"authentication_method", kindText}, true
	case 0x16:
		return property{"authentication_data", kindData}, true
	case 0x17:
		return property{"request_problem_information", kindByte}, true
	case 0x18:
		return property{"will_delay_interval", kindU32}, true
	case 0x19:
		return property{"request_response_information", kindByte}, true
	case 0x1A:
		return property{"response_information", kindText}, true
	case 0x1C:
		return property{"server_reference", kindText}, true
	case 0x1F:
		return property{"reason_string", kindText}, true
	case 0x21:
		return property{"receive_maximum", kindU16}, true
	case 0x22:
		return property{"topic_alias_maximum", kindU16}, true
	case 0x23:
		return property{"topic_alias", kindU16}, true
	case 0x24:
		return property{"maximum_qos", kindByte}, true
	case 0x25:
		return property{"retain_available", kindByte}, true
	case 0x26:
		return property{"user_properties", kindPair}, true
	case 0x27:
		return property{"maximum_packet_size", kindU32}, true
	case 0x28:
		return property{"wildcard_subscription_available", kindByte}, true
	case 0x29:
		return property{"subscription_identifiers_available", kindByte}, true
	case 0x2A:
		return property{"shared_subscription_available", kindByte}, true
	}
	return property{}, false
}

// properties reads the properties of MQTT 5; nil if there are none. Those that may come
// more than once are lists.
func (r *reader) properties() dissect.Object {
	in := reader{b: r.take(r.varint()), err: r.err}
	var o dissect.Object
	at := map[string]int{}
	for len(in.b) > 0 && in.err == nil {
		id := in.varint()
		p, ok := propertyOf(id)
		if !ok {
			in.err = fmt.Errorf("MQTT: unknown property %#x", id)
			break
		}
		v := in.property(p.kind)
		many := p.kind == kindPair || p.kind == kindVarint
		i, again := at[p.name]
		switch {
		case again && !many:
			in.err = fmt.Errorf("MQTT: property %s comes twice", p.name)
		case again:
			o[i].Value = append(o[i].Value.([]any), v)
		case many:
			v = []any{v}
			fallthrough
		default:
			at[p.name] = len(o)
			o = append(o, dissect.Field{Name: p.name, Value: v})
		}
	}
	r.err = in.err
	return o
}

func (r *reader) property(k kind) any {
	switch k {
	case kindByte:
		return int(r.byte())
	case kindU16:
		return int(r.u16())
	case kindU32:
		return int64(r.u32())
	case kindVarint:
		return r.varint()
	case kindText:
		return r.text()
	case kindData:
		return append([]byte{}, r.data()...)
	}
	return []any{r.text(), r.text()}
}
