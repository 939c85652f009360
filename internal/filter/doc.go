// Package filter is the filter language of tcpdump, pcap-filter(7): it parses expressions
// and compiles them for a link type to classic BPF, for the kernel and for packets of files.
//
// What tcpdump accepts, it accepts with the same result, or refuses with an error that is
// [ErrUnsupported]; what tcpdump refuses, it refuses. That includes tcpdump's habits: a
// number after % or ^ takes all arithmetic behind it, "and" and "or" bind equally, ports
// are those of first fragments only, vlan, mpls and pppoes move what follows them, and a
// test of a byte that was not captured ends in no match, whatever "not" stands before it.
//
// Names of hosts and networks are not looked up, and those of ports, protocols and
// Ethernet types come from a table, so that an expression means the same everywhere.
package filter
