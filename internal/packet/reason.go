package packet

// Reason is why a packet gave no TCP segment; TCP says that it gave one.
type Reason uint8

const (
	TCP Reason = iota // not left out: the segment is filled

	ARP
	UDP
	ICMP // ICMPv6 too
	SCTP
	ESP             // IPsec, encrypted
	MACsec          // IEEE 802.1AE, encrypted
	OtherIP         // another IP protocol, or IPv6 without payload
	LLC             // IEEE 802.2 without IP: spanning tree and its kin
	PPPOther        // PPP and PPPoE without IP: negotiation, echo, multilink
	OtherEtherType  // an EtherType that carries no IP, or none that is known
	OtherFamily     // an address family, next to a loopback or firewall header, that is not IP
	WifiOther       // an 802.11 frame without data: management, control, null
	WifiEncrypted   // an 802.11 frame whose Protected bit is set
	WifiAggregate   // an A-MSDU of several packets
	FragmentWaiting // kept until the rest of its IP datagram is seen
	FragmentRepeat  // of an IP datagram that has these bytes already
	FragmentDropped // contradicts its IP datagram, or there are too many of it
	BadLink         // malformed header below IP
	BadIP           // malformed IP header
	BadTCP          // malformed TCP header
	BadTunnel       // malformed header of a tunnel
	Cut             // the snap length cut it before the TCP sequence number and data offset
	TooDeep         // more headers inside each other than are followed
	UnknownLink     // a link type that is not decoded

	// NumReasons is the number of reasons, to size a table of counts.
	NumReasons = iota
)

var reasonNames = [NumReasons]string{
	TCP:             "tcp",
	ARP:             "arp",
	UDP:             "udp",
	ICMP:            "icmp",
	SCTP:            "sctp",
	ESP:             "esp",
	MACsec:          "macsec",
	OtherIP:         "other ip protocol",
	LLC:             "llc",
	PPPOther:        "ppp without ip",
	OtherEtherType:  "other ethertype",
	OtherFamily:     "other address family",
	WifiOther:       "802.11 without data",
	WifiEncrypted:   "encrypted 802.11",
	WifiAggregate:   "802.11 aggregate",
	FragmentWaiting: "ip fragment waiting",
	FragmentRepeat:  "ip fragment repeated",
	FragmentDropped: "ip fragment dropped",
	BadLink:         "bad link header",
	BadIP:           "bad ip header",
	BadTCP:          "bad tcp header",
	BadTunnel:       "bad tunnel header",
	Cut:             "cut in headers",
	TooDeep:         "tunnel too deep",
	UnknownLink:     "unknown link type",
}

// String is a stable word for output, such as "udp" or "ip fragment waiting".
func (r Reason) String() string {
	if int(r) < len(reasonNames) {
		return reasonNames[r]
	}
	return "unknown"
}
