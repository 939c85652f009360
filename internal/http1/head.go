package http1

// Field is a header line, as it stands on the wire but for the blanks around the value
// and for line folding. A line without a colon is a Value with no Name.
type Field struct {
	Name, Value string
}

// Head is the head of an HTTP/1 message (RFC 9112 2.1): what was sent, valid or not.
type Head struct {
	Request bool
	Line    string // start line without its line end
	Method  string // of a request
	Target  string // of a request, as sent
	Version string // "HTTP/1.1"
	Status  int    // of a response, 0 when it is no number
	Phrase  string // of a response
	Fields  []Field
	Size    int  // bytes on the wire, from the start line through the blank line
	Cut     bool // the rest was not captured: Fields are those that are whole
	Defects []Defect

	blankNames bool // the Name of a field has blanks behind it
}

// Defect is a way in which a head is no valid HTTP message (RFC 9112 2.2, 3, 4, 5).
type Defect struct {
	Kind DefectKind
	Text string // quotes what was seen
}

// DefectKind names a Defect.
type DefectKind uint8

const (
	NoVersion        DefectKind = iota // the start line has no HTTP version
	BadStartLine                       // the start line has not its three valid parts, one SP between them
	NoColon                            // a header line without a colon
	BlankBeforeColon                   // white space between the field name and the colon
	BadFieldName                       // a character that is not of a token, or no name at all
	NULInValue                         // NUL, CR or another control character in a value
	Folded                             // obsolete line folding (RFC 9112 5.2)
)
