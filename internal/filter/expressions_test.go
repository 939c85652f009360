package filter

import (
	"fmt"
	"strings"
)

// written are expressions of every primitive and habit of the language, one on each line.
const written = `
ip
ip6
arp
rarp
tcp
udp
sctp
icmp
icmp6
igmp
igrp
pim
vrrp
carp
ah
esp
atalk
aarp
decnet
lat
sca
moprc
mopdl
iso
stp
ipx
netbeui
not ip
! ip6
not not arp
not (tcp or udp)
tcp or udp and ip6
ip and not tcp and not udp
ip or ip6 or arp
ip or not ip
ip and ip6
broadcast
multicast
ether broadcast
ether multicast
ip broadcast
ip multicast
ip6 multicast
ip6 broadcast
inbound
outbound
ifindex 2
less 60
greater 60
less 0
greater 100000
len > 100
length = 60
len <= 54 and tcp
ip proto 6
ip proto \tcp
ip proto \icmp
ip proto gre
ip proto ospf
ip proto 300
ip6 proto 6
ip6 proto \udp
ip6 proto 44
ip6 proto ipv6-icmp
proto 17
proto \sctp
proto \ip
proto gre and not ip6
ether proto 0x800
ether proto \arp
ether proto \ip6
ether proto \loopback
ether proto \stp
ether proto \ipx
ether proto \atalk
ether proto \aarp
ether proto 5
ether proto 6
ether proto 0xfe
ether proto 0xf0
ether proto 0xe0
ether proto 0x1234
ether proto 65536
arp proto 5
tcp proto 5
ether proto \tcp
ip proto \nonsense
ether host 02:00:00:00:00:01
ether src 2:0:0:0:0:1
ether dst 0200.0000.0002
ether host aa-bb-cc-dd-ee-ff
ether host aabbccddeeff
ether src and dst 02.00.00.00.00.01
ether dst ff:ff:ff:ff:ff:ff
wlan host 02:00:00:00:00:01
ether host 10.1.2.3
ip host 02:00:00:00:00:01
host 02:00:00:00:00:01
ether host 1:2:3:4:5
host 8.8.8.8
src host 8.8.8.8
dst host 8.8.8.8
src or dst host 8.8.8.8
dst or src 8.8.8.8
src and dst host 172.16.5.9
ip host 10.1.2.3
arp host 10.1.2.3
rarp src host 10.1.2.3
host 10.1
host 5
host 0
host 0x0a010203
host 10.1.2.300
host 10.1.2.0/24
tcp host 10.1.2.3
src 10.1.2.3 and dst 192.168.1.20
10.1.2.3
host 10.1.2.3 or 8.8.8.8
host 10.1.2.3 and 192.168.1.20
host 10.1.2.3 and not 8.8.8.8
host 10.1.2.3 and (8.8.8.8 or 192.168.1.20)
host (8.8.8.8 or 172.16.5.9)
host not 10.1.2.3
host 2001:db8::1
src host fe80::a:2
ip6 host ff02::fb
ip6 dst ff02::1:ff00:1
host ::1
host ::
host ::ffff:10.1.2.3
host 1:2:3:4:5:6:7:8
ip host fe80::1
ip6 host 10.1.2.3
arp host fe80::1
host 1::2::3
host fe80::a:2 or 10.1.2.3
net 10
net 10.1
net 10.1.2
net 10.1.2.3
net 192.168.0.0/16
net 192.168/16
net 10/8
net 0
net 5
net 2560
net 10.0.0.0/7
net 10.1.2.3/24
net 10.0.0.0/33
net 10.1.2.3/32
net 0.0.0.0/0
src net 10
dst net 192.168
src and dst net 172.16
net 172.16.0.0 mask 255.240.0.0
net 172.16 mask 255.255
net 10.1.2.3 mask 255.0.0.0
net 10 mask 255.0.0.0
ip net 10
arp net 10
ip6 net 10
tcp net 10
net fe80::/10
net 2001:db8::/32
ip6 src net 2001:db8::/48
net ::/0
net ::1/128
net ::1/64
net ::/129
host 2001:db8::/32
src net 10 and not dst net 192.168
port 80
port http
port domain
port 53 or 443
src port 80
dst port 80
src or dst port 443
src and dst port 80
tcp port 80
tcp src port 80
tcp dst port 80
udp port 53
udp dst port 67
sctp port 80
sctp src port 80
sctp dst port 2905
tcp port http
udp port http
tcp port domain
udp port domain
sctp port domain
udp port ssh
ip port 80
ip6 port 80
arp port 80
ether port 80
icmp port 80
port 0
port 65535
port 65536
port 0x50
port 0120
port 080
port foo
port 80abc
port 10.1
tcp port 80 or 443
tcp port (80 or 443 or 8080)
tcp port not 80
tcp port 80 and not 443
port 80 and (443 or 53) or 22
tcp port 80 or udp port 53
not port 80
not tcp port 80
not (tcp port 80 or udp port 53)
port 80 or 90 and udp
portrange 53-80
portrange 80-53
portrange 80
tcp portrange 1-1023
udp portrange 5000-6000
sctp portrange 80-90
src portrange 40000-65535
dst portrange 0-79
portrange http-https
portrange domain-http
udp portrange ftp-http
portrange http
portrange 0-65535
portrange 0-65536
portrange 0x10-0x20
portrange 022-080
portrange 80-
tcp and port 80 and host 10.1.2.3
vlan
vlan 5
vlan 6
vlan 0
vlan 4095
vlan 4096
vlan (5)
not vlan
vlan and ip
vlan 5 and tcp port 80
vlan and not tcp
vlan 5 or vlan 6
vlan 5 and host 10.1.2.3
vlan and vlan
vlan 100 and vlan 5
vlan 100 and vlan 5 and ip6
vlan and vlan and vlan and tcp
ip and vlan
port 80 or vlan and port 80
(vlan 5 or vlan 100) and tcp
vlan and arp host 10.1.2.3
vlan and ether host 02:00:00:00:00:01
vlan and ether[12:2] = 0x8100
vlan and tcp[13] & 2 != 0
vlan and broadcast
mpls
mpls 1024
mpls 100000
mpls 1048576
mpls and ip
mpls and ip6
mpls 1024 and tcp port 80
mpls and arp
mpls and host 10.1.2.3
mpls 100000 and mpls 1024
mpls 100000 and mpls 1024 and ip6 host 2001:db8::1
mpls and vlan
mpls and mpls and mpls
vlan and mpls 7 and ip
vlan 5 and mpls and tcp[13] & 2 != 0
pppoed
pppoes
pppoes 0x27
pppoes 65536
pppoes and ip
pppoes 0x27 and ip6
pppoes and tcp port 80
pppoes and host 10.1.2.3
pppoes and ether host 02:00:00:00:00:01
pppoes and link[0] = 0
pppoes and mpls and ip
vlan and pppoes 1 and udp
pppoes and vlan
ether[0] & 1 != 0
ether[12:2] = 0x800
ether[12:2] > 1500
link[0] = 255
ip[0] & 0xf != 5
ip[0] = 0x45
ip[6:2] & 0x1fff = 0
ip[6:2] & 0x1fff != 0
ip[8] < 65
ip[9] = 6 or ip[9] = 17
ip[2:2] > 576
ip[2:2] > len - 20
ip[16:4] = 0xffffffff
ip6[6] = 6
ip6[40] = 6
ip6[4:2] < 100
arp[6:2] = 1
arp[6:2] = 2 and arp[14:4] = 0xc0a80114
rarp[7] = 3
tcp[13] & 2 != 0
tcp[tcpflags] & (tcp-syn|tcp-fin) != 0
tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn
tcp[tcpflags] == tcp-syn|tcp-ack
tcp[tcpflags] & (tcp-rst|tcp-push|tcp-urg|tcp-ece|tcp-cwr) != 0
tcp[0:2] = 80 or tcp[2:2] = 80
tcp[12] >> 4 > 5
tcp[(tcp[12] & 0xf0) >> 2] = 3
udp[4:2] > 20
udp[0:2] = udp[2:2]
sctp[12] = 1
icmp[icmptype] = icmp-echo
icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply
icmp[0] = icmp-unreach and icmp[icmpcode] = 3
icmp6[icmp6type] = icmp6-echo
icmp6[0] = icmp6-neighborsolicit
igmp[0] = 0x11
vrrp[0] = 3
igrp[1] = 10
pim[0] = 3
atalk[0] = 3
ah[0] = 1
radio[0] = 1
stp[0] = 0
ip[ip[0] & 0xf] = 0
ip[0:3] = 1
ip[-1] = 0
ip[1000] = 0
ether[len - 1] = 0
tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)
(ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2) != 0
len % 7 = 3
len % 3 + 1 = 2
len * 2 > 200
len / 2 < 30
len / 0 = 1
len % 0 = 1
len ^ 1 = 55
len << 1 = 108
len << 32 = 0
len >> 5 = 1
len - 60 > 0
- len > 5
len = -5
len / ip[9] = 10
len % ip[1] = 4
10 / ip[0] = 1
5 + 5 = 10
5 = 6
5 > 3 and tcp
len > 5-3
len > 5 - 3
(len) > 60
(len + 14) > (60 + 14)
((ip[0])) = (0x45)
5
len
(5)
0xfffffffff = len
089 = len
tcp &&  udp || ip
tcp and (udp or (arp or ip6
tcp)
()
and tcp
tcp or
not
tcp tcp
tcp 80
tcp or 80
ether[0] = 0 and 5
port
host
host tcp
host \tcp
net \ip
proto tcp
port 80 90
port 80, 90
src src host 10.1.2.3
src or host 10.1.2.3
gateway 10.1.2.3
ip # tcp
TCP
Port 80
type mgt
llc
geneve
byte 5 = 6
ifname eth0
l1
host example.com
decnet host 1.2
ip6 protochain 6
`

// crossed are expressions put together of parts that have no say in each other.
func crossed() []string {
	var all []string
	for _, proto := range []string{"", "ip ", "ip6 ", "arp ", "tcp ", "udp ", "sctp "} {
		for _, dir := range []string{"", "src ", "dst ", "src or dst ", "src and dst "} {
			for _, v := range []string{"host " + hostA, "host " + hostD, "net 10.1", "net 2001:db8::/32", "port 80", "portrange 80-443"} {
				all = append(all, proto+dir+v)
			}
		}
	}
	conds := []string{"tcp", "port 80", "host " + hostA, "ip6", "len > 100", "vlan", "tcp[13] = 2"}
	for i, a := range conds {
		for _, b := range conds[i+1:] {
			for _, f := range []string{"%s and %s", "%s or not %s", "not (%s and %s)", "not (%s or %s)"} {
				all = append(all, fmt.Sprintf(f, a, b))
			}
		}
	}
	return all
}

func expressions() []string {
	all := strings.Split(strings.TrimSpace(written), "\n")
	return append(all, crossed()...)
}
