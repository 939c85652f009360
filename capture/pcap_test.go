package capture

import (
	"encoding/binary"
	"strings"
	"testing"
)

func TestPcapVariants(t *testing.T) {
	plain := traffic(40)
	nano := traffic(40)
	onInterface := traffic(40)
	snapped := traffic(40)
	longer := traffic(40)
	empty := traffic(40)
	for i := range plain {
		nano[i].time += int64(i)
		onInterface[i].iface = uint32(i % 3)
		snapped[i].data = snapped[i].data[:8]
		if i%10 == 3 {
			longer[i].length = 5
			empty[i].data = ""
		}
	}
	careless := traffic(40) // neither fractions of a second nor lengths on the wire are right
	for i := range careless {
		careless[i].length = 0
	}
	sll2 := traffic(40)
	big := traffic(3)
	big[1].data = strings.Repeat("0123456789abcdef", 3<<10)
	big[1].length = uint32(len(big[1].data))
	late := traffic(3)
	late[0].time, late[1].time = 0xffffffff*int64(1e9)+999_999_000, int64(1e9) // unsigned seconds
	for i := range sll2 {
		sll2[i].link = 276
	}
	tests := []struct {
		name string
		file pcapFile
		want []copied
	}{
		{"microseconds", pcapFile{network: 1, snapLen: 65535}, plain},
		{"nanoseconds", pcapFile{network: 1, snapLen: 65535, magic: magicNano}, nano},
		{"modified", pcapFile{network: 1, snapLen: 65535, magic: magicModified}, onInterface},
		{"ixia hardware", pcapFile{network: 1, snapLen: 65535, magic: magicIxiaHW}, nano},
		{"ixia software", pcapFile{network: 1, snapLen: 65535, magic: magicIxiaSW}, plain},
		{"version 2.2", pcapFile{network: 1, snapLen: 65535, major: 2, minor: 2, swap: true}, snapped},
		{"version 2.3 as it should be", pcapFile{network: 1, snapLen: 65535, major: 2, minor: 3}, snapped},
		{"version 2.3 swapped", pcapFile{network: 1, snapLen: 65535, major: 2, minor: 3, swap: true}, snapped},
		{"version 543.0", pcapFile{network: 1, snapLen: 65535, major: 543, swap: true}, snapped},
		{"no snapshot length", pcapFile{network: 1}, plain},
		{"snapshot length below the packets", pcapFile{network: 1, snapLen: 8}, plain},
		{"cut packets", pcapFile{network: 1, snapLen: 8}, snapped},
		{"longer than on the wire", pcapFile{network: 1, snapLen: 65535}, longer},
		{"careless writer", pcapFile{network: 1, snapLen: 65535, carry: true}, careless},
		{"without data", pcapFile{network: 1, snapLen: 65535}, empty},
		{"frame check sequence", pcapFile{network: 0x44000001, snapLen: 65535}, plain},
		{"link type above 255", pcapFile{network: 276, snapLen: 65535}, sll2},
		{"longer than the window", pcapFile{network: 1, snapLen: 65535}, big},
		{"times at the limits", pcapFile{network: 1, snapLen: 65535}, late},
		{"no packets", pcapFile{network: 1, snapLen: 65535}, nil},
	}
	for _, tt := range tests {
		for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				f := tt.file
				f.order = order
				compare(t, mustRead(t, f.bytes(tt.want)), tt.want)
			})
		}
	}
}

func TestPcapConcatenated(t *testing.T) {
	first, second, third := traffic(5), traffic(7), traffic(3)
	for i := range second {
		second[i].link = 101
		second[i].time++
	}
	b := pcapFile{network: 1}.bytes(first)
	b = append(b, pcapFile{network: 101, magic: magicNano, order: binary.BigEndian}.bytes(second)...)
	b = append(b, newBlocks().section().describe(1, 0).packets(third).b...)
	b = append(b, pcapFile{network: 1, magic: magicModified}.bytes(first)...)
	want := append(append(append(append([]copied{}, first...), second...), third...), first...)
	compare(t, mustRead(t, b), want)
}

func TestPcapUnknownVersion(t *testing.T) {
	_, errs := readBytes(t, pcapFile{major: 3}.bytes(traffic(2)))
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), `test: pcap file of an unknown version (starts with "\xd4`) {
		t.Errorf("%v", errs)
	}
}
