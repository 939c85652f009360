package mqtt

import (
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// connect is MQTT 5 3.1.
func (d *decoder) connect(m *dissect.Message, r *reader, o dissect.Object) (dissect.Object, string) {
	r.data() // the name of the protocol
	d.version = r.byte()
	flags := r.byte()
	alive := r.u16()
	version := map[byte]string{3: "3.1", 4: "3.1.1", 5: "5.0"}[d.version]
	if version == "" {
		version = strconv.Itoa(int(d.version))
	}
	o = append(o,
		dissect.Field{Name: "version", Value: version},
		dissect.Field{Name: "clean_start", Value: flags&0x02 != 0},
		dissect.Field{Name: "keep_alive", Value: int(alive)})
	if d.version == 5 {
		o = r.addProperties(o)
	}
	client := r.text()
	o = append(o, dissect.Field{Name: "client_id", Value: client})
	if flags&0x04 != 0 {
		o = append(o, dissect.Field{Name: "will", Value: d.will(flags, r)})
	}
	more := " " + version + " " + name(client)
	if flags&0x80 != 0 {
		user := r.text()
		o = append(o, dissect.Field{Name: "user_name", Value: user})
		more += " user " + name(user)
	}
	if flags&0x40 != 0 {
		o = append(o, dissect.Field{Name: "password", Value: r.text()})
	}
	d.Sent("connect", "", m)
	return o, more
}

func (d *decoder) will(flags byte, r *reader) dissect.Object {
	will := dissect.Object{{Name: "qos", Value: int(flags >> 3 & 3)}, {Name: "retain", Value: flags&0x20 != 0}}
	if d.version == 5 {
		will = r.addProperties(will)
	}
	will = append(will, dissect.Field{Name: "topic", Value: r.text()})
	return append(will, dissect.Field{Name: "payload", Value: payload.Data(r.data())})
}

// connack is MQTT 5 3.2.
func (d *decoder) connack(m *dissect.Message, r *reader, o dissect.Object) (dissect.Object, string) {
	flags, code := r.byte(), r.byte()
	said := returned(code)
	if d.version == 5 {
		said = reason(connack, code)
	}
	o = append(o,
		dissect.Field{Name: "session_present", Value: flags&1 != 0},
		dissect.Field{Name: "reason_code", Value: int(code)},
		dissect.Field{Name: "reason", Value: said})
	if d.version == 5 {
		o = r.addProperties(o)
	}
	if q, ok := d.Answered("connect"); ok {
		o = append(o, q.Fields(m)...)
	}
	return o, " " + said
}

// publish is MQTT 5 3.3.
func (d *decoder) publish(m *dissect.Message, p *packet, r *reader, o dissect.Object) (dissect.Object, string) {
	qos := p.flags >> 1 & 3
	topic := name(r.text())
	var id uint16
	if qos > 0 {
		id = r.u16()
	}
	var properties dissect.Object
	if d.version == 5 {
		properties = r.properties()
		topic = d.alias(m.Dir, topic, properties)
	}
	o = append(o,
		dissect.Field{Name: "topic", Value: topic},
		dissect.Field{Name: "qos", Value: int(qos)},
		dissect.Field{Name: "retain", Value: p.flags&1 != 0},
		dissect.Field{Name: "dup", Value: p.flags&8 != 0})
	shown := topic
	if shown == "" {
		shown = "(unknown topic)"
	}
	more := " " + shown + " qos " + strconv.Itoa(int(qos))
	if p.flags&1 != 0 {
		more += " retain"
	}
	if p.flags&8 != 0 {
		more += " dup"
	}
	if qos > 0 {
		o = append(o, dissect.Field{Name: "packet_id", Value: int(id)})
		more += " id " + strconv.Itoa(int(id))
		d.Sent(key(m.Dir, id), topic, m)
	}
	if len(properties) > 0 {
		o = append(o, dissect.Field{Name: "properties", Value: properties})
	}
	if r.err != nil {
		return o, more
	}
	v := payload.Data(r.b)
	return append(o, dissect.Field{Name: "payload", Value: v}), more + payload.After(v)
}

// alias is the topic that an alias stands for, and learns the alias of a topic.
func (d *decoder) alias(dir dissect.Dir, topic string, properties dissect.Object) string {
	for i := range properties {
		n, ok := properties[i].Value.(int)
		if properties[i].Name != "topic_alias" || !ok {
			continue
		}
		known := d.aliases[dir]
		if topic == "" {
			return known[uint16(n)]
		}
		if known == nil {
			known = make(map[uint16]string)
			d.aliases[dir] = known
		}
		if _, again := known[uint16(n)]; (again || len(known) < maxAliases) && len(topic) <= maxAlias {
			known[uint16(n)] = topic
		}
	}
	return topic
}

// subscribe is MQTT 5 3.8 and 3.10.
func (d *decoder) subscribe(m *dissect.Message, p *packet, r *reader, o dissect.Object) (dissect.Object, string) {
	id := r.u16()
	o = append(o, dissect.Field{Name: "packet_id", Value: int(id)})
	if d.version == 5 {
		o = r.addProperties(o)
	}
	list := []any{}
	var line strings.Builder
	var names []string
	for len(r.b) > 0 && r.err == nil {
		filter := r.text()
		entry := dissect.Object{{Name: "filter", Value: filter}}
		said := " " + name(filter)
		if p.kind == subscribe {
			options := r.byte()
			entry = d.options(options, entry)
			said += " qos " + strconv.Itoa(int(options&3))
		}
		list = append(list, entry)
		if line.Len() < maxLine {
			line.WriteString(said)
			names = append(names, name(filter))
		}
	}
	d.Sent(key(m.Dir, id), strings.Join(names, between), m)
	return append(o, dissect.Field{Name: "subscriptions", Value: list}), " id " + strconv.Itoa(int(id)) + line.String()
}

const (
	maxLine = 256    // bytes of the filters in a line of the list, and of those that are paired
	between = "\x00" // which no filter has (MQTT 5 1.5.4)
)

// options are the Subscription Options of MQTT 5 3.8.3.1.
func (d *decoder) options(b byte, o dissect.Object) dissect.Object {
	o = append(o, dissect.Field{Name: "qos", Value: int(b & 3)})
	if d.version != 5 {
		return o
	}
	return append(o,
		dissect.Field{Name: "no_local", Value: b&4 != 0},
		dissect.Field{Name: "retain_as_published", Value: b&8 != 0},
		dissect.Field{Name: "retain_handling", Value: int(b >> 4 & 3)})
}

// suback is MQTT 5 3.9 and 3.11.
func (d *decoder) suback(m *dissect.Message, p *packet, r *reader, o dissect.Object) (dissect.Object, string) {
	id := r.u16()
	o = append(o, dissect.Field{Name: "packet_id", Value: int(id)})
	if d.version == 5 {
		o = r.addProperties(o)
	}
	codes, said := []any{}, []any{}
	var line strings.Builder
	for _, code := range r.take(len(r.b)) {
		s := reason(p.kind, code)
		codes, said = append(codes, int(code)), append(said, s)
		if line.Len() < maxLine {
			line.WriteString(", " + s)
		}
	}
	o = append(o, dissect.Field{Name: "reason_codes", Value: codes}, dissect.Field{Name: "reasons", Value: said})
	more := " id " + strconv.Itoa(int(id)) + strings.TrimPrefix(line.String(), ",")
	if q, ok := d.Answered(key(m.Dir.Reverse(), id)); ok {
		names := strings.Split(q.What, between)
		filters := make([]any, len(names))
		for i := range names {
			filters[i] = names[i]
		}
		o = append(append(o, dissect.Field{Name: "filters", Value: filters}), q.Fields(m)...)
		more += " of " + strings.Join(names, " ")
	}
	return o, more
}
