// Package reassembly puts the TCP segments of a capture in order: the bytes of each
// direction of each connection, every one traceable to the packet that carried it, and
// an explicit Gap for every run that the capture does not have.
//
// It knows nothing above TCP and does no I/O. Segments are pushed in, Streams are called.
// Payloads are read-only loans until the call returns; what must wait behind a hole is
// copied, within limits.
//
// # Late and lost
//
// A hole is late until it is lost. It is lost when the peer has acknowledged past it and
// then Config.ReorderPackets packets of the connection or Config.ReorderTime of capture
// time went by without the bytes; when the peer acknowledged a FIN behind it; when a
// limit is reached; and when the connection ends. If no packet of the peer is in the
// capture, a hole is lost after twenty times Config.ReorderTime. Bytes that come after
// their place was given up are dropped.
//
// # Overlaps
//
// The bytes first seen stand. Others for the same place make a Note if they differ from
// bytes that are still queued, or from one of the last two segments delivered of the
// direction, sent again as a whole; older bytes are not kept to be compared. Any bytes
// take the place of queued ones that the snap length cut off.
//
// # Starts
//
// A half begins behind its SYN, or with the number that a SYN-ACK acknowledges. Without
// these it begins with the number that the peer's packets expect, if its first bytes are
// there; else with the earliest bytes of the next 8 packets of the connection, within
// Config.ReorderTime, or until the peer acknowledges them.
//
// # Numbers out of the window
//
// The scale of windows is not known. A segment more than 64 MiB from the next byte is
// not used, but noted; after four in a row at the same place the capture is taken to
// have a hole that large. An acknowledgement as far off is not used. An RST counts, and a
// SYN does not, within what the receiver may still accept: its window as it stands in
// the segment, or 65535 bytes. A SYN in there counts if the peer answers it.
//
// # The clock
//
// Timeouts run on the time stamps of the packets that are pushed or ticked. A time stamp
// more than a minute ahead of the last, or behind it, counts only if the next one is as
// far off: one odd time stamp in a capture does no harm.
package reassembly
