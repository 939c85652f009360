// Package reassembly puts the TCP segments of a capture in order: the bytes of each
// direction of each connection, every one traceable to the packet that carried it, and
// an explicit Gap for every run that the capture does not have.
//
// It knows nothing above TCP and does no I/O. Segments are pushed in, Streams are called.
// Payloads are read-only loans until the call returns; what must wait behind a hole is
// copied, within limits.
package reassembly
