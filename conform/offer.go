package conform

import (
	"slices"

	"github.com/wsdissect/wsdissect/rules"
)

// The parameters of permessage-deflate (RFC 7692 7.1).
const (
	serverNoContextTakeover = "server_no_context_takeover"
	clientNoContextTakeover = "client_no_context_takeover"
	serverMaxWindowBits     = "server_max_window_bits"
	clientMaxWindowBits     = "client_max_window_bits"
)

// deflateRules are those that an offer and a response break in the same ways.
type deflateRules struct {
	unknown, invalid, duplicate rules.ID
	valueless                   bool // client_max_window_bits may be without a value
}

// judge judges the parameters of permessage-deflate (RFC 7692 7) and reports whether they
// are good.
func (r *deflateRules) judge(x *extension, violation func(rules.ID, string, ...any)) bool {
	good := true
	broken := func(id rules.ID, why string, p *param) {
		good = false
		violation(id, "the parameter %s of %s %s", quote(p.name), quote(x.text), why)
	}
	for i := range x.params {
		p := &x.params[i]
		switch p.name {
		case serverNoContextTakeover, clientNoContextTakeover:
			if p.valued {
				broken(r.invalid, "has a value", p)
			}
		case serverMaxWindowBits, clientMaxWindowBits:
			valueless := !p.valued && p.name == clientMaxWindowBits && r.valueless
			if !valueless && windowSize(p.value) == 0 {
				broken(r.invalid, "is not a number from 8 to 15", p)
			}
		default:
			broken(r.unknown, "is not defined", p)
		}
		if slices.ContainsFunc(x.params[:i], func(other param) bool { return other.name == p.name }) {
			broken(r.duplicate, "is repeated", p)
		}
	}
	return good
}

// windowSize is a base-2 logarithm of a window size: "a decimal integer value without
// leading zeroes between 8 to 15, inclusive" (RFC 7692 7.1.2.1); 0 for anything else.
func windowSize(s string) int {
	i := slices.Index([]string{"8", "9", "10", "11", "12", "13", "14", "15"}, s)
	if i < 0 {
		return 0
	}
	return 8 + i
}

// param is the parameter of that name, nil if there is none.
func (x *extension) param(name string) *param {
	for i := range x.params {
		if x.params[i].name == name {
			return &x.params[i]
		}
	}
	return nil
}

// deflateOffers judges the offers of permessage-deflate. A server has to decline those
// that are not good.
func (o *opening) deflateOffers() {
	r := deflateRules{rules.PMDOfferParamUnknown, rules.PMDOfferParamInvalid, rules.PMDOfferParamDuplicate, true}
	for i := range o.offered {
		if x := &o.offered[i]; x.name == deflateName {
			x.declined = !r.judge(x, o.request)
		}
	}
}

// deflateAgreed judges the permessage-deflate of a response by itself and by the offers.
func (o *opening) deflateAgreed(agreed []extension) {
	r := deflateRules{rules.PMDRespParamUnknown, rules.PMDRespParamInvalid, rules.PMDRespParamDuplicate, false}
	compressing := 0
	for i := range agreed {
		x := &agreed[i]
		if claimsRSV1(x.name) {
			if compressing++; compressing > 1 {
				o.response(rules.PMDRespDuplicate, "the extension %s is agreed beside another one that claims RSV1", quote(x.text))
			}
		}
		if x.name == deflateName {
			r.judge(x, o.response)
			o.deflateAnswer(x)
		}
	}
}

// claimsRSV1 reports whether an extension is one that compresses and marks that in RSV1.
func claimsRSV1(name string) bool {
	switch name {
	case deflateName, "x-webkit-deflate-frame", "deflate-frame", "perframe-deflate", "permessage-bzip2", "permessage-snappy":
		return true
	}
	return false
}

// deflateAnswer compares an agreement with the offer that it fits best: which one a server
// accepted, its response does not say.
func (o *opening) deflateAnswer(answer *extension) {
	if request := o.e.Request; request == nil || request.Cut {
		return
	}
	var best []mismatch
	offers, acceptable := 0, 0
	for i := range o.offered {
		x := &o.offered[i]
		if x.name != deflateName {
			continue
		}
		if offers++; x.declined {
			continue
		}
		acceptable++
		if m := mismatches(x, answer); acceptable == 1 || len(m) < len(best) {
			best = m
		}
	}
	if offers > 0 && acceptable == 0 {
		o.response(rules.PMDAcceptedInvalidOffer, "%s is agreed, though every offer of it had to be declined", quote(answer.text))
	}
	for _, m := range best {
		o.response(m.rule, "the response is %s, but %s", quote(answer.text), m.why)
	}
}

// mismatch is a way in which an answer does not fit an offer.
type mismatch struct {
	rule rules.ID
	why  string
}

// mismatches compares an offer with the answer to it (RFC 7692 7.1).
func mismatches(offer, answer *extension) []mismatch {
	var list []mismatch
	add := func(id rules.ID, why string) {
		list = append(list, mismatch{id, why + " in the offer " + quote(offer.text)})
	}
	if answer.param(clientMaxWindowBits) != nil && offer.param(clientMaxWindowBits) == nil {
		add(rules.PMDRespClientBitsNotOffered, clientMaxWindowBits+" is not")
	}
	if offer.param(serverNoContextTakeover) != nil && answer.param(serverNoContextTakeover) == nil {
		add(rules.PMDRespServerNCTMissing, serverNoContextTakeover+" is")
	}
	if wanted := offer.param(serverMaxWindowBits); wanted != nil {
		switch given := answer.param(serverMaxWindowBits); {
		case given == nil:
			add(rules.PMDRespServerBitsMissing, serverMaxWindowBits+" is")
		case windowSize(given.value) > windowSize(wanted.value):
			add(rules.PMDRespServerBitsLarger, serverMaxWindowBits+" is "+wanted.value)
		}
	}
	return list
}
