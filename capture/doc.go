// Package capture reads packet captures: pcap and pcapng files of every kind in use,
// plain or compressed, pipes, and any gopacket packet source. It hands out packets as
// they stand in the capture (Reader.Packets) or TCP segments (Reader.Segments), which
// is what reassembly and dissect take.
//
// Several inputs are one capture: packets are numbered through, and files whose first
// packets tell so are read in the order of time.
//
// What stands before a damage is read, the damage is reported with its offset, and
// reading goes on behind it where packets can be found again. A capture with a defect
// is therefore no failure: errors come as values of the iteration, packets follow them.
//
// Data of a packet is a read-only loan: it aliases a buffer of the Reader, and is valid
// until the iteration goes on.
package capture
