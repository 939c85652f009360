package main

import (
	"slices"
	"time"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// request is a request that breaks a rule and is accepted all the same.
func request(broken func(*scene)) func(bool) wstest.Packets {
	return func(isBroken bool) wstest.Packets {
		s := newScene(0)
		if isBroken {
			broken(s)
		}
		return s.shake().chat().bye().Packets
	}
}

// refusedRequest is a request that breaks a rule, and is refused then.
func refusedRequest(broken func(*scene)) func(bool) wstest.Packets {
	return func(isBroken bool) wstest.Packets {
		s := newScene(0)
		if isBroken {
			broken(s)
			return s.refuse("HTTP/1.1 400 Bad Request").Packets
		}
		return s.shake().chat().bye().Packets
	}
}

// response is a response that breaks a rule. The client does not mind.
func response(broken func(*scene)) func(bool) wstest.Packets { return request(broken) }

// refuse adds a request and the response that refuses it.
func (s *scene) refuse(lines ...string) *scene {
	s.Open()
	s.Client(s.request.bytes())
	s.Server(wstest.Head(append(lines, "Content-Length: 0", "Connection: close")...))
	s.Shut()
	return s
}

func handshakes() []example {
	return slices.Concat(requests(), keys(), origins(), responses(), refusals())
}

func requests() []example {
	return []example{
		{rule: rules.ReqMethodNotGet, build: refusedRequest(func(s *scene) { s.request.start("POST /chat HTTP/1.1") })},
		{rule: rules.ReqHTTPVersionLow, build: refusedRequest(func(s *scene) { s.request.start("GET /chat HTTP/1.0") })},
		{rule: rules.ReqHTTPMalformed, build: refusedRequest(func(s *scene) { s.request.add("X-Without-Colon") })},
		{rule: rules.ReqURIForm, build: refusedRequest(func(s *scene) { s.request.start("GET ws://server.example.com/chat HTTP/1.1") })},
		{rule: rules.ReqURIFragment, build: refusedRequest(func(s *scene) { s.request.start("GET /chat#lobby HTTP/1.1") })},
		{rule: rules.ReqHostMissing, build: refusedRequest(func(s *scene) { s.request.drop("Host") })},
		{rule: rules.ReqHostInvalid, build: refusedRequest(func(s *scene) { s.request.set("Host: server.example.com:http") })},
		{rule: rules.ReqHostURIMismatch, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			s.request.start("GET http://SERVER.example.com:80/chat HTTP/1.1")
			if broken {
				s.request.start("GET http://other.example.com/chat HTTP/1.1")
			}
			return s.shake().chat().bye().Packets
		}},
		{rule: rules.ReqUpgradeMissing, build: refusedRequest(func(s *scene) { s.request.drop("Upgrade") })},
		{rule: rules.ReqUpgradeNoWebsocket, build: refusedRequest(func(s *scene) { s.request.set("Upgrade: h2c") })},
		{rule: rules.ReqConnectionMissing, build: refusedRequest(func(s *scene) { s.request.drop("Connection") })},
		{rule: rules.ReqConnectionNoUpgrade, build: refusedRequest(func(s *scene) { s.request.set("Connection: keep-alive") })},
	}
}

// keys are the rules for Sec-WebSocket-Key and Sec-WebSocket-Version.
func keys() []example {
	return []example{
		{rule: rules.ReqKeyMissing, build: refusedRequest(func(s *scene) { s.request.drop("Sec-WebSocket-Key") })},
		{rule: rules.ReqKeyInvalid, build: refusedRequest(func(s *scene) { s.request.set("Sec-WebSocket-Key: c2hvcnQ=") })},
		{rule: rules.ReqKeyNoncanonical, build: request(func(s *scene) { s.key("AAECAwQFBgcICQoLDA0ODx==") })},
		{rule: rules.ReqKeyDuplicate, build: refusedRequest(func(s *scene) { s.request.add("Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==") })},
		{rule: rules.ReqKeyReused, build: func(broken bool) wstest.Packets {
			first, second := newScene(1), newScene(2)
			if broken {
				first.key("x1jmeNuKpPX7gXRcgXGqLw==")
				second.key("x1jmeNuKpPX7gXRcgXGqLw==")
			}
			second.Wait(time.Second)
			return wstest.Merge(first.shake().chat().bye().Talk, second.shake().chat().bye().Talk)
		}},
		{rule: rules.ReqKeyLowEntropy, build: request(func(s *scene) { s.key("AAAAAAAAAAAAAAAAAAAAAA==") })},
		{rule: rules.ReqVersionMissing, build: refusedRequest(func(s *scene) { s.request.drop("Sec-WebSocket-Version") })},
		{rule: rules.ReqVersionNot13, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			if broken {
				s.request.set("Sec-WebSocket-Version: 14")
				return s.refuse("HTTP/1.1 426 Upgrade Required", "Upgrade: websocket", "Sec-WebSocket-Version: 13").Packets
			}
			return s.shake().chat().bye().Packets
		}},
		{rule: rules.ReqVersionMalformed, build: refusedRequest(func(s *scene) { s.request.set("Sec-WebSocket-Version: 013") })},
		{rule: rules.ReqVersionDuplicate, build: refusedRequest(func(s *scene) { s.request.add("Sec-WebSocket-Version: 13") })},
	}
}

