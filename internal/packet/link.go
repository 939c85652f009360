package packet

import "strconv"

// Link types, as in https://www.tcpdump.org/linktypes.html.
const (
	linkNull        = 0
	linkEthernet    = 1
	linkPPP         = 9
	linkFDDI        = 10
	linkRawBSD      = 12 // DLT_RAW of most systems, written by some tools as it is
	linkRawOpenBSD  = 14 // DLT_RAW of OpenBSD
	linkPPPSerial   = 50
	linkPPPEther    = 51
	linkATM1483     = 100
	linkRaw         = 101
	linkCHDLC       = 104
	linkWifi        = 105
	linkLoop        = 108
	linkEnc         = 109
	linkSLL         = 113
	linkPflog       = 117
	linkPrism       = 119
	linkRadiotap    = 127
	linkUser2       = 149 // what macOS once wrote for PKTAP
	linkAVS         = 163
	linkPPPD        = 166
	linkPPI         = 192
	linkPPPWithDir  = 204
	linkMPLS        = 219
	linkIPv4        = 228
	linkIPv6        = 229
	linkNFLog       = 239
	linkNetAnalyzer = 240
	linkPKTAP       = 258
	linkSLL2        = 276
	linkBRCM        = 281
	linkBRCMPrepend = 282
	linkDSA         = 283
	linkEDSA        = 284
)

// link reads a packet of any link type.
func (d *Decoder) link(c *cursor, link uint32) Reason {
	switch link {
	case linkEthernet:
		return d.ethernet(c)
	case linkSLL:
		return d.sll(c)
	case linkSLL2:
		return d.sll2(c)
	case linkNull, linkLoop:
		return d.null(c)
	case linkRaw, linkRawBSD, linkRawOpenBSD:
		return d.ip(c)
	case linkIPv4:
		return d.ip4(c)
	case linkIPv6:
		return d.ip6(c)
	}
	return d.rareLink(c, link)
}

// rareLink keeps the switch of link short.
func (d *Decoder) rareLink(c *cursor, link uint32) Reason {
	switch link {
	case linkPPP:
		return d.ppp(c)
	case linkPPPSerial:
		return d.serial(c)
	case linkPPPEther:
		return d.pppoe(c)
	case linkPPPD, linkPPPWithDir:
		return d.pppDirected(c)
	case linkCHDLC:
		return d.hdlc(c)
	case linkATM1483:
		return d.llc(c)
	case linkFDDI:
		return d.fddi(c)
	case linkMPLS:
		return d.mpls(c)
	case linkWifi:
		return d.wifi(c, 1)
	case linkRadiotap:
		return d.radiotap(c)
	case linkPrism, linkAVS:
		return d.prism(c)
	case linkPPI:
		return d.ppi(c)
	case linkPKTAP, linkUser2:
		return d.pktap(c)
	case linkEnc:
		return d.enc(c)
	case linkPflog:
		return d.pflog(c)
	case linkNFLog:
		return d.nflog(c)
	case linkNetAnalyzer, linkBRCMPrepend:
		return d.prepended(c)
	case linkBRCM, linkDSA:
		return d.switchTagged(c, 4)
	case linkEDSA:
		return d.switchTagged(c, 8)
	}
	return UnknownLink
}

// LinkName is the name of a link type without "LINKTYPE_", such as "ETHERNET" or
// "LINUX_SLL2"; a number for one that Decode does not know.
func LinkName(link uint32) string {
	switch link {
	case linkNull:
		return "NULL"
	case linkEthernet:
		return "ETHERNET"
	case linkPPP:
		return "PPP"
	case linkFDDI:
		return "FDDI"
	case linkPPPSerial:
		return "PPP_HDLC"
	case linkPPPEther:
		return "PPP_ETHER"
	case linkATM1483:
		return "ATM_RFC1483"
	case linkRaw, linkRawBSD, linkRawOpenBSD:
		return "RAW"
	case linkCHDLC:
		return "C_HDLC"
	case linkWifi:
		return "IEEE802_11"
	case linkLoop:
		return "LOOP"
	case linkEnc:
		return "ENC"
	case linkSLL:
		return "LINUX_SLL"
	case linkPflog:
		return "PFLOG"
	case linkPrism:
		return "IEEE802_11_PRISM"
	case linkRadiotap:
		return "IEEE802_11_RADIOTAP"
	case linkUser2:
		return "USER2"
	case linkAVS:
		return "IEEE802_11_AVS"
	case linkPPPD:
		return "PPP_PPPD"
	case linkPPI:
		return "PPI"
	case linkPPPWithDir:
		return "PPP_WITH_DIR"
	case linkMPLS:
		return "MPLS"
	case linkIPv4:
		return "IPV4"
	case linkIPv6:
		return "IPV6"
	case linkNFLog:
		return "NFLOG"
	case linkNetAnalyzer:
		return "NETANALYZER"
	case linkPKTAP:
		return "PKTAP"
	case linkSLL2:
		return "LINUX_SLL2"
	case linkBRCM:
		return "DSA_TAG_BRCM"
	case linkBRCMPrepend:
		return "DSA_TAG_BRCM_PREPEND"
	case linkDSA:
		return "DSA_TAG_DSA"
	case linkEDSA:
		return "DSA_TAG_EDSA"
	}
	return strconv.FormatUint(uint64(link), 10)
}
