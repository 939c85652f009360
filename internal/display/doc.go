// Package display is the display filter of -Y: the part of Wireshark's language that can
// be asked of our events. Fields have Wireshark's names (websocket.opcode, tcp.port,
// ip.addr) or those of the json format (opcode_name, length, code).
//
//	websocket.opcode == 1 && websocket.payload.text contains "error"
//	type == "anomaly" or ip.addr == 10.0.0.1
//	length > 1000 and not compressed
//
// A comparison is true when one of the values of the field is as asked. An event that
// does not have the field is not, so that "!" and "!=" differ as they do in Wireshark.
package display
