// Package dissect runs protocol layers over reassembled connections and tells what it
// finds as events: handshakes, frames, messages, anomalies, gaps, ends.
//
// Malformed traffic is an Anomaly, never a Go error. Events come in a total order that
// depends on the capture alone, and are on loan until Emit returns.
package dissect