// origins are the rules for the rest of a request, and for what comes with it.
func origins() []example {
	return []example{
		{rule: rules.ReqOriginMissingBrowser, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			s.request.add("User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
			if !broken {
				s.request.add("Origin: http://server.example.com")
			}
			return s.shake().chat().bye().Packets
		}},
		{rule: rules.ReqOriginDuplicate, build: request(func(s *scene) {
			s.request.add("Origin: http://server.example.com", "Origin: http://other.example.com")
		})},
		{rule: rules.ReqOriginMalformed, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			s.request.add("Origin: http://server.example.com:8080")
			if broken {
				s.request.set("Origin: http://server.example.com/page.html")
			}
			return s.shake().chat().bye().Packets
		}},
		{rule: rules.ReqSubprotocolInvalid, build: refusedRequest(func(s *scene) { s.request.add("Sec-WebSocket-Protocol: chat, ,superchat") })},
		{rule: rules.ReqSubprotocolDuplicate, build: request(func(s *scene) {
			s.request.add("Sec-WebSocket-Protocol: chat, superchat, chat")
			s.response.add("Sec-WebSocket-Protocol: chat")
		})},
		{rule: rules.ReqDataBeforeResponse, build: secondRequest},
		{rule: rules.ReqHasBody, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			body := ""
			if broken {
				s.request.add("Content-Length: 5")
				body = "hello"
			}
			s.Open()
			s.Client(append(s.request.bytes(), body...))
			s.Server(wstest.Head("HTTP/1.1 403 Forbidden", "Content-Length: 0", "Connection: close"))
			return s.Shut().Packets
		}},
		{rule: rules.ClientParallelConnecting, build: func(broken bool) wstest.Packets {
			first, second := newScene(1), newScene(2)
			if second.Wait(time.Second); broken {
				second.Wait(-time.Second + time.Millisecond/2)
			}
			return wstest.Merge(first.shake().chat().bye().Talk, second.shake().chat().bye().Talk)
		}},
		{rule: rules.LegacyHandshake, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			origin := "Origin"
			if broken {
				origin = "Sec-WebSocket-Origin"
			}
			s.request.add(origin + ": http://server.example.com")
			return s.shake().chat().bye().Packets
		}},
	}
}

// secondRequest is a request behind the handshake, which waits for the response or not.
func secondRequest(broken bool) wstest.Packets {
	s := newScene(0)
	second := wstest.Head("GET /other HTTP/1.1", "Host: server.example.com")
	s.Open()
	s.Client(s.request.bytes())
	if broken {
		s.Client(second)
	}
	s.Server(wstest.Head("HTTP/1.1 403 Forbidden", "Content-Length: 0"))
	if !broken {
		s.Client(second)
	}
	s.Server(wstest.Head("HTTP/1.1 204 No Content", "Connection: close"))
	return s.Shut().Packets
}

func responses() []example {
	return []example{
		{rule: rules.RespHTTPVersionLow, build: response(func(s *scene) { s.response.start("HTTP/1.0 101 Switching Protocols") })},
		{rule: rules.RespHTTPMalformed, build: response(func(s *scene) { s.response.add("X-Blank : before the colon") })},
		{rule: rules.RespUpgradeMissing, build: response(func(s *scene) { s.response.drop("Upgrade") })},
		{rule: rules.RespUpgradeNotWebsocket, build: response(func(s *scene) { s.response.set("Upgrade: websocket, h2c") })},
		{rule: rules.RespConnectionMissing, build: response(func(s *scene) { s.response.drop("Connection") })},
		{rule: rules.RespConnectionNoUpgrade, build: response(func(s *scene) { s.response.set("Connection: keep-alive") })},
		{rule: rules.RespAcceptMissing, build: response(func(s *scene) { s.response.drop("Sec-WebSocket-Accept") })},
		{rule: rules.RespAcceptWrong, build: response(func(s *scene) { s.response.set("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") })},
		{rule: rules.RespAcceptDuplicate, build: response(func(s *scene) { s.response.add(s.response[3]) })},
		{rule: rules.RespSubprotocolNotOffered, build: subprotocol("Sec-WebSocket-Protocol: Chat")},
		{rule: rules.RespSubprotocolInvalid, build: subprotocol("Sec-WebSocket-Protocol: chat, superchat")},
		{rule: rules.RespSubprotocolDuplicate, build: subprotocol("Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: chat")},
	}
}

