// Package output prints the events of package dissect: as a tree in the layout of
// tshark -V, as a list in the layout of tshark, as a JSON object per line.
//
// It is for the command. A Printer copies what it prints of an event into its own
// buffer before Emit returns, and keeps nothing of the event. No byte of the traffic
// reaches the output unless it is harmless to a terminal, see appendEscaped.
package output
