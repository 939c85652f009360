// Package conform judges WebSocket connections by the RFCs: it stands between a
// dissection and a sink, passes every event on, and adds an Anomaly for each rule that
// was broken, right behind what broke it.
//
// What cannot be judged because bytes are missing in the capture is not judged.
package conform
