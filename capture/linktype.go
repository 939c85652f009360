package capture

import "strconv"

// LinkTypeName is the name of a link type in the list of tcpdump.org, without its
// LINKTYPE_ prefix ("ETHERNET", "LINUX_SLL2"), or its number.
func LinkTypeName(t uint32) string {
	switch t {
	case 0:
		return "NULL"
	case 1:
		return "ETHERNET"
	case 6:
		return "IEEE802_5"
	case 8:
		return "SLIP"
	case 9:
		return "PPP"
	case 10:
		return "FDDI"
	case 12, 14, 101:
		return "RAW"
	case 50:
		return "PPP_HDLC"
	case 51:
		return "PPP_ETHER"
	case 104:
		return "C_HDLC"
	case 105:
		return "IEEE802_11"
	case 107:
		return "FRELAY"
	case 108:
		return "LOOP"
	case 109:
		return "ENC"
	case 113:
		return "LINUX_SLL"
	case 117:
		return "PFLOG"
	case 119:
		return "IEEE802_11_PRISM"
	case 127:
		return "IEEE802_11_RADIOTAP"
	case 147:
		return "USER0"
	case 192:
		return "PPI"
	case 228:
		return "IPV4"
	case 229:
		return "IPV6"
	case 239:
		return "NFLOG"
	case 249:
		return "USBPCAP"
	case 252:
		return "WIRESHARK_UPPER_PDU"
	case 253:
		return "NETLINK"
	case 276:
		return "LINUX_SLL2"
	}
	return strconv.FormatUint(uint64(t), 10)
}
