// Package http1 reads the heads of HTTP/1 messages from pieces of bytes, bounded, and
// finds the end of the bodies between them. It keeps order, case and blanks of what was
// sent, and names what is wrong with it instead of refusing it.
package http1
