// Package frame is RFC 6455 and RFC 7692 without I/O: frame headers, the cutting of a
// byte stream into frames, unmasking, the checks on a header and on a Close, inflating.
//
// It is for whoever has the bytes of one direction of a WebSocket connection. Nothing
// here keeps a slice that it was given, and nothing changes one: captured bytes stay
// as they are, and what is unmasked or inflated goes to memory of the caller.
package frame
