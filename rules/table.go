package rules

// The rules, in the order of the table.
const (
	// handshake
	ReqMethodNotGet ID = iota + 1
	ReqHTTPVersionLow
	ReqHTTPMalformed
	ReqURIForm
	ReqURIFragment
	ReqHostMissing
	ReqHostInvalid
	ReqHostURIMismatch
	ReqUpgradeMissing
	ReqUpgradeNoWebsocket
	ReqConnectionMissing
	ReqConnectionNoUpgrade
	ReqKeyMissing
	ReqKeyInvalid
	ReqKeyNoncanonical
	ReqKeyDuplicate
	ReqKeyReused
	ReqKeyLowEntropy
	ReqVersionMissing
	ReqVersionNot13
	ReqVersionMalformed
	ReqVersionDuplicate
	ReqOriginMissingBrowser
	ReqOriginDuplicate
	ReqOriginMalformed
	ReqSubprotocolInvalid
	ReqSubprotocolDuplicate
	ReqDataBeforeResponse
	ReqHasBody
	ClientParallelConnecting
	LegacyHandshake
	RespHTTPVersionLow
	RespHTTPMalformed
	RespUpgradeMissing
	RespUpgradeNotWebsocket
	RespConnectionMissing
	RespConnectionNoUpgrade
	RespAcceptMissing
	RespAcceptWrong
	RespAcceptDuplicate
	RespSubprotocolNotOffered
	RespSubprotocolInvalid
	RespSubprotocolDuplicate
	RespVersionHeaderMissing
	Resp426NoUpgrade
	RespMissing
	RespAcceptedInvalidRequest
	Resp101Body
	FrameBeforeHandshake
	FrameWithoutHandshake
	ExtHeaderMalformed
	ExtUnregistered
	RespExtNotOffered

	// frame
	FrameRSVSet
	FrameOpcodeReserved
	FrameLengthNotMinimal
	FrameLengthMSB
	FrameControlTooLong
	FrameControlFragmented
	StreamTruncatedFrame
	PingUnanswered
	PongMismatch
	PongUnsolicited

	// message
	MsgContinuationUnexpected
	MsgDataInterleaved
	MsgInvalidUTF8
	MsgUnfinished

	// close
	CloseBodyOneByte
	CloseCodeForbidden
	CloseCodeReserved
	CloseCodeOutOfRange
	CloseCodeWrongRole
	Close1010NoList
	CloseReasonInvalidUTF8
	CloseDataAfter
	CloseControlAfter
	CloseDuplicate
	CloseDataAfterReceived
	CloseNoReply
	CloseMissing
	CloseTCPBeforeReply
	CloseClientTCPFirst
	CloseTCPReset
	CloseCodeEchoMismatch
	FailNotPerformed
	FailCodeUnsuitable

	// compression
	PMDOfferParamUnknown
	PMDOfferParamInvalid
	PMDOfferParamDuplicate
	PMDAcceptedInvalidOffer
	PMDRespParamUnknown
	PMDRespParamInvalid
	PMDRespParamDuplicate
	PMDRespClientBitsNotOffered
	PMDRespServerBitsLarger
	PMDRespServerBitsMissing
	PMDRespServerNCTMissing
	PMDRespDuplicate
	PMDRSV1Control
	PMDRSV1Continuation
	PMDInflateError
	PMDDataIncomplete
	PMDTailNotRemoved
	PMDFinalPadding
	PMDWindowExceeded
	PMDContextTakeover
	PMDClientHintBroken

	// masking
	FrameClientUnmasked
	FrameServerMasked
	MaskKeyZero
	MaskKeyReused
	MaskKeyPredictable

	// timing
	ClientReconnectNoBackoff
	PongLate
	CloseReplyLate
	CloseServerTCPLate

	// http2
	H2ConnectWithoutSetting
	H2SettingInvalid
	H2SettingRevoked
	H2MethodNotConnect
	H2PseudoMissing
	H2SchemeInvalid
	H2ConnectionHeader
	H2KeyPresent
	H2Status101

	// tls
	TLSNoSNI

	// capture: what no RFC names
	CaptureOverlapConflict
	CaptureDataAfterFin
	CaptureOutOfWindow
	CaptureResetIgnored
	LimitQueuedBytes
	LimitMessageSize
	LimitHeadSize
	LimitHeldBytes
	LimitInflatedSize
	CompressionInferred
	CompressionContextLost
	HandshakeInferred

	end
)

