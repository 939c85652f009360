package amqp

// Descriptor codes that the decoder itself asks for.
const (
	codeOpen        = 0x10
	codeBegin       = 0x11
	codeAttach      = 0x12
	codeTransfer    = 0x14
	codeDisposition = 0x15
	codeInit        = 0x41
	codeOutcome     = 0x44
	codeHeader      = 0x70
	codeFooter      = 0x78
)

// composite is a described type: its name, and its fields in their order, nil where the
// value is none of named fields.
type composite struct {
	name   string
	fields []string
}

var (
	nodeFields  = []string{"address", "durable", "expiry_policy", "timeout", "dynamic", "dynamic_node_properties"}
	errorFields = []string{"error"}
)

// composites are the types of AMQP 1.0 by the low half of their descriptor codes, domain 0.
var composites = map[int64]composite{
	codeOpen: {"open", []string{"container_id", "hostname", "max_frame_size", "channel_max", "idle_time_out", "outgoing_locales",
		"incoming_locales", "offered_capabilities", "desired_capabilities", "properties"}},
	codeBegin: {"begin", []string{"remote_channel", "next_outgoing_id", "incoming_window", "outgoing_window", "handle_max",
		"offered_capabilities", "desired_capabilities", "properties"}},
	codeAttach: {"attach", []string{"name", "handle", "role", "snd_settle_mode", "rcv_settle_mode", "source", "target", "unsettled",
		"incomplete_unsettled", "initial_delivery_count", "max_message_size", "offered_capabilities", "desired_capabilities", "properties"}},
	0x13: {"flow", []string{"next_incoming_id", "incoming_window", "next_outgoing_id", "outgoing_window", "handle", "delivery_count",
		"link_credit", "available", "drain", "echo", "properties"}},
	codeTransfer: {"transfer", []string{"handle", "delivery_id", "delivery_tag", "message_format", "settled", "more", "rcv_settle_mode",
		"state", "resume", "aborted", "batchable"}},
	codeDisposition: {"disposition", []string{"role", "first", "last", "settled", "state", "batchable"}},
	0x16:            {"detach", []string{"handle", "closed", "error"}},
	0x17:            {"end", errorFields},
	0x18:            {"close", errorFields},
	0x1D:            {"error", []string{"condition", "description", "info"}},
	0x23:            {"received", []string{"section_number", "section_offset"}},
	0x24:            {"accepted", []string{}},
	0x25:            {"rejected", errorFields},
	0x26:            {"released", []string{}},
	0x27:            {"modified", []string{"delivery_failed", "undeliverable_here", "message_annotations"}},
	0x28:            {"source", append(nodeFields[:6:6], "distribution_mode", "filter", "default_outcome", "outcomes", "capabilities")},
	0x29:            {"target", append(nodeFields[:6:6], "capabilities")},
	0x30:            {"coordinator", []string{"capabilities"}},
	0x40:            {"sasl-mechanisms", []string{"sasl_server_mechanisms"}},
	codeInit:        {"sasl-init", []string{"mechanism", "initial_response", "hostname"}},
	0x42:            {"sasl-challenge", []string{"challenge"}},
	0x43:            {"sasl-response", []string{"response"}},
	codeOutcome:     {"sasl-outcome", []string{"code", "additional_data"}},
	codeHeader:      {"header", []string{"durable", "priority", "ttl", "first_acquirer", "delivery_count"}},
	0x71:            {"delivery-annotations", nil},
	0x72:            {"message-annotations", nil},
	0x73: {"properties", []string{"message_id", "user_id", "to", "subject", "reply_to", "correlation_id", "content_type",
		"content_encoding", "absolute_expiry_time", "creation_time", "group_id", "group_sequence", "reply_to_group_id"}},
	0x74:       {"application-properties", nil},
	0x75:       {"data", nil},
	0x76:       {"amqp-sequence", nil},
	0x77:       {"amqp-value", nil},
	codeFooter: {"footer", nil},
}
