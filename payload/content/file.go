package content

import "github.com/wsdissect/wsdissect/dissect"

// kinds are files and streams by what they begin with.
var kinds = [...]struct {
	at          int
	magic, name string
	what        string
}{
	{0, "\x28\xB5\x2F\xFD", "zstd", "Zstandard data"},
	{0, "\x04\x22\x4D\x18", "lz4", "LZ4 data"},
	{0, "PK\x03\x04", "zip", "ZIP archive"},
	{0, "%PDF-", "pdf", "PDF document"},
	{0, "OggS", "ogg", "Ogg stream"},
	{0, "RIFF", "riff", "RIFF file"},
	{4, "ftyp", "mp4", "MP4 file"},
	{4, "moof", "mp4", "MP4 fragment"},
	{4, "styp", "mp4", "MP4 segment"},
	{0, "\x1A\x45\xDF\xA3", "matroska", "WebM or Matroska stream"},
	{0, "FLV\x01", "flv", "FLV stream"},
	{0, "ID3", "mp3", "MP3 file"},
	{0, "fLaC", "flac", "FLAC file"},
	{0, "\x00asm", "wasm", "WebAssembly module"},
	{0, "SQLite format 3\x00", "sqlite", "SQLite database"},
	{0, "BZh", "bzip2", "bzip2 data"},
	{0, "\xFD7zXZ\x00", "xz", "xz data"},
	{0, "glTF", "gltf", "glTF model"},
	{0, "wOF2", "woff2", "WOFF2 font"},
	{0, "\x7FELF", "elf", "ELF program"},
	{0, "ARROW1\x00\x00", "arrow", "Arrow file"},
	{0, "PAR1", "parquet", "Parquet file"},
}

// begins has the first byte of each magic number of a file or an image, wherever it stands,
// and of the streams below.
var begins = func() (set [256]bool) {
	for _, k := range kinds {
		set[k.magic[0]] = true
	}
	for _, p := range pictures {
		set[p.magic[0]] = true
	}
	set[tsSync], set[h264Start[0]] = true, true
	return set
}()

// mayBeKnown reports whether one of these bytes is in its place: most messages have none.
func mayBeKnown(b []byte) bool {
	for at := 0; at < len(b) && at <= 8; at += 4 {
		if begins[b[at]] {
			return true
		}
	}
	return false
}

// file tells what is known by its first bytes.
func file(b []byte) *dissect.Decoded {
	for _, k := range kinds {
		if len(b) < k.at+len(k.magic) || string(b[k.at:k.at+len(k.magic)]) != k.magic {
			continue
		}
		if k.name == "riff" && len(b) >= 12 {
			switch string(b[8:12]) {
			case "WAVE":
				return named("wav", "WAVE audio")
			case "AVI ":
				return named("avi", "AVI video")
			}
		}
		return named(k.name, k.what)
	}
	switch {
	case isTransportStream(b):
		return named("mpeg-ts", "MPEG transport stream")
	case isH264(b):
		return named("h264", "H.264 video")
	}
	return nil
}

const (
	tsSync    = 0x47               // begins a packet of an MPEG transport stream
	h264Start = "\x00\x00\x00\x01" // stands before a unit of H.264
)

// isTransportStream asks for two packets at least: one begins with a byte that is common.
func isTransportStream(b []byte) bool {
	const packet = 188 // bytes
	if len(b) < 2*packet {
		return false
	}
	for at := 0; at < len(b); at += packet {
		if b[at] != tsSync {
			return false
		}
	}
	return true
}

// isH264 is a sequence parameter set behind a start code (ITU-T H.264 7.3.2.1, Annex B),
// with a profile that is in use. Other units look too much like any number.
func isH264(b []byte) bool {
	if len(b) < 8 || string(b[:4]) != h264Start || b[4] != 0x67 && b[4] != 0x27 {
		return false
	}
	switch b[5] {
	case 66, 77, 88, 100, 110, 122, 244:
		return true
	}
	return false
}
