package main

import (
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// terms is what client and server say of compression.
type terms struct{ offer, answer string }

// negotiation is a handshake with terms that break a rule, or good ones. Messages are
// sent without compression, which is always allowed.
func negotiation(broken, good terms) func(bool) wstest.Packets {
	return func(isBroken bool) wstest.Packets {
		s := newScene(0)
		t := good
		if isBroken {
			t = broken
		}
		s.request.add("Sec-WebSocket-Extensions: " + t.offer)
		if t.answer != "" {
			s.response.add("Sec-WebSocket-Extensions: " + t.answer)
		}
		return s.shake().chat().bye().Packets
	}
}

// offers are the rules for the negotiation of permessage-deflate (RFC 7692 7).
func offers() []example {
	const deflate = "permessage-deflate"
	plain := terms{deflate, deflate}
	return []example{
		{rule: rules.PMDOfferParamUnknown, build: negotiation(
			terms{offer: deflate + "; client_window"},
			terms{offer: deflate + "; client_max_window_bits"})},
		{rule: rules.PMDOfferParamInvalid, build: negotiation(
			terms{offer: deflate + "; server_max_window_bits=16"},
			terms{offer: deflate + "; server_max_window_bits=15"})},
		{rule: rules.PMDOfferParamDuplicate, build: negotiation(
			terms{offer: deflate + "; server_no_context_takeover; server_no_context_takeover"},
			terms{offer: deflate + "; server_no_context_takeover; client_no_context_takeover"})},
		{
			rule: rules.PMDAcceptedInvalidOffer,
			also: []rules.ID{rules.PMDOfferParamInvalid}, clean: []rules.ID{rules.PMDOfferParamInvalid},
			build: negotiation(
				terms{deflate + "; client_max_window_bits=7", deflate},
				terms{deflate + "; client_max_window_bits=7, " + deflate, deflate}),
		},
		{rule: rules.PMDRespParamUnknown, build: negotiation(terms{deflate, deflate + "; client_window"}, plain)},
		{rule: rules.PMDRespParamInvalid, build: negotiation(
			terms{deflate + "; client_max_window_bits", deflate + "; client_max_window_bits"},
			terms{deflate + "; client_max_window_bits", deflate + "; client_max_window_bits=12"})},
		{rule: rules.PMDRespParamDuplicate, build: negotiation(
			terms{deflate, deflate + "; server_no_context_takeover; server_no_context_takeover"},
			terms{deflate, deflate + "; server_no_context_takeover"})},
		{rule: rules.PMDRespClientBitsNotOffered, build: negotiation(
			terms{deflate, deflate + "; client_max_window_bits=12"},
			terms{deflate + "; client_max_window_bits", deflate + "; client_max_window_bits=12"})},
		{rule: rules.PMDRespServerBitsLarger, build: negotiation(
			terms{deflate + "; server_max_window_bits=10", deflate + "; server_max_window_bits=11"},
			terms{deflate + "; server_max_window_bits=10", deflate + "; server_max_window_bits=10"})},
		{rule: rules.PMDRespServerBitsMissing, build: negotiation(
			terms{deflate + "; server_max_window_bits=10", deflate},
			terms{deflate + "; server_max_window_bits=10, " + deflate, deflate})},
		{rule: rules.PMDRespServerNCTMissing, build: negotiation(
			terms{deflate + "; server_no_context_takeover", deflate},
			terms{deflate + "; server_no_context_takeover", deflate + "; server_no_context_takeover"})},
		{rule: rules.PMDRespDuplicate, build: negotiation(
			terms{deflate + "; server_max_window_bits=10, " + deflate, deflate + "; server_max_window_bits=10, " + deflate},
			terms{deflate + "; server_max_window_bits=10, " + deflate, deflate})},
	}
}
