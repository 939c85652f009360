// Package pipeline lets the stages of a dissection run on goroutines of their own: Ahead
// reads the capture before it is needed, Relay takes events to a slower Sink. They hand
// over batches, of copies but for what is large, in the order in which it came: the output is
// the same, to the byte, as without them.
package pipeline
