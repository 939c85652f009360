// Package payload explains the messages of the protocols that ride on WebSocket:
// Socket.IO, STOMP, JSON-RPC and their kin.
//
// A Stage stands between a dissection and a sink and hangs a Value on each message that
// a decoder understands. Which decoder looks at a connection is told by its subprotocol,
// else by its path, else by what the messages look like; the Value says which it was.
// The message itself is never changed.
package payload
