package jsonrpc

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// looksLike is sure of the member jsonrpc beside one that makes it a call.
func looksLike(m *dissect.Message) bool {
	o := versioned(m)
	return o != nil && (o["method"] != nil || o["result"] != nil || o["error"] != nil)
}

// versioned is an object that says that it is JSON-RPC 2.0, or the first of a batch; nil
// for all else.
func versioned(m *dissect.Message) map[string]dissect.JSON {
	text := withoutHead(m.Payload)
	if !payload.Mentions(text, `"jsonrpc"`) {
		return nil
	}
	if list, ok := payload.Elements(text); ok && len(list) > 0 {
		text = list[0]
	}
	o, _ := payload.Members(text)
	if v, _ := payload.String(o["jsonrpc"]); v != "2.0" {
		return nil
	}
	return o
}

// looksLikeLSP knows the methods of LSP 3.17, and what its initialize must have.
func looksLikeLSP(m *dissect.Message) bool {
	o := versioned(m)
	method, _ := payload.String(o["method"])
	if method == "initialize" {
		params, _ := payload.Members(o["params"])
		return params["capabilities"] != nil && params["processId"] != nil
	}
	return begins(method, "textDocument/", "workspace/", "window/", "$/")
}

// looksLikeMCP knows the methods of MCP 2025-06-18, and what its initialize must have.
func looksLikeMCP(m *dissect.Message) bool {
	o := versioned(m)
	method, _ := payload.String(o["method"])
	if method == "initialize" {
		params, _ := payload.Members(o["params"])
		return params["capabilities"] != nil && params["protocolVersion"] != nil
	}
	return begins(method, "tools/", "resources/", "prompts/", "sampling/", "notifications/", "elicitation/")
}

// looksLikeCDP is sure of a method with a domain, `Page.enable`, in an object that has
// nothing that CDP does not.
func looksLikeCDP(m *dissect.Message) bool {
	if !payload.Mentions(m.Payload, `"method"`) {
		return false
	}
	o, ok := payload.Members(m.Payload)
	if !ok {
		return false
	}
	for name := range o {
		switch name {
		case "id", "method", "params", "sessionId":
		default:
			return false
		}
	}
	method, _ := payload.String(o["method"])
	domain, name, found := strings.Cut(method, ".")
	return found && o["id"] != nil && isWord(domain, 'A', 'Z') && isWord(name, 'a', 'z')
}

// isWord reports whether s is of ASCII letters, the first one from first to last.
func isWord(s string, first, last byte) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != "" && first <= s[0] && s[0] <= last
}

func begins(s string, with ...string) bool {
	for _, w := range with {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}
