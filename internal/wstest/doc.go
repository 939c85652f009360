// Package wstest builds WebSocket traffic and checks what is made of it: frames,
// handshakes, TCP conversations, capture files; splitters and shufflers; a Validator of
// events; goldens. It is for tests and for the programs in testdata/gen, nothing else.
//
// It panics where it is used wrongly.
package wstest
