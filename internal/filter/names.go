package filter

// constants are the names that stand for numbers anywhere.
var constants = map[string]uint32{
	"icmptype": 0, "icmpcode": 1, "icmp6type": 0, "icmp6code": 1, "tcpflags": 13,

	"tcp-fin": 0x01, "tcp-syn": 0x02, "tcp-rst": 0x04, "tcp-push": 0x08,
	"tcp-ack": 0x10, "tcp-urg": 0x20, "tcp-ece": 0x40, "tcp-cwr": 0x80,

	"icmp-echoreply": 0, "icmp-unreach": 3, "icmp-sourcequench": 4, "icmp-redirect": 5,
	"icmp-echo": 8, "icmp-routeradvert": 9, "icmp-routersolicit": 10,
	"icmp-timxceed": 11, "icmp-paramprob": 12, "icmp-tstamp": 13, "icmp-tstampreply": 14,
	"icmp-ireq": 15, "icmp-ireqreply": 16, "icmp-maskreq": 17, "icmp-maskreply": 18,

	"icmp6-destinationunreach": 1, "icmp6-packettoobig": 2, "icmp6-timeexceeded": 3,
	"icmp6-parameterproblem": 4, "icmp6-echo": 128, "icmp6-echoreply": 129,
	"icmp6-multicastlistenerquery": 130, "icmp6-multicastlistenerreportv1": 131,
	"icmp6-multicastlistenerdone": 132, "icmp6-routersolicit": 133,
	"icmp6-routeradvert": 134, "icmp6-neighborsolicit": 135, "icmp6-neighboradvert": 136,
	"icmp6-redirect": 137, "icmp6-routerrenum": 138, "icmp6-nodeinformationquery": 139,
	"icmp6-nodeinformationresponse": 140, "icmp6-ineighbordiscoverysolicit": 141,
	"icmp6-ineighbordiscoveryadvert": 142, "icmp6-multicastlistenerreportv2": 143,
	"icmp6-homeagentdiscoveryrequest": 144, "icmp6-homeagentdiscoveryreply": 145,
	"icmp6-mobileprefixsolicit": 146, "icmp6-mobileprefixadvert": 147,
	"icmp6-certpathsolicit": 148, "icmp6-certpathadvert": 149,
	"icmp6-multicastrouteradvert": 151, "icmp6-multicastroutersolicit": 152,
	"icmp6-multicastrouterterm": 153,
}

// ipProtocols are the names behind "proto", as in the /etc/protocols of Linux distributions.
var ipProtocols = map[string]uint32{
	"ip": 0, "IP": 0, "hopopt": 0, "icmp": 1, "ICMP": 1, "igmp": 2, "IGMP": 2,
	"ipencap": 4, "tcp": 6, "TCP": 6, "udp": 17, "UDP": 17, "dccp": 33, "DCCP": 33,
	"ipv6": 41, "IPv6": 41, "ipv6-route": 43, "IPv6-Route": 43, "ipv6-frag": 44,
	"IPv6-Frag": 44, "rsvp": 46, "RSVP": 46, "gre": 47, "GRE": 47, "esp": 50, "ah": 51,
	"ipv6-icmp": 58, "IPv6-ICMP": 58, "ipv6-nonxt": 59, "ipv6-opts": 60, "eigrp": 88,
	"EIGRP": 88, "ospf": 89, "ipip": 94, "etherip": 97, "pim": 103, "PIM": 103,
	"ipcomp": 108, "vrrp": 112, "VRRP": 112, "l2tp": 115, "L2TP": 115, "isis": 124,
	"sctp": 132, "SCTP": 132, "udplite": 136, "mpls-in-ip": 137, "mptcp": 262,
}

// Ethernet types, and LLC service access points where they are below 0x600, as tcpdump has
// them in one space of numbers.
const (
	etherIP       = 0x0800
	etherARP      = 0x0806
	etherRARP     = 0x8035
	etherATalk    = 0x809B
	etherAARP     = 0x80F3
	etherVLAN     = 0x8100
	etherIPX      = 0x8137
	etherIP6      = 0x86DD
	etherMPLS     = 0x8847
	etherPPPoED   = 0x8863
	etherPPPoES   = 0x8864
	etherQinQ     = 0x88A8
	etherQinQOld  = 0x9100
	sapIP         = 0x06
	sapSTP        = 0x42
	sapIPX        = 0xE0
	sapNetBEUI    = 0xF0
	sapISO        = 0xFE
	maxEtherFrame = 1500 // up to here the type is a length, and LLC follows
)

// etherTypes are the names behind "ether proto", and also most of those that stand alone.
var etherTypes = map[string]uint32{
	"ip": etherIP, "ip6": etherIP6, "arp": etherARP, "rarp": etherRARP, "atalk": etherATalk,
	"aarp": etherAARP, "decnet": 0x6003, "lat": 0x6004, "sca": 0x6007, "mopdl": 0x6001,
	"moprc": 0x6002, "loopback": 0x9000, "iso": sapISO, "stp": sapSTP, "ipx": sapIPX,
	"netbeui": sapNetBEUI,
}

