// Package inflate decodes DEFLATE (RFC 1951) for an observer of permessage-deflate.
//
// It is for the package frame, which has whole compressed messages and wants to know more
// than the text: how far back references reach, what was wrong with the end, and, when
// the capture has holes, which bytes of the output came out of history that was lost.
//
// A Decoder holds tables and scratch memory and serves any number of directions; a Window
// is all that a direction keeps between its messages. Source bytes are only read; output
// goes to memory of the caller.
package inflate
