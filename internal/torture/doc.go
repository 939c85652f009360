// Package torture damages captures of WebSocket traffic and judges what a dissection makes
// of them, against what it makes of the undamaged capture: what is told as whole must be
// what was sent, and what the capture still has must be told.
//
// It works on segments in memory, which it never changes in place. It is for tests.
package torture
