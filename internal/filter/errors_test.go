package filter

import (
	"errors"
	"strings"
	"testing"
)

func TestSyntaxErrors(t *testing.T) {
	tests := []struct{ expr, want string }{
		{"tcp port foo", "tcp port foo\n         ^^^ not supported: this name of a port; write the number"},
		{"tcp porrt 80", "tcp porrt 80\n    ^^^^^ syntax error"},
		{"host example.com", "host example.com\n     ^^^^^^^^^^^ not supported: names of hosts are not looked up; write the address"},
		{"net 10.1.2.3/24", "net 10.1.2.3/24\n    ^^^^^^^^ bits of the host are set"},
		{"port 65536 or ip", "port 65536 or ip\n     ^^^^^ a port is a number up to 65535"},
		{"tcp and", "tcp and\n       ^ syntax error: a condition is missing"},
		{"(tcp or udp", "(tcp or udp\n           ^ \")\" is missing"},
		{"tcp)", "tcp)\n   ^ syntax error"},
		{"10.1.2.3", "10.1.2.3\n^^^^^^^^ a value without host, net, port or the like before it"},
		{"ip[0:3] = 1", "ip[0:3] = 1\n     ^ a field has 1, 2 or 4 bytes"},
		{"ip[0] 5", "ip[0] 5\n      ^ a relation such as = is missing"},
		{"tcp host 10.1.2.3", "tcp host 10.1.2.3\n         ^^^^^^^^ tcp has no IPv4 addresses"},
		{"ip and é", "ip and é\n       ^ a character that no expression has"},
		{"ip\nand tcp tcp", "ip and tcp tcp\n           ^^^ syntax error"},
		{"port 80 and not gateway 10.1.2.3", "port 80 and not gateway 10.1.2.3\n                        ^^^^^^^^ not supported: gateway, which takes names of hosts; it is: ether host <MAC> and not host <IP>"},
		{"ip and arp", "ip and arp\n^^^^^^^^^^ expression rejects all packets"},
		{"len > 5-3", "len > 5-3\n      ^^^ a number is missing"},
		{"len / 0 = 1", "len / 0 = 1\n      ^ division by zero, or what tcpdump takes for one,"},
		{"vlan 4096", "vlan 4096\n^^^^ a VLAN has a number up to 4095"},
		{"port tcp", `port tcp` + "\n     ^^^ a keyword for a value, which a \\ before it would make a name"},
	}
	for _, test := range tests {
		e, err := Parse(test.expr)
		if err == nil {
			_, err = e.Compile(linkEthernet, 0)
		}
		var s *SyntaxError
		if !errors.As(err, &s) {
			t.Errorf("%q: %v is no SyntaxError", test.expr, err)
			continue
		}
		if got := s.Caret() + " " + s.Msg; got != test.want {
			t.Errorf("%q:\ngot\n%s\nwant\n%s", test.expr, got, test.want)
		}
		if strings.Contains(s.Error(), "\n") || !strings.Contains(s.Error(), s.Msg) {
			t.Errorf("%q: %q", test.expr, s.Error())
		}
		if s.Text[s.Offset:s.Offset+len(s.Word)] != s.Word {
			t.Errorf("%q: no %q at %d", test.expr, s.Word, s.Offset)
		}
	}
}

func TestErrorKinds(t *testing.T) {
	tests := []struct {
		expr string
		want error
	}{
		{"llc", ErrUnsupported},
		{"wlan type mgt", ErrUnsupported},
		{"ip6 protochain 6", ErrUnsupported},
		{"geneve", ErrUnsupported},
		{"host example.com", ErrUnsupported},
		{"ip and ip6", ErrRejectsAll},
		{"tcp port 80 and not tcp", ErrRejectsAll},
		{"tcp tcp", nil},
		{"ether host 10.1.2.3", nil},
	}
	for _, test := range tests {
		e, err := Parse(test.expr)
		if err == nil {
			_, err = e.Compile(linkEthernet, 0)
		}
		if err == nil {
			t.Errorf("%q is no error", test.expr)
		}
		if got := errors.Unwrap(err); got != test.want {
			t.Errorf("%q wraps %v, want %v", test.expr, got, test.want)
		}
	}
}

// Parentheses, "not" and arithmetic are bounded, long chains are not.
func TestDepth(t *testing.T) {
	for _, open := range []string{"(", "not ", "! (", "len - (", "ip[", "-", "port (", "port not "} {
		if _, err := Parse(strings.Repeat(open, 100000) + "ip"); err == nil {
			t.Errorf("%q again and again is no error", open)
		}
	}
	for _, chain := range []string{" or port 80", " or 80", " and not ip"} {
		e, err := Parse("port 80" + strings.Repeat(chain, 3000))
		if err == nil {
			_, err = e.Compile(linkEthernet, 0)
		}
		if err != nil && !errors.Is(err, ErrRejectsAll) {
			t.Errorf("%q again and again: %v", chain, err)
		}
	}
	sum := "len > 1" + strings.Repeat(" + 1", 20000)
	if _, err := Parse(sum); err != nil {
		t.Errorf("a long sum: %v", err)
	}
}
