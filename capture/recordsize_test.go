package capture

import (
	"encoding/binary"
	"testing"
)

// TestRecordSizes has record headers that are longer than their file's header tells.
func TestRecordSizes(t *testing.T) {
	packets := traffic(9)
	tests := []struct {
		name string
		file pcapFile
	}{
		{"nokia", pcapFile{network: 1, extra: 4}},
		{"red hat 6.1", pcapFile{network: 1, extra: 8}},
		{"suse 6.3", pcapFile{network: 1, magic: magicModified, extra: 4}},
	}
	for _, tt := range tests {
		for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
			for _, n := range []int{2, 3, 9} {
				t.Run(tt.name+"/"+name, func(t *testing.T) {
					tt.file.order = order
					at := write(t, map[string][]byte{
						"dump":    tt.file.bytes(packets[:n]),
						"dump.gz": compressed(t, gzipped, tt.file.bytes(packets[:n])),
					})
					for _, path := range at("dump", "dump.gz") {
						got, errs := readAll(t, Open(path))
						if compare(t, got, packets[:n]); errs != nil {
							t.Error(errs)
						}
					}
				})
			}
		}
	}
}

// TestRecordSizeOfCutFile ends in a record header: what comes before is no record with a
// longer header.
func TestRecordSizeOfCutFile(t *testing.T) {
	packets := traffic(2)
	for _, magic := range []uint32{magicMicro, magicModified} {
		file := placePcap(pcapFile{network: 1, magic: magic}, packets)
		for n := file.at[1]; n < file.at[2]; n++ {
			got, errs := readAll(t, Open(write(t, map[string][]byte{"dump": file.b[:n]})("dump")...))
			compare(t, got, packets[:1])
			if cut := n > file.at[1]; (len(errs) == 1) != cut {
				t.Errorf("%d bytes: %v", n-file.at[1], errs)
			}
		}
	}
}