// refusals are the rules for a request that is to be refused, or was, and for extensions.
func refusals() []example {
	return []example{
		{
			rule: rules.RespVersionHeaderMissing,
			also: []rules.ID{rules.ReqVersionNot13}, clean: []rules.ID{rules.ReqVersionNot13},
			build: wrongVersion("Upgrade: websocket"),
		},
		{
			rule: rules.Resp426NoUpgrade,
			also: []rules.ID{rules.ReqVersionNot13}, clean: []rules.ID{rules.ReqVersionNot13},
			build: wrongVersion("Sec-WebSocket-Version: 13"),
		},
		{
			rule: rules.RespMissing,
			also: []rules.ID{rules.ReqKeyMissing}, clean: []rules.ID{rules.ReqKeyMissing},
			build: func(broken bool) wstest.Packets {
				s := newScene(0)
				s.request.drop("Sec-WebSocket-Key")
				if !broken {
					return s.refuse("HTTP/1.1 400 Bad Request").Packets
				}
				s.Open()
				s.Client(s.request.bytes())
				return s.Shut().Packets
			},
		},
		{
			rule: rules.RespAcceptedInvalidRequest,
			also: []rules.ID{rules.ReqConnectionMissing}, clean: []rules.ID{rules.ReqConnectionMissing},
			build: func(broken bool) wstest.Packets {
				s := newScene(0)
				s.request.drop("Connection")
				if broken {
					return s.shake().chat().bye().Packets
				}
				return s.refuse("HTTP/1.1 400 Bad Request").Packets
			},
		},
		{rule: rules.Resp101Body, build: response(func(s *scene) { s.response.add("Content-Length: 0") })},
		{rule: rules.FrameBeforeHandshake, also: []rules.ID{rules.ReqDataBeforeResponse}, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			s.Open()
			s.Client(s.request.bytes())
			if broken {
				s.clientSends(wstest.Text("Here I am!"))
			}
			s.Server(s.response.bytes())
			return s.chat().bye().Packets
		}},
		{rule: rules.FrameWithoutHandshake, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			s.Open()
			s.Client(s.request.bytes())
			s.Server(wstest.Head("HTTP/1.1 403 Forbidden", "Content-Length: 0"))
			if broken {
				return s.chat().bye().Packets
			}
			return s.Shut().Packets
		}},
		{rule: rules.ExtHeaderMalformed, build: refusedRequest(func(s *scene) { s.request.add("Sec-WebSocket-Extensions: permessage-deflate;") })},
		{rule: rules.ExtUnregistered, build: request(func(s *scene) { s.request.add("Sec-WebSocket-Extensions: x-webkit-deflate-frame") })},
		{rule: rules.RespExtNotOffered, build: response(func(s *scene) { s.response.add("Sec-WebSocket-Extensions: permessage-deflate") })},
	}
}

// subprotocol is a response with these header lines, or one that chooses what was offered.
func subprotocol(broken ...string) func(bool) wstest.Packets {
	return func(isBroken bool) wstest.Packets {
		s := newScene(0)
		s.request.add("Sec-WebSocket-Protocol: chat, superchat")
		if isBroken {
			s.response.add(broken...)
		} else {
			s.response.add("Sec-WebSocket-Protocol: superchat")
		}
		return s.shake().chat().bye().Packets
	}
}

// wrongVersion is a request of an unknown version, refused with only one header line.
func wrongVersion(broken string) func(bool) wstest.Packets {
	return func(isBroken bool) wstest.Packets {
		s := newScene(0)
		s.request.set("Sec-WebSocket-Version: 14")
		if isBroken {
			return s.refuse("HTTP/1.1 426 Upgrade Required", broken).Packets
		}
		return s.refuse("HTTP/1.1 426 Upgrade Required", "Upgrade: websocket", "Sec-WebSocket-Version: 13").Packets
	}
}