// IP protocol numbers.
const (
	protoHopByHop = 0
	protoICMP     = 1
	protoIGMP     = 2
	protoTCP      = 6
	protoIGRP     = 9
	protoUDP      = 17
	protoRouting  = 43
	protoFragment = 44
	protoESP      = 50
	protoAH       = 51
	protoICMP6    = 58
	protoDestOpts = 60
	protoPIM      = 103
	protoVRRP     = 112 // CARP too
	protoSCTP     = 132
)

// keywords are the words that are no names unless a backslash stands before them, with
// their canonical forms.
var keywords = map[string]string{
	"dst": "dst", "src": "src", "host": "host", "net": "net", "mask": "mask",
	"port": "port", "portrange": "portrange", "proto": "proto",
	"protochain": "protochain", "gateway": "gateway",
	"addr1": "addr1", "address1": "addr1", "addr2": "addr2", "address2": "addr2",
	"addr3": "addr3", "address3": "addr3", "addr4": "addr4", "address4": "addr4",
	"ra": "ra", "ta": "ta",

	"link": "link", "ether": "link", "ppp": "link", "slip": "link", "fddi": "link",
	"tr": "link", "wlan": "link",
	"arp": "arp", "rarp": "rarp", "ip": "ip", "ip6": "ip6", "tcp": "tcp", "udp": "udp",
	"sctp": "sctp", "icmp": "icmp", "icmp6": "icmp6", "igmp": "igmp", "igrp": "igrp",
	"pim": "pim", "vrrp": "vrrp", "carp": "carp", "radio": "radio", "ah": "ah",
	"esp": "esp", "atalk": "atalk", "aarp": "aarp", "decnet": "decnet", "lat": "lat",
	"sca": "sca", "moprc": "moprc", "mopdl": "mopdl", "iso": "iso", "esis": "esis",
	"es-is": "esis", "isis": "isis", "is-is": "isis", "l1": "l1", "l2": "l2",
	"iih": "iih", "lsp": "lsp", "snp": "snp", "csnp": "csnp", "psnp": "psnp",
	"clnp": "clnp", "stp": "stp", "ipx": "ipx", "netbeui": "netbeui",

	"less": "less", "greater": "greater", "byte": "byte", "broadcast": "broadcast",
	"multicast": "multicast", "len": "len", "length": "len", "inbound": "inbound",
	"outbound": "outbound", "ifindex": "ifindex", "vlan": "vlan", "mpls": "mpls",
	"pppoed": "pppoed", "pppoes": "pppoes", "geneve": "geneve", "llc": "llc",
	"type": "type", "subtype": "subtype", "dir": "dir", "direction": "dir",

	"on": "ifname", "ifname": "ifname", "rset": "rset", "ruleset": "rset", "rnr": "rnr",
	"rulenum": "rnr", "srnr": "srnr", "subrulenum": "srnr", "reason": "reason",
	"action": "action",

	"lane": "lane", "metac": "metac", "bcc": "bcc", "oam": "oam", "oamf4": "oamf4",
	"oamf4ec": "oamf4ec", "oamf4sc": "oamf4sc", "sc": "sc", "ilmic": "ilmic",
	"vpi": "vpi", "vci": "vci", "connectmsg": "connectmsg", "metaconnect": "metaconnect",
	"fisu": "fisu", "lssu": "lssu", "lsu": "lssu", "msu": "msu", "hfisu": "hfisu",
	"hlssu": "hlssu", "hmsu": "hmsu", "sio": "sio", "opc": "opc", "dpc": "dpc",
	"sls": "sls", "hsio": "hsio", "hopc": "hopc", "hdpc": "hdpc", "hsls": "hsls",
}

func isKeyword(s string) bool     { return keywords[s] != "" }
func canonical(s string) string   { return keywords[s] }
func isProtocol(word string) bool { return protocolWords[word] }

// protocolWords are the keywords that stand alone, before a qualifier or before a [.
var protocolWords = map[string]bool{
	"link": true, "arp": true, "rarp": true, "ip": true, "ip6": true, "tcp": true,
	"udp": true, "sctp": true, "icmp": true, "icmp6": true, "igmp": true, "igrp": true,
	"pim": true, "vrrp": true, "carp": true, "radio": true, "ah": true, "esp": true,
	"atalk": true, "aarp": true, "decnet": true, "lat": true, "sca": true, "moprc": true,
	"mopdl": true, "iso": true, "esis": true, "isis": true, "l1": true, "l2": true,
	"iih": true, "lsp": true, "snp": true, "csnp": true, "psnp": true, "clnp": true,
	"stp": true, "ipx": true, "netbeui": true,
}

// ipNumbers are the IP protocols of the keywords that stand for one.
var ipNumbers = map[string]uint32{
	"tcp": protoTCP, "udp": protoUDP, "sctp": protoSCTP, "icmp": protoICMP,
	"icmp6": protoICMP6, "igmp": protoIGMP, "igrp": protoIGRP, "pim": protoPIM,
	"vrrp": protoVRRP, "carp": protoVRRP, "ah": protoAH, "esp": protoESP,
}
