// Package pipeline lets the stages of a dissection run on goroutines of their own: Ahead
// reads the capture before it is needed, Relay takes events to a slower Sink. What they
// hand over is copied, in batches, and keeps its order: the output is the same, to the
// byte, as without them.
package pipeline