// table has a row for each ID, at its index.
var table = [end]Rule{
	// handshake
	ReqMethodNotGet:            {"req-method-not-get", "handshake", Error, "RFC 6455 4.1 req 2", Client, "the method of the upgrade request is not exactly GET (methods are case-sensitive)"},
	ReqHTTPVersionLow:          {"req-http-version-low", "handshake", Error, "RFC 6455 4.1 req 2", Client, "the request line carries an HTTP version below 1.1"},
	ReqHTTPMalformed:           {"req-http-malformed", "handshake", Error, "RFC 6455 4.1 req 1; RFC 9112 2.2, 3, 5.1", Client, "the request is not a valid HTTP message: no HTTP version, header line without a colon, blank before the colon, illegal field-name character, NUL in a value"},
	ReqURIForm:                 {"req-uri-form", "handshake", Error, "RFC 6455 4.1 req 3", Client, "request target is neither an absolute path nor an absolute http/https URI"},
	ReqURIFragment:             {"req-uri-fragment", "handshake", Error, "RFC 6455 3", Client, "request target carries a fragment (unescaped '#')"},
	ReqHostMissing:             {"req-host-missing", "handshake", Error, "RFC 6455 4.1 req 4", Client, "no Host header"},
	ReqHostInvalid:             {"req-host-invalid", "handshake", Error, "RFC 6455 4.1 req 4; RFC 9112 3.2", Client, "Host is empty, not host[:port], or present more than once"},
	ReqHostURIMismatch:         {"req-host-uri-mismatch", "handshake", Warning, "RFC 6455 4.1 req 3, 4; RFC 9112 3.2.2", Client, "absolute-form target names another authority than Host"},
	ReqUpgradeMissing:          {"req-upgrade-missing", "handshake", Error, "RFC 6455 4.1 req 5", Client, "no Upgrade header (the Sec-WebSocket-* headers show what was meant)"},
	ReqUpgradeNoWebsocket:      {"req-upgrade-no-websocket", "handshake", Error, "RFC 6455 4.1 req 5", Client, "Upgrade is present but has no websocket keyword"},
	ReqConnectionMissing:       {"req-connection-missing", "handshake", Error, "RFC 6455 4.1 req 6", Client, "no Connection header"},
	ReqConnectionNoUpgrade:     {"req-connection-no-upgrade", "handshake", Error, "RFC 6455 4.1 req 6", Client, "Connection is present but does not list the token Upgrade"},
	ReqKeyMissing:              {"req-key-missing", "handshake", Error, "RFC 6455 4.1 req 7", Client, "no Sec-WebSocket-Key"},
	ReqKeyInvalid:              {"req-key-invalid", "handshake", Error, "RFC 6455 4.1 req 7, 4.2.1 item 5", Client, "Sec-WebSocket-Key is not base64 or does not decode to 16 bytes"},
	ReqKeyNoncanonical:         {"req-key-noncanonical", "handshake", Note, "RFC 6455 4.1 req 7; RFC 4648 3.5; erratum 3150", Client, "the key decodes to 16 bytes but the unused pad bits are not zero (as in the RFC's own faulty example)"},
	ReqKeyDuplicate:            {"req-key-duplicate", "handshake", Error, "RFC 6455 11.3.1", Client, "more than one Sec-WebSocket-Key header"},
	ReqKeyReused:               {"req-key-reused", "handshake", Error, "RFC 6455 4.1 req 7", Client, "the same nonce in two handshakes of one capture"},
	ReqKeyLowEntropy:           {"req-key-low-entropy", "handshake", Warning, "RFC 6455 4.1 req 7", Client, "the nonce is a constant: all zero, one repeated byte, or the RFC's sample value"},
	ReqVersionMissing:          {"req-version-missing", "handshake", Error, "RFC 6455 4.1 req 9", Client, "no Sec-WebSocket-Version"},
	ReqVersionNot13:            {"req-version-not-13", "handshake", Error, "RFC 6455 4.1 req 9", Client, "Sec-WebSocket-Version is a number other than 13"},
	ReqVersionMalformed:        {"req-version-malformed", "handshake", Error, "RFC 6455 4.3", Client, "Sec-WebSocket-Version is not one number 0-255 without leading zeros"},
	ReqVersionDuplicate:        {"req-version-duplicate", "handshake", Error, "RFC 6455 11.3.5", Client, "more than one Sec-WebSocket-Version header in the request"},
	ReqOriginMissingBrowser:    {"req-origin-missing-browser", "handshake", Warning, "RFC 6455 4.1 req 8", Client, "User-Agent is a browser's but there is no Origin"},
	ReqOriginDuplicate:         {"req-origin-duplicate", "handshake", Error, "RFC 6454 7.3", Client, "more than one Origin header"},
	ReqOriginMalformed:         {"req-origin-malformed", "handshake", Warning, "RFC 6455 4.1 req 8; RFC 6454 6.2, 7.1", Client, "Origin is not 'null' or scheme://host[:port]"},
	ReqSubprotocolInvalid:      {"req-subprotocol-invalid", "handshake", Error, "RFC 6455 4.1 req 10, 4.3", Client, "a subprotocol element is empty or not a token"},
	ReqSubprotocolDuplicate:    {"req-subprotocol-duplicate", "handshake", Error, "RFC 6455 4.1 req 10", Client, "the same subprotocol listed twice"},
	ReqDataBeforeResponse:      {"req-data-before-response", "handshake", Error, "RFC 6455 4.1", Client, "the client sends bytes after its request and before the server's response"},
	ReqHasBody:                 {"req-has-body", "handshake", Warning, "RFC 6455 4.1 (see also 1.3)", Client, "the request announces a body (Content-Length above 0 or Transfer-Encoding)"},
	ClientParallelConnecting:   {"client-parallel-connecting", "handshake", Warning, "RFC 6455 4.1 step 2", Client, "two handshakes from one client address to one server are outstanding at the same time"},
	LegacyHandshake:            {"legacy-handshake", "handshake", Note, "draft-hixie-76 / hybi-00..12", Client, "a pre-RFC handshake: Sec-WebSocket-Key1/Key2, WebSocket-Protocol, Sec-WebSocket-Draft or Sec-WebSocket-Origin"},
	RespHTTPVersionLow:         {"resp-http-version-low", "handshake", Error, "RFC 6455 4.2.2 step 5; RFC 9110 15.2", Server, "the 101 status line carries an HTTP version below 1.1"},
	RespHTTPMalformed:          {"resp-http-malformed", "handshake", Error, "RFC 6455 4.2.2 step 5; RFC 9112 4, 5.1", Server, "the response is not a valid HTTP message"},
	RespUpgradeMissing:         {"resp-upgrade-missing", "handshake", Error, "RFC 6455 4.1 resp 2, 4.2.2 5.2", Server, "101 without an Upgrade header"},
	RespUpgradeNotWebsocket:    {"resp-upgrade-not-websocket", "handshake", Error, "RFC 6455 4.1 resp 2", Server, "Upgrade in the 101 is not exactly websocket (case-insensitive)"},
	RespConnectionMissing:      {"resp-connection-missing", "handshake", Error, "RFC 6455 4.1 resp 3", Server, "101 without a Connection header"},
	RespConnectionNoUpgrade:    {"resp-connection-no-upgrade", "handshake", Error, "RFC 6455 4.1 resp 3", Server, "Connection in the 101 does not list the token Upgrade"},
	RespAcceptMissing:          {"resp-accept-missing", "handshake", Error, "RFC 6455 4.1 resp 4", Server, "101 without Sec-WebSocket-Accept"},
	RespAcceptWrong:            {"resp-accept-wrong", "handshake", Error, "RFC 6455 4.1 resp 4, 4.2.2 5.4", Server, "Sec-WebSocket-Accept is not base64(SHA-1(key + GUID))"},
	RespAcceptDuplicate:        {"resp-accept-duplicate", "handshake", Error, "RFC 6455 11.3.3", Server, "more than one Sec-WebSocket-Accept header"},
	RespSubprotocolNotOffered:  {"resp-subprotocol-not-offered", "handshake", Error, "RFC 6455 4.1 resp 6, 4.2.2 /subprotocol/", Server, "Sec-WebSocket-Protocol in the 101 was not among those offered (or none was offered)"},
	RespSubprotocolInvalid:     {"resp-subprotocol-invalid", "handshake", Error, "RFC 6455 4.2.2 /subprotocol/, 4.3", Server, "Sec-WebSocket-Protocol in the 101 is empty, a list or not a token"},
	RespSubprotocolDuplicate:   {"resp-subprotocol-duplicate", "handshake", Error, "RFC 6455 11.3.4", Server, "more than one Sec-WebSocket-Protocol header in the response"},
	RespVersionHeaderMissing:   {"resp-version-header-missing", "handshake", Error, "RFC 6455 4.2.2 /version/, 4.4", Server, "a refusal because of the version does not list the supported versions in Sec-WebSocket-Version"},
	Resp426NoUpgrade:           {"resp-426-no-upgrade", "handshake", Warning, "RFC 9110 15.5.22", Server, "426 without an Upgrade header"},
	RespMissing:                {"resp-missing", "handshake", Error, "RFC 6455 4.2.1, 10.7", Server, "an invalid request is met by the end of the connection instead of an HTTP error response"},
	RespAcceptedInvalidRequest: {"resp-accepted-invalid-request", "handshake", Error, "RFC 6455 4.2.1, 4.2.2", Server, "101 in reply to a request the server had to refuse"},
	Resp101Body:                {"resp-101-body", "handshake", Error, "RFC 9110 8.6; RFC 9112 6.1", Server, "101 with Content-Length or Transfer-Encoding"},
	FrameBeforeHandshake:       {"frame-before-handshake", "handshake", Error, "RFC 6455 4.1, 4.2.2, 5.1, 6.1 step 1", Both, "a frame is sent before the opening handshake is complete"},
	FrameWithoutHandshake:      {"frame-without-handshake", "handshake", Error, "RFC 6455 4.1 resp 1, 6.1 step 1", Both, "frames follow a handshake that was refused (final status other than 101)"},
	ExtHeaderMalformed:         {"ext-header-malformed", "handshake", Error, "RFC 6455 9.1", Both, "Sec-WebSocket-Extensions does not match the ABNF (empty value, empty parameter, quoted value that is not a token)"},
	ExtUnregistered:            {"ext-unregistered", "handshake", Warning, "RFC 6455 9.1, 11.4", Both, "an extension token that is not in the IANA registry (e.g. x-webkit-deflate-frame)"},
	RespExtNotOffered:          {"resp-ext-not-offered", "handshake", Error, "RFC 6455 4.1 resp 5, 9", Server, "the response names an extension the client did not offer"},
	// frame
	FrameRSVSet:            {"frame-rsv-set", "frame", Error, "RFC 6455 5.2", Both, "RSV1, RSV2 or RSV3 set and no negotiated extension gives it a meaning"},
	FrameOpcodeReserved:    {"frame-opcode-reserved", "frame", Error, "RFC 6455 5.2", Both, "opcode 3-7 or B-F"},
	FrameLengthNotMinimal:  {"frame-length-not-minimal", "frame", Error, "RFC 6455 5.2", Both, "16-bit length below 126 or 64-bit length below 65536"},
	FrameLengthMSB:         {"frame-length-msb", "frame", Error, "RFC 6455 5.2", Both, "most significant bit of the 64-bit length is 1"},
	FrameControlTooLong:    {"frame-control-too-long", "frame", Error, "RFC 6455 5.5", Both, "control frame with a payload above 125 bytes"},
	FrameControlFragmented: {"frame-control-fragmented", "frame", Error, "RFC 6455 5.5, 5.4", Both, "control frame with FIN 0"},
	StreamTruncatedFrame:   {"stream-truncated-frame", "frame", Warning, "RFC 6455 5.2, 7.1.1", Both, "the TCP stream ends inside a frame"},
	PingUnanswered:         {"ping-unanswered", "frame", Error, "RFC 6455 5.5.2", Both, "a Ping (and no later one) is never answered although its receiver keeps going and had not received a Close"},
	PongMismatch:           {"pong-mismatch", "frame", Warning, "RFC 6455 5.5.3", Both, "a Pong follows a Ping but carries other data than any outstanding Ping"},
	PongUnsolicited:        {"pong-unsolicited", "frame", Note, "RFC 6455 5.5.3", Both, "Pong with no Ping outstanding (allowed)"},
	// message
	MsgContinuationUnexpected: {"msg-continuation-unexpected", "message", Error, "RFC 6455 5.4", Both, "continuation frame with no message in progress"},
	MsgDataInterleaved:        {"msg-data-interleaved", "message", Error, "RFC 6455 5.4", Both, "text or binary frame while a fragmented message is in progress"},
	MsgInvalidUTF8:            {"msg-invalid-utf8", "message", Error, "RFC 6455 5.6, 8.1; RFC 3629 3, 4", Both, "text message (after inflation) is not UTF-8: bad byte, overlong form, surrogate, above U+10FFFF, or cut off at the end"},
	MsgUnfinished:             {"msg-unfinished", "message", Note, "RFC 6455 5.4, 6.1 step 4", Both, "a fragmented message is abandoned by Close or the end of the connection"},
	// close
	CloseBodyOneByte:       {"close-body-one-byte", "close", Error, "RFC 6455 5.5.1", Both, "Close with a body of exactly one byte"},
	CloseCodeForbidden:     {"close-code-forbidden", "close", Error, "RFC 6455 7.4.1", Both, "Close code 1005, 1006 or 1015"},
	CloseCodeReserved:      {"close-code-reserved", "close", Error, "RFC 6455 5.5.1, 7.4.1, 7.4.2, 11.7", Both, "Close code 1004 or 1016-2999: reserved and not assigned by any specification"},
	CloseCodeOutOfRange:    {"close-code-out-of-range", "close", Error, "RFC 6455 5.5.1, 7.4.2, 11.7", Both, "Close code below 1000 or above 4999"},
	CloseCodeWrongRole:     {"close-code-wrong-role", "close", Warning, "RFC 6455 7.4.1", Server, "1010 (mandatory extension) sent by a server"},
	Close1010NoList:        {"close-1010-no-list", "close", Warning, "RFC 6455 7.4.1", Client, "1010 without the list of missing extensions in the reason"},
	CloseReasonInvalidUTF8: {"close-reason-invalid-utf8", "close", Error, "RFC 6455 5.5.1, 8.1", Both, "the Close reason is not UTF-8"},
	CloseDataAfter:         {"close-data-after", "close", Error, "RFC 6455 5.5.1", Both, "data frame after the sender's own Close"},
	CloseControlAfter:      {"close-control-after", "close", Note, "RFC 6455 5.5.1, 5.5.2", Both, "Ping or Pong after the sender's own Close (no rule forbids it)"},
	CloseDuplicate:         {"close-duplicate", "close", Warning, "RFC 6455 5.5.1, 7.1.5", Both, "a second Close from the same endpoint"},
	CloseDataAfterReceived: {"close-data-after-received", "close", Warning, "RFC 6455 5.5.1, 6.1 step 1, 7.1.3", Both, "a new message is begun after the peer's Close was acknowledged at TCP level"},
	CloseNoReply:           {"close-no-reply", "close", Error, "RFC 6455 5.5.1", Both, "Close received, none sent back although the connection allowed it"},
	CloseMissing:           {"close-missing", "close", Warning, "RFC 6455 7.1.2, 7.3", Both, "the TCP connection is ended with no Close from that endpoint first"},
	CloseTCPBeforeReply:    {"close-tcp-before-reply", "close", Warning, "RFC 6455 5.5.1, 7.1.1, 7.1.2", Both, "the sender of a Close ends the TCP connection without waiting for the reply"},
	CloseClientTCPFirst:    {"close-client-tcp-first", "close", Warning, "RFC 6455 7.1.1", Client, "after the closing handshake the client sends the first FIN"},
	CloseTCPReset:          {"close-tcp-reset", "close", Warning, "RFC 6455 7.1.1", Both, "the established connection is ended by RST"},
	CloseCodeEchoMismatch:  {"close-code-echo-mismatch", "close", Note, "RFC 6455 5.5.1", Both, "the replying Close carries another code than the one received (only 'typically' echoed)"},
	FailNotPerformed:       {"fail-not-performed", "close", Error, "RFC 6455 5.1, 5.2, 5.5, 7.1.7, 8.1", Both, "an endpoint that received an invalid frame goes on with the connection"},
	FailCodeUnsuitable:     {"fail-code-unsuitable", "close", Warning, "RFC 6455 7.1.7, 7.4.1, 10.7", Both, "an invalid frame is answered with a Close code that does not fit (e.g. 1000)"},
	// compression
	PMDOfferParamUnknown:        {"pmd-offer-param-unknown", "compression", Error, "RFC 6455 9.1; RFC 7692 7", Client, "permessage-deflate offer with a parameter that is not defined"},
	PMDOfferParamInvalid:        {"pmd-offer-param-invalid", "compression", Error, "RFC 7692 7, 7.1", Client, "permessage-deflate offer with an invalid parameter value"},
	PMDOfferParamDuplicate:      {"pmd-offer-param-duplicate", "compression", Error, "RFC 7692 7", Client, "permessage-deflate offer that repeats a parameter"},
	PMDAcceptedInvalidOffer:     {"pmd-accepted-invalid-offer", "compression", Error, "RFC 7692 7", Server, "the server accepts an offer it had to decline"},
	PMDRespParamUnknown:         {"pmd-resp-param-unknown", "compression", Error, "RFC 7692 7", Server, "permessage-deflate response with a parameter that is not defined"},
	PMDRespParamInvalid:         {"pmd-resp-param-invalid", "compression", Error, "RFC 7692 7, 7.1", Server, "permessage-deflate response with an invalid parameter value"},
	PMDRespParamDuplicate:       {"pmd-resp-param-duplicate", "compression", Error, "RFC 7692 7", Server, "permessage-deflate response that repeats a parameter"},
	PMDRespClientBitsNotOffered: {"pmd-resp-client-bits-not-offered", "compression", Error, "RFC 7692 7.1.2.2", Server, "client_max_window_bits in the response though the offer did not have it"},
	PMDRespServerBitsLarger:     {"pmd-resp-server-bits-larger", "compression", Error, "RFC 7692 7.1.2.1", Server, "server_max_window_bits in the response is larger than offered"},
	PMDRespServerBitsMissing:    {"pmd-resp-server-bits-missing", "compression", Error, "RFC 7692 7.1.2.1", Server, "server_max_window_bits offered, response accepts without it"},
	PMDRespServerNCTMissing:     {"pmd-resp-server-nct-missing", "compression", Error, "RFC 7692 7.1.1.1", Server, "server_no_context_takeover offered, response accepts without it"},
	PMDRespDuplicate:            {"pmd-resp-duplicate", "compression", Error, "RFC 7692 5, 6", Server, "the response accepts two extensions that both claim RSV1"},
	PMDRSV1Control:              {"pmd-rsv1-control", "compression", Error, "RFC 7692 6", Both, "RSV1 on a control frame with permessage-deflate in use"},
	PMDRSV1Continuation:         {"pmd-rsv1-continuation", "compression", Error, "RFC 7692 6", Both, "RSV1 on a frame that is not the first of its message"},
	PMDInflateError:             {"pmd-inflate-error", "compression", Error, "RFC 7692 7.2.2; RFC 1951", Both, "compressed message is not valid DEFLATE"},
	PMDDataIncomplete:           {"pmd-data-incomplete", "compression", Error, "RFC 7692 7.2.1", Both, "compressed message ends inside a DEFLATE block (also: RSV1 with no payload at all)"},
	PMDTailNotRemoved:           {"pmd-tail-not-removed", "compression", Error, "RFC 7692 7.2.1 step 3", Both, "the 00 00 FF FF of the last empty block is still on the wire"},
	PMDFinalPadding:             {"pmd-final-padding", "compression", Error, "RFC 7692 7.2.1", Both, "bits other than 0 between the end of a BFINAL block and the byte border"},
	PMDWindowExceeded:           {"pmd-window-exceeded", "compression", Error, "RFC 7692 7.1.2", Both, "a back-reference reaches further than the agreed window"},
	PMDContextTakeover:          {"pmd-context-takeover", "compression", Error, "RFC 7692 7.1.1", Both, "a back-reference into an earlier message although no_context_takeover was agreed"},
	PMDClientHintBroken:         {"pmd-client-hint-broken", "compression", Warning, "RFC 7692 7.1.1.2, 7.1.2.2", Client, "the client exceeds what its own offer announced (no context takeover, window size)"},
	// masking
	FrameClientUnmasked: {"frame-client-unmasked", "masking", Error, "RFC 6455 5.1", Client, "MASK bit 0 in a frame from the client"},
	FrameServerMasked:   {"frame-server-masked", "masking", Error, "RFC 6455 5.1", Server, "MASK bit 1 in a frame from the server"},
	MaskKeyZero:         {"mask-key-zero", "masking", Warning, "RFC 6455 5.3, 10.3", Client, "masking key 00000000: the payload is visible in clear"},
	MaskKeyReused:       {"mask-key-reused", "masking", Error, "RFC 6455 5.3, 10.3", Client, "the same masking key in several frames of a connection"},
	MaskKeyPredictable:  {"mask-key-predictable", "masking", Error, "RFC 6455 5.3, 10.3", Client, "keys that follow a pattern: counter, fixed step, repeated bytes, same sequence in two connections"},
	// timing
	ClientReconnectNoBackoff: {"client-reconnect-no-backoff", "timing", Warning, "RFC 6455 7.2.3", Client, "repeated reconnects after abnormal closures at once and at constant spacing"},
	PongLate:                 {"pong-late", "timing", Warning, "RFC 6455 5.5.2", Both, "the Pong comes long after the Ping although its sender was active"},
	CloseReplyLate:           {"close-reply-late", "timing", Warning, "RFC 6455 5.5.1", Both, "the replying Close comes long after the Close with nothing in between"},
	CloseServerTCPLate:       {"close-server-tcp-late", "timing", Warning, "RFC 6455 5.5.1, 7.1.1", Server, "after both Close frames the server keeps the TCP connection open"},
	// http2
	H2ConnectWithoutSetting: {"h2-connect-without-setting", "http2", Error, "RFC 8441 3", Client, ":protocol used before the server sent SETTINGS_ENABLE_CONNECT_PROTOCOL = 1"},
	H2SettingInvalid:        {"h2-setting-invalid", "http2", Error, "RFC 8441 3", Server, "SETTINGS_ENABLE_CONNECT_PROTOCOL with a value other than 0 or 1"},
	H2SettingRevoked:        {"h2-setting-revoked", "http2", Error, "RFC 8441 3", Server, "SETTINGS_ENABLE_CONNECT_PROTOCOL set to 0 after it was 1"},
	H2MethodNotConnect:      {"h2-method-not-connect", "http2", Error, "RFC 8441 4", Client, ":protocol on a method other than CONNECT"},
	H2PseudoMissing:         {"h2-pseudo-missing", "http2", Error, "RFC 8441 4", Client, "extended CONNECT without :scheme or :path"},
	H2SchemeInvalid:         {"h2-scheme-invalid", "http2", Error, "RFC 8441 5", Client, ":scheme is not http or https"},
	H2ConnectionHeader:      {"h2-connection-header", "http2", Error, "RFC 8441 5; RFC 9113 8.2.2", Both, "Connection, Upgrade or Transfer-Encoding in an HTTP/2 header block"},
	H2KeyPresent:            {"h2-key-present", "http2", Note, "RFC 8441 5", Both, "Sec-WebSocket-Key or Sec-WebSocket-Accept sent though superseded by :protocol"},
	H2Status101:             {"h2-status-101", "http2", Error, "RFC 8441 5; RFC 9113 8.6", Server, "101 as status in HTTP/2"},
	// tls
	TLSNoSNI: {"tls-no-sni", "tls", Error, "RFC 6455 4.1 step 5", Client, "TLS ClientHello of a wss connection without server_name (seen once the stream is known to be WebSocket)"},
	// capture
	CaptureOverlapConflict: {"capture-overlap-conflict", "capture", Warning, "", Both, "retransmitted bytes differ from those seen first; the first stand"},
	CaptureDataAfterFin:    {"capture-data-after-fin", "capture", Warning, "", Both, "payload beyond the sender's FIN"},
	CaptureOutOfWindow:     {"capture-out-of-window", "capture", Note, "", Both, "a segment too far from the expected sequence number; it is not used"},
	CaptureResetIgnored:    {"capture-reset-ignored", "capture", Note, "", Both, "a reset outside the window; it is not used"},
	LimitQueuedBytes:       {"limit-queued-bytes", "capture", Note, "", Both, "the limit of bytes held behind a hole was reached"},
	LimitMessageSize:       {"limit-message-size", "capture", Note, "", Both, "a message is larger than the limit; its first bytes are held"},
	LimitHeadSize:          {"limit-head-size", "capture", Note, "", Both, "an HTTP head is larger than the limit"},
	LimitHeldBytes:         {"limit-held-bytes", "capture", Note, "", Both, "bytes held until the handshake is known reached their limit"},
	LimitInflatedSize:      {"limit-inflated-size", "capture", Warning, "", Both, "a message inflates beyond the limit or the ratio allowed"},
	CompressionInferred:    {"compression-inferred", "capture", Note, "", Both, "RSV1 set, but no agreed compression was seen; inflated on that guess"},
	CompressionContextLost: {"compression-context-lost", "capture", Note, "", Both, "the compression window holds bytes that the capture does not have"},
	HandshakeInferred:      {"handshake-inferred", "capture", Note, "", Both, "no opening handshake in the capture; the frames themselves say that this is WebSocket"},
}
